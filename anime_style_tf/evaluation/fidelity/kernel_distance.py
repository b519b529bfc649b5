"""Kernel distance of two sets of features: no normal distribution assumed, and no bias."""

import numpy as np

from anime_style_tf.evaluation.fidelity import two_sets


def kernel_distance(features, reference) -> float:
    """Unbiased squared maximum mean discrepancy with the kernel `(x . y / features + 1)^3`.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`.

    Returns:
        0 in the mean where both sets are drawn alike, and so below 0 by chance.

    Raises:
        ValueError: arrays of the wrong shape, or values that are not finite.
        TooFewError: fewer than three images or works.

    Source: Binkowski et al. (2018), "Demystifying MMD GANs" (KID), on all images at once.
    """
    features, reference = two_sets.as_two_sets(features, reference)
    width = features.shape[1]

    def kernel(first, second):
        return (first @ second.T / width + 1) ** 3

    def within(rows):
        values = kernel(rows, rows)
        return (values.sum() - np.trace(values)) / (len(rows) * (len(rows) - 1))

    between = kernel(features, reference).mean()
    return float(within(features) + within(reference) - 2 * between)


def kernel_distance_with_interval(features, reference):
    """The kernel distance and its 95 % interval; see `two_sets.interval`.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`.

    Returns:
        `(value, (low, high))`.
    """
    features, reference = two_sets.as_two_sets(features, reference)
    value = kernel_distance(features, reference)
    low, high = two_sets.interval(kernel_distance, features, reference, value)
    return value, (float(low), float(high))
