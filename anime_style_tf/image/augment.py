"""Changes of an image that keep its style: mirroring and small shifts, never color or blur."""

import keras
from keras import ops


def random_flip(images, *, seed_generator):
    """Mirrors each image left to right with probability one half.

    Args:
        images: `[batch, height, width, channels]`, any color space.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape.
    """
    batch = ops.shape(images)[0]
    mirrored = keras.random.uniform((batch, 1, 1, 1), seed=seed_generator) < 0.5
    return ops.where(mirrored, ops.flip(images, axis=2), images)


def random_shift(images, *, pixels, seed_generator):
    """Moves each image by up to `pixels` in both directions, repeating its border.

    Args:
        images: `[batch, height, width, channels]`, any color space.
        pixels: the largest shift, in pixels; 0 leaves the images as they are.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape.
    """
    if not pixels:
        return images
    height, width = images.shape[1:3]
    batch = ops.shape(images)[0]
    shift = keras.random.randint((2, batch), -pixels, pixels + 1, seed=seed_generator)
    rows = ops.clip(ops.arange(height)[None, :] + shift[0][:, None], 0, height - 1)
    columns = ops.clip(ops.arange(width)[None, :] + shift[1][:, None], 0, width - 1)
    index = ops.reshape(rows[:, :, None] * width + columns[:, None, :], (batch, -1, 1))
    flat = ops.reshape(images, (batch, height * width, images.shape[3]))
    return ops.reshape(ops.take_along_axis(flat, index, axis=1), ops.shape(images))


def style_preserving(images, *, shift, flip, seed_generator):
    """Applies both changes, each if it is asked for.

    Args:
        images: `[batch, height, width, channels]`, any color space.
        shift: the largest shift, in pixels.
        flip: True mirrors at random.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape.
    """
    images = random_shift(images, pixels=shift, seed_generator=seed_generator)
    return random_flip(images, seed_generator=seed_generator) if flip else images
