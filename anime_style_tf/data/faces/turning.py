"""Cuts what leans out of a picture, upright: what searching and aligning have in common."""

import math

from PIL import Image

_SUPERSAMPLING = 2


def turn(vector, roll):
    """Turns a vector `(x, y)`, y down, clockwise by `roll` degrees."""
    sine, cosine = math.sin(math.radians(roll)), math.cos(math.radians(roll))
    x, y = vector
    return cosine * x - sine * y, sine * x + cosine * y


def cut(picture, *, center, roll, size, scale=(1, 1)):
    """Samples a rectangle that leans, by cubic interpolation; black beyond the picture.

    Args:
        picture: `PIL.Image.Image`, RGB or L.
        center: `(x, y)` of the rectangle's center in the picture.
        roll: degrees by which the rectangle leans clockwise; in the result it is upright.
        size: `(width, height)` of the result.
        scale: `(x, y)`, pixels of the picture, along its own axes, per pixel of the result;
            above 1 the result aliases.

    Returns:
        `PIL.Image.Image` of the same mode.
    """
    (a, d), (b, e) = turn((1, 0), roll), turn((0, 1), roll)
    a, b, d, e = a * scale[0], b * scale[0], d * scale[1], e * scale[1]
    across, down = size[0] / 2, size[1] / 2
    corner = center[0] - a * across - b * down, center[1] - d * across - e * down
    matrix = (a, b, corner[0], d, e, corner[1])
    return picture.transform(size, Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)


def cut_square(picture, *, center, roll, side, image_size):
    """Cuts out a square that leans, at another size, without aliasing.

    What is too fine for twice the wanted size is filtered off (Lanczos), the square is sampled at
    twice the wanted size, and each pixel is the mean of four. A mean does not ring: the border
    of the picture stays as sharp, and the black beside it as black, as pixels allow.

    Args:
        picture: `PIL.Image.Image`, RGB or L.
        center: `(x, y)` of the square's center in the picture.
        roll: degrees by which the square leans clockwise.
        side: of the square, in pixels of the picture.
        image_size: of the result.

    Returns:
        `PIL.Image.Image`, `image_size` square, of the same mode.
    """
    fine = _SUPERSAMPLING * image_size
    reach = side * math.sqrt(0.5) + 2 * max(1, side / fine)
    left, top, right, bottom = (
        min(max(edge, 0), limit)
        for edge, limit in (
            (math.floor(center[0] - reach), picture.width),
            (math.floor(center[1] - reach), picture.height),
            (math.ceil(center[0] + reach), picture.width),
            (math.ceil(center[1] + reach), picture.height),
        )
    )
    if left >= right or top >= bottom:
        return Image.new(picture.mode, (image_size, image_size))
    shrink = max(1, side / fine)
    width, height = right - left, bottom - top
    near = (max(1, round(width / shrink)), max(1, round(height / shrink)))
    part = picture.resize(
        near, Image.Resampling.LANCZOS, box=(left, top, right, bottom), reducing_gap=3.0
    )
    x_scale, y_scale = near[0] / width, near[1] / height
    return cut(
        part,
        center=((center[0] - left) * x_scale, (center[1] - top) * y_scale),
        roll=roll,
        scale=(side / fine * x_scale, side / fine * y_scale),
        size=(fine, fine),
    ).reduce(_SUPERSAMPLING)
