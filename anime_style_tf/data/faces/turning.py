"""Cuts what leans out of a picture, upright: what searching and aligning have in common."""

import math

import numpy as np
from PIL import Image

_SUPERSAMPLING = 2
_CONTINUED = 8  # pixels; Lanczos reaches 3 pixels of the result, 6 before


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
    """Cuts out a square that leans, at another size, without aliasing; black beyond the picture.

    What is too fine for twice the wanted size is filtered off, the square is sampled at twice the
    wanted size, and brought to it: Lanczos both times. The picture is continued beyond its border
    on the way and blackened there at the end, so that the border does not ring.

    Args:
        picture: `PIL.Image.Image`, RGB or L.
        center: `(x, y)` of the square's center in the picture.
        roll: degrees by which the square leans clockwise.
        side: of the square, in pixels of the picture.
        image_size: of the result.

    Returns:
        `PIL.Image.Image`, `image_size` square, of the same mode.
    """
    step = side / (_SUPERSAMPLING * image_size)
    part, corner = within(picture, center, side * math.sqrt(0.5) + 2 * max(1, step))
    if part is None:
        return Image.new(picture.mode, (image_size, image_size))
    near = tuple(max(1, round(length / max(1, step))) for length in part.size)
    scale = tuple(reduced / whole for reduced, whole in zip(near, part.size, strict=True))
    part = part.resize(near, Image.Resampling.LANCZOS, reducing_gap=3.0)
    x, y = ((center[axis] - corner[axis]) * scale[axis] for axis in (0, 1))
    samples = {
        "roll": roll,
        "size": (_SUPERSAMPLING * image_size,) * 2,
        "scale": (step * scale[0], step * scale[1]),
    }
    continued = cut(_continue(part), center=(x + _CONTINUED, y + _CONTINUED), **samples)
    square = continued.resize((image_size, image_size), Image.Resampling.LANCZOS)
    inside = cut(Image.new("L", near, 255), center=(x, y), **samples).reduce(_SUPERSAMPLING)
    return Image.composite(square, Image.new(square.mode, square.size), inside)


def within(picture, center, reach):
    """Crops what is in reach.

    Args:
        picture: `PIL.Image.Image`.
        center: `(x, y)`, may lie outside of the picture.
        reach: pixels in each direction.

    Returns:
        `(part, corner)`: the crop, None where nothing is in reach, and its upper left corner.
    """
    corners = [
        [min(max(round_(center[axis] + sign * reach), 0), picture.size[axis]) for axis in (0, 1)]
        for sign, round_ in ((-1, math.floor), (1, math.ceil))
    ]
    (left, top), (right, bottom) = corners
    if left >= right or top >= bottom:
        return None, corners[0]
    return picture.crop((left, top, right, bottom)), corners[0]


def _continue(picture):
    """Repeats the outermost pixels."""
    pixels = np.asarray(picture)
    widths = [(_CONTINUED, _CONTINUED)] * 2 + [(0, 0)] * (pixels.ndim - 2)
    return Image.fromarray(np.pad(pixels, widths, mode="edge"))
