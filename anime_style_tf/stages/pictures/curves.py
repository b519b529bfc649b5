"""The curves against prefix length: from `metrics.json` to figures."""

import numpy as np

from anime_style_tf.evaluation.uncertainty.measurements import NOT_MEASURED
from anime_style_tf.figures import curves, retrieval
from anime_style_tf.stages.measures.style_evaluation import METHODS

TITLES = dict(zip(METHODS, ("metric learning", "classifier"), strict=True))
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


def figure_1(metrics, *, artists):
    """Draws figure 1; a curve that was not measured is missing from it.

    Args:
        metrics: content of `metrics.json`.
        artists: how many.
    """
    style = metrics["style"]
    accuracy, ratio = (
        {
            TITLES[method]: _curve(style[name][method])
            for method in METHODS
            if NOT_MEASURED not in style[name][method]
        }
        for name in ("accuracy_against_d", "variance_ratio_against_d")
    )
    return curves.figure_1(
        accuracy,
        ratio,
        chosen=style["k_S"]["value"],
        artists=artists,
        works=style["accuracy_at_k_S"]["count"],
        split="held-out test",
    )


def retrieval_curves(metrics, *, artists):
    """Draws all measures of retrieval.

    Args:
        metrics: content of `metrics.json`.
        artists: how many.

    Returns:
        matplotlib figure, or None where retrieval was not measured.
    """
    found = metrics["retrieval"]
    if NOT_MEASURED in found:
        return None
    panels = {
        title: {
            TITLES[method]: _curve(found[method][measure], found[method]["lengths"])
            for method in METHODS
        }
        for measure, title in PANELS.items()
    }
    return retrieval.retrieval_curves(
        panels,
        chosen=metrics["style"]["k_S"]["value"],
        artists=artists,
        works=found[METHODS[0]]["precision_at_1"]["count"],
        gallery=found["gallery"],
        split="held-out test",
    )


def content_curve(metrics):
    """Draws the content code's error against its length.

    Args:
        metrics: content of `metrics.json`.
    """
    content = metrics["content"]
    errors = content["reconstruction_against_length"]
    curve = _curve(errors, content["prefix_lengths"]["value"])
    return curves.content_curve(
        curve,
        chosen=content["k_C"]["value"],
        rule=content["k_C"]["definition"],
        images=errors["count"],
        split=errors["split"],
    )


def _curve(entry, lengths=None):
    """A measurement of one value per prefix; what was not finite is left out of the line."""
    values, low, high = (
        np.array(each, dtype=float) for each in (entry["value"], *entry["interval"])
    )
    lengths = np.arange(1, len(values) + 1) if lengths is None else np.array(lengths)
    return curves.Curve(lengths, values, low, high)
