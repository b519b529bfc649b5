"""Edges and fine patterns: whether images are as sharp as works, and free of a grid."""

import numpy as np

from anime_style_tf.evaluation.fidelity import two_sets
from anime_style_tf.evaluation.image_properties import srgb_to_cielab
from anime_style_tf.evaluation.uncertainty import jackknife

_BESIDE = 4  # frequencies below the highest that it is compared with


def nyquist_ratio(images):
    """Energy of L* at the highest frequency over that of the frequencies next to it.

    A pattern of every other row or column has all its energy there; noise has 1. Rows and columns
    are transformed each by itself.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8, even sides of 16 pixels or more.

    Returns:
        `(ratio, (low, high))`: the ratio of the means over images, and its 95 % interval over
        images, on the logarithm. NaN where all is flat.

    Raises:
        ValueError: odd or shorter sides, for which there is no such frequency.

    Source: our setting.
    """
    images = np.asarray(images)
    if images.ndim != 4 or any(side % 2 or side < 16 for side in images.shape[1:3]):
        raise ValueError(
            "the highest frequency needs images [images, height, width, 3] with even sides of 16 "
            f"pixels or more; received {images.shape}: crop or resize them."
        )
    lightness = srgb_to_cielab(images)[..., 0].astype(np.float64)
    highest, beside = np.zeros((2, len(images)))
    for axis in (1, 2):
        energy = np.abs(np.fft.rfft(lightness, axis=axis)) ** 2
        energy = np.moveaxis(energy, axis, 1).mean(axis=2)
        highest += energy[:, -1]
        beside += energy[:, -1 - _BESIDE : -1].mean(axis=1)

    def ratio(rows):
        with np.errstate(invalid="ignore"):
            return highest[rows].sum() / beside[rows].sum()

    everything = np.arange(len(images))
    without_each = jackknife.without_each(ratio, everything)
    interval = jackknife.interval(ratio(everything), without_each, scale=jackknife.LOGARITHM)
    return float(ratio(everything)), tuple(float(end) for end in interval)


def edge_ratio(images, works):
    """How much lightness changes from pixel to pixel, compared with works.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        works: `[works, height, width, 3]`, sRGB uint8, of one size with the images.

    Returns:
        `(ratio, (low, high))`: mean absolute difference of L* to the pixel at the right and the
        one below, over that of the works, and its 95 % interval; below 1 is softer, above 1
        busier. NaN or infinite where the works are flat.

    Raises:
        ValueError: images and works of different sizes.

    Source: our setting.
    """
    images, works = np.asarray(images), np.asarray(works)
    if images.shape[1:] != works.shape[1:]:
        raise ValueError(
            f"images and works must have one size; received {images.shape} and {works.shape}: "
            "a pixel's step depends on it."
        )

    def ratio(ours, theirs):
        with np.errstate(divide="ignore", invalid="ignore"):
            return ours.mean() / theirs.mean()

    ours, theirs = _steps(images), _steps(works)
    value = ratio(ours, theirs)
    low, high = two_sets.interval(ratio, ours, theirs, value, scale=jackknife.LOGARITHM)
    return float(value), (float(low), float(high))


def _steps(images):
    lightness = srgb_to_cielab(images)[..., 0]
    return sum(np.abs(np.diff(lightness, axis=axis)).mean(axis=(1, 2)) for axis in (1, 2)) / 2
