"""Conversion between sRGB and normalized CIE Lab.

Every image is `[..., height, width, 3]`, channels last. sRGB is in [0, 1] with the sRGB transfer
function (IEC 61966-2-1) and white D65. *Normalized Lab* is `(L / 50 - 1, a / 110, b / 110)`, which
puts the whole sRGB gamut inside [-1, 1]; all networks read and write it.

Gradients are finite for every input, black and colors outside the gamut included: each power is
taken of a value held away from the point where its derivative is infinite.
"""

import keras
import numpy as np
from keras import ops

from anime_style_tf.tensors import Tensor

# sRGB primaries to CIE XYZ (IEC 61966-2-1), each row over the D65 white (0.95047, 1, 1.08883).
_RGB_TO_XYZ = (
    (0.412453 / 0.95047, 0.357580 / 0.95047, 0.180423 / 0.95047),
    (0.212671, 0.715160, 0.072169),
    (0.019334 / 1.08883, 0.119193 / 1.08883, 0.950227 / 1.08883),
)
_XYZ_TO_RGB = np.linalg.inv(_RGB_TO_XYZ).tolist()
_DELTA = 6.0 / 29.0
LAB_SCALE = (50.0, 110.0, 110.0)


def srgb_to_lab(images: Tensor) -> Tensor:
    """Converts sRGB to normalized Lab.

    Args:
        images: `[..., height, width, 3]`, sRGB: uint8 as stored, or float in [0, 1].

    Returns:
        The same shape in normalized Lab, float32 at least.

    Source: CIE 15:2004, with the normalization of `docs/method.md` section 1 (our setting).
    """
    linear = _linear_light(ops.convert_to_tensor(images))
    xyz = _mixed(_RGB_TO_XYZ, linear)
    # The cube root above delta^3, its tangent below.
    root = _power(ops.maximum(xyz, _DELTA**3), 1.0 / 3.0)
    f = root + ops.minimum(xyz - _DELTA**3, 0.0) / (3.0 * _DELTA**2)
    fx, fy, fz = ops.unstack(f, 3, axis=-1)
    scale_l, scale_a, scale_b = LAB_SCALE
    lightness = fy * (116.0 / scale_l) - (16.0 / scale_l + 1.0)
    a, b = (fx - fy) * (500.0 / scale_a), (fy - fz) * (200.0 / scale_b)
    return ops.stack([lightness, a, b], axis=-1)


def lab_to_srgb(lab: Tensor) -> Tensor:
    """Converts normalized Lab to sRGB, clipped to the gamut.

    Args:
        lab: `[..., height, width, 3]`, normalized Lab.

    Returns:
        The same shape in sRGB, in [0, 1]; a color outside the gamut has each channel clipped.

    Source: the inverse of `srgb_to_lab`; the paper clips what tanh puts outside the gamut.
    """
    lab = _at_least_float32(lab)
    scale_l, scale_a, scale_b = LAB_SCALE
    fy = ((lab[..., 0] + 1.0) * scale_l + 16.0) / 116.0
    fx = fy + lab[..., 1] * (scale_a / 500.0)
    fz = fy - lab[..., 2] * (scale_b / 200.0)
    f = ops.stack([fx, fy, fz], axis=-1)
    xyz = ops.where(f > _DELTA, f**3, 3.0 * _DELTA**2 * (f - 4.0 / 29.0))
    linear = _mixed(_XYZ_TO_RGB, xyz)
    threshold = 0.0031308
    curved = 1.055 * _power(ops.maximum(linear, threshold), 1.0 / 2.4) - 0.055
    return ops.clip(ops.where(linear <= threshold, linear * 12.92, curved), 0.0, 1.0)


def _linear_light(images):
    """SRGB to linear light; the 256 values of stored pixels come from a table."""
    if keras.backend.standardize_dtype(images.dtype) == "uint8":
        table = _linear_light(ops.arange(256, dtype="float32") / 255.0)
        return ops.take(table, ops.cast(images, "int32"))
    images = _at_least_float32(images)
    threshold = 0.04045
    curved = _power((ops.maximum(images, threshold) + 0.055) / 1.055, 2.4)
    return ops.where(images <= threshold, images / 12.92, curved)


def _power(positive, exponent):
    """`positive ** exponent`, in a form that processors take many at a time of: 5 times faster."""
    return ops.exp(exponent * ops.log(positive))


def _at_least_float32(images):
    images = ops.convert_to_tensor(images)
    return images if images.dtype == "float64" else ops.cast(images, "float32")


def _mixed(rows, image):
    """Weighted sums of the channels, one for each row of three weights."""
    # Not a product of matrices: GPUs round its factors to the 10 bits of TF32, which moves colors
    # by up to 8 levels of 255.
    first, second, third = ops.unstack(image, 3, axis=-1)
    return ops.stack([a * first + b * second + c * third for a, b, c in rows], axis=-1)
