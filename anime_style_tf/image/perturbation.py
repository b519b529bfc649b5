"""Shift, blur and noise that a drawing survives and a pattern made for one encoder does not."""

import keras
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.image.augment import blurred_by, style_preserving


def perturbed(images, *, shift=2, blur=0.7, noise=0.02, seed_generator):
    """Moves each image by up to `shift` pixels, blurs it a little, adds noise.

    Args:
        images: `[batch, height, width, channels]`, any color space.
        shift: the largest shift in both directions, in pixels; see `style_preserving`.
        blur: the largest standard deviation of the blur, in pixels, at most 0.7, where the highest
            frequency is gone; each image has its own, its square uniform.
        noise: standard deviation of the noise, in units of the images.
        seed_generator: `keras.random.SeedGenerator`.

    Returns:
        The same shape; differentiable.

    Raises:
        InputError: a blur that three weights cannot make.

    Source: our setting. Encoders whose first convolution has stride 2 otherwise pay for patterns
        of period 2 (`docs/decisions`).
    """
    if not 0 <= blur <= 0.71:
        raise InputError(f"blur must be in [0, 0.7] pixels, received {blur}.")
    images = style_preserving(images, shift=shift, flip=False, seed_generator=seed_generator)
    # Weights (k, 1 - 2k, k) have the variance 2k.
    most = min(0.5 * blur**2, 0.25)
    share = keras.random.uniform(
        (ops.shape(images)[0], 1, 1, 1), 0.0, most, dtype=images.dtype, seed=seed_generator
    )
    images = blurred_by(images, share)
    grain = keras.random.normal(ops.shape(images), dtype=images.dtype, seed=seed_generator)
    return images + noise * grain
