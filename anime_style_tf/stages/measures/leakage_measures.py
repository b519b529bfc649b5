"""Whether the content code tells the artist, which it should leave to the style code."""

from anime_style_tf.evaluation.probes import PROBES, probe
from anime_style_tf.evaluation.uncertainty.measurements import measured, measurement

_READ_BY = {
    "linear": "linear discriminant analysis",
    "nearest_neighbors": "the votes of the 5 nearest training works",
}


def measure_leakage(run):
    """Names the artist from the content code, beside what shuffled artists would give.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dict `artist_from_content_code` -> probe of `PROBES` -> `share`, `null`.
    """
    sets = [
        (run.trained.encode(works.images)[1], works.labels)
        for works in (run.gallery_works, run.works)
    ]
    return {
        "artist_from_content_code": {name: measured(_probe, name, sets, run) for name in PROBES}
    }


def _probe(name, sets, run):
    probed = probe(name, *sets, seed=run.seed)
    about = run.basis | {"count": len(probed.hits)}
    what = (
        f"share of works whose artist {_READ_BY[name]} finds from the standardized content code "
        f"of {len(sets[0][1])} training works; VAE and content encoder were trained on all"
    )
    return {
        "share": measurement(
            probed.share,
            interval=probed.interval(sets[1][1]),
            definition=f"{what}; 95 % Wilson interval, works clustered by artist",
            **about,
        ),
        "null": measurement(
            probed.null,
            definition=f"95th percentile over {len(probed.shuffled)} shuffles of the training "
            f"works' artists of the {what}",
            **about,
        ),
    }
