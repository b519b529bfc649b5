"""The curves against prefix length: from `metrics.json` to figures."""

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED
from anime_style_tf.figures import curves, retrieval

# Method of `metrics.json` -> its name in the legends, in the order of the lines.
TITLES = {"metric_learning": "metric learning", "classifier": "classifier"}
# Measure of `metrics.json` -> title of its panel, in the order of the page.
PANELS = {
    "precision_at_1": "precision at 1",
    "precision_at_5": "precision at 5",
    "r_precision": "R-precision",
    "map_at_r": "MAP@R",
    "average_precision": "average precision",
    "verification_auc": "same artist or not (AUC)",
    "neighbor_accuracy_5": "vote of 5 neighbors",
    "balanced_neighbor_accuracy_5": "the same, artists alike",
}


def figure_1(exhibits):
    """Draws accuracy and variance ratio; a curve that was not measured is missing from it.

    Args:
        exhibits: `Exhibits`.

    Returns:
        matplotlib figure.
    """
    style = exhibits.metrics["style"]
    accuracy, ratio = (
        {title: _curve(entry) for title, entry in _measured(style[name])}
        for name in ("accuracy_against_d", "variance_ratio_against_d")
    )
    return curves.figure_1(
        accuracy,
        ratio,
        chosen=style["k_S"]["value"],
        artists=len(exhibits.names),
        works=style["accuracy_at_k_S"]["count"],
        split="held-out test",
    )


def retrieval_curves(exhibits):
    """Draws all measures of retrieval.

    Args:
        exhibits: `Exhibits`.

    Returns:
        matplotlib figure.

    Raises:
        TooFewError: retrieval was not measured.
    """
    section = _section(exhibits, "retrieval")
    panels = {
        title: {
            name: _curve(entries[measure], entries["lengths"])
            for name, entries in _measured(section)
        }
        for measure, title in PANELS.items()
    }
    return retrieval.retrieval_curves(
        panels,
        chosen=exhibits.metrics["style"]["k_S"]["value"],
        artists=len(exhibits.names),
        works=section["metric_learning"]["precision_at_1"]["count"],
        gallery=section["gallery"],
        split="held-out test",
    )


def content_curve(exhibits):
    """Draws the content code's error against its length.

    Args:
        exhibits: `Exhibits`.

    Returns:
        matplotlib figure.

    Raises:
        TooFewError: it was not measured.
    """
    content = _section(exhibits, "content")
    errors = content["reconstruction_against_length"]
    curve = _curve(errors, content["prefix_lengths"]["value"])
    return curves.content_curve(
        curve,
        chosen=content["k_C"]["value"],
        rule=content["k_C"]["definition"],
        images=errors["count"],
        split=errors["split"],
    )


def _section(exhibits, name):
    section = exhibits.metrics[name]
    if NOT_MEASURED in section:
        raise TooFewError(section[NOT_MEASURED])
    return section


def _measured(by_method):
    """Pairs of a method's title and what was measured of it."""
    return [
        (title, by_method[method])
        for method, title in TITLES.items()
        if NOT_MEASURED not in by_method[method]
    ]


def _curve(entry, lengths=None):
    """A measurement of one value per prefix; what was not finite is left out of the line."""
    values, low, high = (
        np.array(each, dtype=float) for each in (entry["value"], *entry["interval"])
    )
    lengths = np.arange(1, len(values) + 1) if lengths is None else np.array(lengths)
    return curves.Curve(lengths, values, low, high)
