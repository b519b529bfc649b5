"""What another code changes in an image: the mean change of a pixel."""

import numpy as np

from anime_style_tf.evaluation.uncertainty import intervals


def moved_levels(images, changed):
    """Mean absolute difference of images before and after, in levels of 255.

    Args:
        images: `[images, height, width, 3]`, sRGB in [0, 1].
        changed: the same shape, each from the same codes but one.

    Returns:
        `(levels, (low, high))`: mean over channels, pixels and images, and its 95 % Student's
        interval over images.

    Raises:
        ValueError: the shapes differ.
    """
    images, changed = np.asarray(images, np.float64), np.asarray(changed, np.float64)
    if images.shape != changed.shape:
        raise ValueError(
            f"changed must have the shape of images, {images.shape}; received {changed.shape}: "
            "generate both from as many codes."
        )
    moves = 255 * np.abs(images - changed).mean(axis=(1, 2, 3))
    low, high = intervals.mean_interval(moves)
    return float(moves.mean()), (float(low), float(high))
