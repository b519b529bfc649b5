"""Changes of an image that keep its style: mirroring, small shifts, a little blur, never color."""

import keras
import numpy as np
from keras import ops


def style_preserving(images, *, shift, flip, seed_generator):
    """Moves each image by up to `shift` pixels, repeating its border, and mirrors half of them.

    Args:
        images: `[batch, height, width, channels]`, any color space; uint8 is the fastest.
        shift: the largest shift in both directions, in pixels; 0 moves nothing.
        flip: True mirrors each image left to right with probability one half.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape, of pixels that were there before.
    """
    if not shift and not flip:
        return images
    batch, (height, width, channels) = ops.shape(images)[0], images.shape[1:]
    rows, columns = ops.arange(height)[None, :], ops.arange(width)[None, :]
    if shift:
        moves = keras.random.randint((2, batch, 1), -shift, shift + 1, seed=seed_generator)
        rows = ops.clip(rows + moves[0], 0, height - 1)
        columns = ops.clip(columns + moves[1], 0, width - 1)
    if flip:
        mirrored = keras.random.uniform((batch, 1), seed=seed_generator) < 0.5
        columns = ops.where(mirrored, ops.flip(columns, axis=1), columns)
    # One gather of whole pixels, over all images at once.
    first = ops.arange(batch)[:, None, None] * (height * width)
    index = first + rows[:, :, None] * width + columns[:, None, :]
    pixels = ops.take(ops.reshape(images, (-1, channels)), index, axis=0)
    return ops.reshape(pixels, (-1, height, width, channels))


def softened(images, *, blur, seed_generator):
    """Blurs half of the images, each by its own amount, as files are that were made smaller before.

    Args:
        images: `[batch, height, width, channels]`, any color space, floating point.
        blur: the largest standard deviation, in pixels; the square of each is uniform. 0 blurs
            nothing.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape.
    """
    if not blur:
        return images
    times = int(np.ceil(blur**2 / 0.5))  # of a filter of three weights, which can add 0.5
    shape = (ops.shape(images)[0], 1, 1, 1)
    drawn = keras.random.uniform(shape, -1.0, 1.0, dtype=images.dtype, seed=seed_generator)
    share = ops.maximum(drawn, 0.0) * (0.5 * blur**2 / times)
    for _ in range(times):
        images = blurred_by(images, share)
    return images


def blurred_by(images, share):
    """Filters rows and columns by the weights (share, 1 - 2 share, share), of variance 2 share.

    Args:
        images: `[batch, height, width, channels]`; the pixels of the border are repeated.
        share: `[batch, 1, 1, 1]`, in [0, 0.25].

    Returns:
        The same shape.
    """
    for axis in (1, 2):
        images = (1.0 - 2.0 * share) * images + share * _neighbors(images, axis)
    return images


def _neighbors(images, axis):
    """Sum of the two neighbors of each pixel along an axis, the border's pixels repeated."""
    size = images.shape[axis]
    places = ops.arange(size)
    before = ops.take(images, ops.maximum(places - 1, 0), axis=axis)
    return before + ops.take(images, ops.minimum(places + 1, size - 1), axis=axis)
