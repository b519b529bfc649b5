"""Random square patches of images."""

import keras
from keras import ops


def random_patches(images, *, size, count, seed_generator):
    """Cuts `count` patches out of each image at independent uniform positions.

    Differentiable with respect to the images: pixels are gathered, not interpolated.

    Args:
        images: `[batch, height, width, channels]`, any color space.
        size: side of a patch, pixels.
        count: patches per image.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        `[batch * count, size, size, channels]`, the patches of one image side by side.

    Raises:
        ValueError: if an image is smaller than a patch.
    """
    height, width, channels = images.shape[1:]
    if size > height or size > width:
        raise ValueError(
            f"Patches of {size} pixels do not fit images of {height} x {width} pixels."
        )
    batch = ops.shape(images)[0]
    top = _random_offsets((batch, count), height - size + 1, seed_generator)
    left = _random_offsets((batch, count), width - size + 1, seed_generator)
    rows = top[..., None, None] + ops.arange(size)[:, None]
    columns = left[..., None, None] + ops.arange(size)[None, :]
    base = ops.cast(ops.arange(batch), "int32")[:, None, None, None] * (height * width)
    index = ops.reshape(base + rows * width + columns, (-1,))
    pixels = ops.take(ops.reshape(images, (-1, channels)), index, axis=0)
    return ops.reshape(pixels, (-1, size, size, channels))


def _random_offsets(shape, stop, seed_generator):
    """Whole numbers uniform over [0, stop), int32."""
    return keras.random.randint(shape, 0, stop, dtype="int32", seed=seed_generator)
