"""Re-attribution of generated images, by judges that the generator never saw and by the one it did.

The generator is trained until the style encoder reads the style asked for, so that encoder's own
verdict says only that training worked. Whether the images *are* in an artist's style is for judges
who had no part in it, each measured on works of the artists too: none can say more of generated
images than it can of those.
"""

import numpy as np

from anime_style_tf.evaluation.floors import gradients_and_patterns
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.reattribution import Reattribution, nearest_labels
from anime_style_tf.evaluation.uncertainty.measurements import measurement, rounded
from anime_style_tf.workdir import networks

JUDGES = {
    "by_classifier": "the run's reference classifier, by its logits on the whole code (the "
    "generator never saw it)",
    "by_hand_made_features": "the nearest of {gallery} training works in the features "
    "gradients_and_patterns, HOG and LBP (the generator never saw them)",
    "by_style_encoder_trained_through": "the nearest mean style of an artist, by the style encoder "
    "that the generator was trained through and that so grades its own pupil",
}
_SPLITS = {
    "share": "generated: mean style of an artist, content of N(0, I)",
    "share_as_drawn": "generated: mean style of an artist, content drawn as those of training "
    "works lie, as `generate` and the figures draw it",
    "share_with_works_content": "generated: mean style of an artist, content of a test work, on "
    "which VAE and GAN were trained",
}
_AT_ONCE = 500  # images whose features are in memory


def measure_reattribution(run, *, images_per_artist=40):
    """Whether images generated in an artist's style are taken for that artist's.

    Args:
        run: `MeasuredRun`.
        images_per_artist: how many are generated for each; raising it narrows the interval.

    Returns:
        Dictionary judge of `JUDGES` -> measurements; and `chance`, and the names `artists`.
    """
    trained, works = run.trained, run.works
    means = trained.artists["mean_styles"]
    asked = np.repeat(np.arange(len(means)), images_per_artist)
    generator = np.random.default_rng((run.seed, 2))
    content = generator.standard_normal((len(asked), trained.content_encoder.code_size))
    free = generator.standard_normal((len(asked), trained.free_size))
    _, of_works = trained.encode(works.images)
    of_works = of_works[generator.integers(len(of_works), size=len(asked))]
    drawn = trained.content_density.sample(np.random.default_rng((run.seed, 6)), len(asked))
    judges = _judges(run)
    result = {name: {} for name in JUDGES}
    if run.absent:
        result["by_classifier"] |= run.absent["classifier"]
    for share, contents in zip(_SPLITS, (content, drawn, of_works), strict=True):
        images = trained.generate(means[asked], contents, free)
        for name, (judge, goes_by) in judges.items():
            verdicts = Reattribution(asked, judge(images), len(means))
            result[name] |= _verdict(share, verdicts, goes_by, _SPLITS[share])
    for name, (judge, goes_by) in judges.items():
        verdicts = Reattribution(works.labels, judge(works.images), len(means))
        result[name]["test_works"] = _share(
            verdicts, "share of test works that this judge takes for their own artist's: "
            f"{goes_by}; it can say no more of generated images", run.basis["split"],
        )  # fmt: skip
    chance = measurement(1 / len(means), definition="one in the number of artists")
    return result | {"chance": chance, "artists": trained.records.artists}


def summarize_reattribution(reattribution):
    """Returns the line of what each judge says of generated images and of works."""
    judged = "; ".join(
        f"{_spoken(name)} {rounded(reattribution[name].get('share', {}))} "
        f"(test works {rounded(reattribution[name].get('test_works', {}))})"
        for name in JUDGES
    )
    return [
        f"generated images taken for the artist asked for: {judged}; chance "
        f"{rounded(reattribution['chance'])}"
    ]


def _spoken(name):
    return name.replace("hand_made", "hand-made").replace("_", " ")


def _judges(run):
    """Judge -> function from images, sRGB uint8 or in [0, 1], to artists; and what it goes by."""
    trained, gallery = run.trained, run.gallery_works
    features = gradients_and_patterns(gallery.images)

    def by_hand_made_features(images):
        parts = (images[i : i + _AT_ONCE] for i in range(0, len(images), _AT_ONCE))
        return np.concatenate(
            [
                nearest_labels(gradients_and_patterns(_as_uint8(part)), features, gallery.labels)
                for part in parts
            ]
        )

    def by_style_encoder(images):
        codes, _ = trained.encode(images)
        return nearest_styles(codes, trained.artists["mean_styles"], [codes.shape[1]])[:, 0]

    judges = {
        "by_hand_made_features": by_hand_made_features,
        "by_style_encoder_trained_through": by_style_encoder,
    }
    if not run.absent:
        judges["by_classifier"] = _classifier(trained)
    return {
        name: (judges[name], text.format(gallery=len(gallery.labels)))
        for name, text in JUDGES.items()
        if name in judges
    }


def _classifier(trained):
    encoder = trained.network("style", "classifier_encoder")
    kernel, bias = (trained.artists[f"classifier_{part}"] for part in ("kernel", "bias"))
    return lambda images: np.argmax(networks.over_images(encoder, images) @ kernel + bias, axis=1)


def _as_uint8(images):
    return images if images.dtype == np.uint8 else np.round(255 * images).astype(np.uint8)


def _verdict(name, verdicts, goes_by, split):
    confusion = name.replace("share", "confusion")
    return {
        name: _share(
            verdicts,
            f"share of generated images taken for those of the artist asked for: {goes_by}",
            split,
        ),
        confusion: measurement(
            verdicts.confusion,
            definition="rows: artist asked for; columns: artist found, in the records' order",
            count=len(verdicts.asked), split=split,
        ),
    }  # fmt: skip


def _share(verdicts, definition, split):
    return measurement(
        verdicts.share, interval=verdicts.interval(),
        definition=f"{definition}; 95 % Wilson interval over images, for "
        "other images in the style of these artists",
        count=len(verdicts.asked), split=split,
    )  # fmt: skip
