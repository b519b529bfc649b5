"""Smaller versions of images by area averaging."""

from keras import ops


def area_downscale(images, factor):
    """Replaces each `factor` x `factor` square of pixels by its mean.

    Args:
        images: `[batch, height, width, channels]`, any color space; both sides divisible by
            `factor`.
        factor: whole number >= 1, pixels.

    Returns:
        `[batch, height / factor, width / factor, channels]`.

    Raises:
        ValueError: if a side is not divisible by `factor`.
    """
    height, width = images.shape[1:3]
    if height % factor or width % factor:
        raise ValueError(
            f"Cannot downscale {height} x {width} pixels by {factor}: both sides must be "
            f"divisible by {factor}."
        )
    if factor == 1:
        return images
    return ops.average_pool(images, factor, strides=factor)
