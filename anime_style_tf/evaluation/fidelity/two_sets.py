"""Generated images against works: both sets checked, and how sure a number of the two is."""

from collections.abc import Callable

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import jackknife

PARTS = 20  # of each set, left out in turn


def as_two_sets(features, reference, *, least=3):
    """Checks the features of two sets.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`, the same features of works.
        least: how many images and works there must be.

    Returns:
        Both in float64.

    Raises:
        ValueError: not two axes, values that are not finite, or features that are not the same.
        TooFewError: too few images or works.
    """
    features = arrays.as_codes(features, "features")
    reference = arrays.as_codes(reference, "reference")
    if features.shape[1] != reference.shape[1]:
        raise ValueError(
            f"features and reference must have one width; received {features.shape} and "
            f"{reference.shape}: take both from one network."
        )
    if min(len(features), len(reference)) < least:
        raise TooFewError(
            f"a comparison of two sets needs {least} images and {least} works or more, received "
            f"{len(features)} and {len(reference)}: generate or measure more."
        )
    return features, reference


def parts_of(count):
    """Number of the part, below `PARTS`, that each of `count` images belongs to; int `[count]`."""
    return np.arange(count) % min(PARTS, count)


def interval(
    statistic: Callable, features, reference, whole, *, scale=jackknife.PLAIN, confidence=0.95
):
    """Interval of a number of two sets, for other images and other works.

    A twentieth of both sets is left out at a time. The sets are independent, so that leaving out
    parts of both at once counts the uncertainty of each.

    Args:
        statistic: function of `(features, reference)`.
        features: `[images, ...]`, in no order that matters.
        reference: `[works, ...]`, likewise.
        whole: what the interval is around: the statistic of all, or a correction of it that
            moves with it.
        scale: see `jackknife.interval`.
        confidence: coverage in (0, 1).

    Returns:
        `(low, high)`.

    Source: Kott (2001), the delete-a-group jackknife.
    """
    first, second = parts_of(len(features)), parts_of(len(reference))
    without_each = [
        statistic(features[first != part], reference[second != part])
        for part in range(min(first.max(), second.max()) + 1)
    ]
    return jackknife.interval(whole, without_each, scale=scale, confidence=confidence)
