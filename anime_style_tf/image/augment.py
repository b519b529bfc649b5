"""Changes of an image that keep its style: mirroring and small shifts, never color or blur."""

import keras
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
