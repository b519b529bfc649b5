"""The dictionary of style dimensions, as a figure and as numbers."""

import dataclasses

import numpy as np

from anime_style_tf import exploration
from anime_style_tf.evaluation import dimensions
from anime_style_tf.evaluation.dimension_variances import variances_with_intervals
from anime_style_tf.evaluation.edits import are_trusted
from anime_style_tf.evaluation.image_properties import PROPERTIES, measure_properties
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.figures.dimension_dictionary import Correlate, Entry, dimension_dictionary

_MOST_CORRELATES = 3
_INTERVAL = (
    "; 95 % interval, artists drawn with replacement: too narrow for few artists, with 8 it holds "
    "the truth in 87 to 93 %"
)
_JACKKNIFE = "; 95 % jackknife interval over artists, Student's t: for other artists and works"
_DEFINITIONS = {
    "between_share": "the dimension's share of the between-artist variance of the kept style "
    "code, before it is standardized, unbiased for the number of works" + _JACKKNIFE,
    "total_share": "the same of the between- and the within-artist variance" + _JACKKNIFE,
    "f_ratio": "variance of the dimension between the artists' means over that within artists, "
    "each by its degrees of freedom; 1 says that artists do not differ" + _JACKKNIFE,
    "eta_squared": "share of the dimension's squared deviations that lies between artists"
    + _JACKKNIFE,
    "correlation": "Spearman's correlation with each of `properties`, over all works" + _INTERVAL,
    "correlation_within_artists": "mean over artists of Spearman's correlation in the artist's "
    "own works, each weighing its works less one" + _INTERVAL,
    "adjusted_p": "two-sided p of no correlation within any artist, adjusted by Holm over all "
    "properties of all dimensions",
    "determination": "R^2 of a ridge regression on all properties, of works by artists that it "
    "was not fitted on" + _INTERVAL,
    "determination_within_artists": "the same of the deviations from each artist's mean"
    + _INTERVAL,
}


def dimension_entries(exhibits, *, works=4, measured=4000, resamples=1000):
    """Says what each kept style dimension does.

    Args:
        exhibits: `Exhibits`.
        works: originals at each end of a dimension.
        measured: works whose properties are measured at most, drawn at random.
        resamples: draws for the intervals.

    Returns:
        `(matplotlib figure, dictionary for JSON)`.

    Raises:
        TooFewError: too few artists or works.
    """
    count = min(measured, len(exhibits.labels))
    rows = np.sort(exhibits.random(9).choice(len(exhibits.labels), count, replace=False))
    codes, labels = exhibits.raw_styles[rows], exhibits.labels[rows]
    properties = measure_properties(exhibits.images[rows], exhibits.coverage[rows])
    draws = {"resamples": resamples, "seed": exhibits.seed}
    followed = dimensions.followed_properties(codes, properties, labels, **draws)
    estimates = _estimates(codes, properties, labels, followed, draws)
    works = min(works, len(exhibits.labels))
    ends = [
        exploration.rank_works(exhibits.raw_styles, dimension, works)
        for dimension in range(codes.shape[1])
    ]
    edits = _edits(exhibits, codes.shape[1])
    figure = dimension_dictionary(
        [
            dataclasses.replace(_entry(exhibits.images, ends[i], i, estimates, followed), **edit)
            for i, edit in enumerate(edits)
        ],
        properties=len(PROPERTIES),
        artists=len(np.unique(labels)),
        works=count,
        split="test",
    )
    return figure, {
        "properties": [dataclasses.asdict(each) for each in PROPERTIES],
        "tests": measurement(
            followed.adjusted_p.size, definition="tests that `adjusted_p` is adjusted for"
        ),
        "dimensions": [
            _numbers(exhibits, ends[i], i, estimates, followed, count)
            | {name: _trust(exhibits, value) for name, value in edit.items()}
            for i, edit in enumerate(edits)
        ],
    }


def _edits(exhibits, size):
    """`{"edits_trusted": bool}` for each dimension; empty ones where edits were not measured."""
    edits = exhibits.metrics.get("edits", {})
    if "gain" not in edits:
        return [{}] * size
    gain, cross_talk = (
        np.array(edits[name]["value"], np.float64) for name in ("gain", "cross_talk")
    )
    return [{"edits_trusted": bool(each)} for each in are_trusted(gain, cross_talk)]


def _trust(exhibits, trusted):
    gain = exhibits.metrics["edits"]["gain"]
    return measurement(
        trusted, count=gain["count"], split=gain["split"],
        definition="whether moving the dimension moves what it says, read by the style encoder of "
        "another run: a gain above .5 and above 5 times the cross-talk (`edits` in metrics.json)",
    )  # fmt: skip


def _estimates(codes, properties, labels, followed, draws):
    """Returns `(value, (low, high))` by name, each with dimensions on the first axis."""
    estimates = variances_with_intervals(codes, labels)
    estimates["correlation"] = (followed.overall, followed.overall_interval)
    estimates["correlation_within_artists"] = (followed.within, followed.within_interval)
    estimates["determination"] = _determination(codes, properties, labels, draws)
    estimates["determination_within_artists"] = _determination(
        *(dimensions.about_artists(each, labels) for each in (codes, properties)), labels, draws
    )
    return estimates


def _determination(codes, properties, labels, draws):
    predicted = dimensions.predict_codes(codes, properties, labels)
    interval = dimensions.interval_over_artists(
        lambda rows, _: dimensions.determination(codes[rows], predicted[rows]), labels, **draws
    )
    return dimensions.determination(codes, predicted), interval


def _entry(images, ends, dimension, estimates, followed):
    def estimate(name, *place):
        value, (low, high) = estimates[name]
        return tuple(float(each[dimension, *place]) for each in (value, low, high))

    return Entry(
        lowest=images[ends[0]],
        highest=images[ends[1]],
        between_share=estimate("between_share"),
        eta_squared=estimate("eta_squared"),
        correlates=[
            Correlate(
                PROPERTIES[i].more if followed.overall[dimension, i] > 0 else PROPERTIES[i].less,
                estimate("correlation", i),
                estimate("correlation_within_artists", i),
                bool(followed.follows[dimension, i]),
            )
            for i in followed.strongest(dimension)[:_MOST_CORRELATES]
        ],
        determination=estimate("determination")[0],
        determination_within=estimate("determination_within_artists")[0],
    )


def _numbers(exhibits, ends, dimension, estimates, followed, count):
    basis = {"count": count, "split": "test"}
    entry = {"dimension": dimension + 1}
    for name, works in zip(("lowest_works", "highest_works"), ends, strict=True):
        entry[name] = [
            {
                "work_id": exhibits.work_ids[work].decode(),
                "artist": exhibits.names[exhibits.labels[work]],
            }
            for work in works
        ]
    for name, (value, (low, high)) in estimates.items():
        entry[name] = measurement(
            value[dimension],
            interval=(low[dimension], high[dimension]),
            definition=_DEFINITIONS[name],
            **basis,
        )
    entry["adjusted_p"] = measurement(
        followed.adjusted_p[dimension], definition=_DEFINITIONS["adjusted_p"], **basis
    )
    strongest = followed.strongest(dimension)
    entry["goes_with"] = [PROPERTIES[i].name for i in strongest]
    entry["follows"] = [PROPERTIES[i].name for i in strongest if followed.follows[dimension, i]]
    return entry
