"""Structural similarity of pictures: light, contrast and structure in small windows."""

import numpy as np
from scipy import ndimage

_WINDOW = 7  # pixels


def structural_similarity(images, others):
    """How much of each picture's structure another has.

    Args:
        images: `[pictures, height, width, 3]`, sRGB uint8, 7 pixels or more on each side.
        others: the same shape.

    Returns:
        `[pictures]`, at most 1, which two equal pictures have; mean over channels and windows.

    Raises:
        ValueError: other shapes, or pictures smaller than a window.

    Source: Wang et al. (2004), uniform windows of 7 pixels and unbiased variances, constants
        .01 and .03, as scikit-image has by default.
    """
    images, others = np.asarray(images, np.float64), np.asarray(others, np.float64)
    if images.shape != others.shape or images.ndim != 4 or min(images.shape[1:3]) < _WINDOW:
        raise ValueError(
            f"structural similarity needs two sets of equal pictures of {_WINDOW} pixels or more, "
            f"received {images.shape} and {others.shape}."
        )

    def mean(values):
        means = ndimage.uniform_filter(values, size=(1, _WINDOW, _WINDOW, 1))
        inside = slice(_WINDOW // 2, -(_WINDOW // 2))
        return means[:, inside, inside]

    first, second = mean(images), mean(others)
    unbiased = _WINDOW**2 / (_WINDOW**2 - 1)
    variances = unbiased * (mean(images**2) - first**2 + mean(others**2) - second**2)
    covariance = unbiased * (mean(images * others) - first * second)
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    similarity = (2 * first * second + light) * (2 * covariance + contrast)
    similarity /= (first**2 + second**2 + light) * (variances + contrast)
    return similarity.mean(axis=(1, 2, 3))
