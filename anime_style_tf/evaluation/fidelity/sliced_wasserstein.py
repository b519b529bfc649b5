"""Sliced Wasserstein distance of small patches, one scale of detail at a time."""

import numpy as np
from scipy import ndimage

from anime_style_tf.evaluation.fidelity import two_sets
from anime_style_tf.evaluation.uncertainty import jackknife

PATCH = 7  # pixels
SMALLEST = 16  # side of the coarsest level, pixels
_PATCHES = 64  # of each image and level
_DIRECTIONS = 128
_BINOMIAL = np.array([1, 4, 6, 4, 1]) / 16


def sliced_wasserstein(images, works, *, seed=0):
    """Distance of the patches' distributions at each level of a Laplacian pyramid.

    A level holds what one halving of the size takes away; the last holds all that is left. Patches
    of 7 x 7 pixels, each channel less the works' mean and over the works' deviation, are laid along
    random directions, and the sorted places of both sets compared.

    Args:
        images: `[images, side, side, 3]`, sRGB uint8, of 7 pixels or more.
        works: the same number of works, of the same shape.
        seed: of the patches and directions.

    Returns:
        Dict side in pixels, falling -> `(distance, (low, high))`: the mean distance along a
        direction, times 1000, and its 95 % interval; 0 for the same images.

    Raises:
        ValueError: other shapes or types, or another number of works than of images.

    Source: Karras et al. (2018), "Progressive Growing of GANs", who standardize each set by
        itself; by the works (our setting), blur and faded colors count.
    """
    images, works = np.asarray(images), np.asarray(works)
    _check(images, works)
    distances = {}
    for ours, theirs in zip(pyramid(images), pyramid(works), strict=True):
        generator = np.random.default_rng((seed, ours.shape[1]))
        corners = generator.integers(ours.shape[1] - PATCH + 1, size=(2, len(images), _PATCHES))
        mean, deviation = (f(theirs, axis=(0, 1, 2)) for f in (np.mean, np.std))
        deviation = np.maximum(deviation, 1e-6)
        both = [_patches((level - mean) / deviation, corners) for level in (ours, theirs)]
        directions = generator.standard_normal((both[0].shape[-1], _DIRECTIONS))
        directions = (directions / np.linalg.norm(directions, axis=0)).astype(np.float32)
        distances[ours.shape[1]] = _distance(*(patches @ directions for patches in both))
    return distances


def pyramid(images):
    """Levels of a Laplacian pyramid.

    Args:
        images: `[images, side, side, channels]`; the side is halved while it stays whole and is
            16 pixels or more.

    Returns:
        List of float32 `[images, level's side, level's side, channels]`, from the finest on; each
        doubled and added to the next finer gives that one back.

    Source: Burt & Adelson (1983), with their binomial filter of 5 pixels.
    """
    levels = []
    images = np.asarray(images, np.float32)
    while images.shape[1] % 2 == 0 and images.shape[1] // 2 >= SMALLEST:
        smaller = _filtered(images)[:, ::2, ::2]
        levels.append(images - doubled(smaller))
        images = smaller
    return [*levels, images]


def doubled(images):
    """Images `[images, side, side, channels]` at twice the size, by the pyramid's filter."""
    count, height, width, channels = images.shape
    spread = np.zeros((count, 2 * height, 2 * width, channels), images.dtype)
    spread[:, ::2, ::2] = images
    return 4 * _filtered(spread)


def _filtered(images):
    for axis in (1, 2):
        images = ndimage.convolve1d(images, _BINOMIAL, axis=axis, mode="mirror")
    return images


def _patches(level, corners):
    """`[images, patches, PATCH * PATCH * channels]` whose top left pixels are at `corners`."""
    windows = np.lib.stride_tricks.sliding_window_view(level, (PATCH, PATCH), axis=(1, 2))
    chosen = windows[np.arange(len(level))[:, None], corners[0], corners[1]]
    return chosen.reshape(*corners.shape[1:], -1)


def _distance(places, works_places):
    """Mean distance of sorted places `[images, patches, directions]`, times 1000, and interval."""
    parts = np.repeat(two_sets.parts_of(len(places)), places.shape[1])
    both = [each.reshape(-1, each.shape[-1]).T for each in (places, works_places)]
    orders = [each.argsort(axis=1) for each in both]
    both = [
        np.take_along_axis(each, order, axis=1) for each, order in zip(both, orders, strict=True)
    ]

    def apart(ours, theirs):
        return 1000 * float(np.mean(np.abs(ours - theirs), dtype=np.float64))

    # What is left without a part is still sorted, so that nothing is sorted again.
    without_each = [
        apart(
            *(
                each[parts[order] != part].reshape(len(each), -1)
                for each, order in zip(both, orders, strict=True)
            )
        )
        for part in range(parts.max() + 1)
    ]
    value = apart(*both)
    low, high = jackknife.interval(value, without_each)
    return value, (float(low), float(high))


def _check(images, works):
    side = images.shape[1] if images.ndim == 4 else 0
    right = (
        images.shape[1:] == (side, side, 3)
        and images.shape == works.shape
        and images.dtype == works.dtype == np.uint8
        and len(images) > 0
    )
    if not right or side < PATCH:
        raise ValueError(
            f"images and works must be sRGB uint8 [images, side, side, 3], of {PATCH} pixels or "
            f"more and as many of each; received {images.dtype} {images.shape} and {works.dtype} "
            f"{works.shape}: measure as many of each."
        )
