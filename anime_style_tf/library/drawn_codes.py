"""Codes to pictures, the same bytes however many are drawn at once."""

import numpy as np

from anime_style_tf.errors import InputError

_AT_ONCE = 8  # always so many, zeros beside the last ones: sums are then rounded in one order


def draw_codes(networks, style, content, *, seed=None, free=None):
    """Draws G([style, content, free]).

    Args:
        networks: `RunNetworks` or `BundledNetworks`, with a generator.
        style: `[..., k_S]`, standardized.
        content: `[..., k_C]`; leading axes are broadcast.
        seed: whole numbers `[...]` or one for all, that the free code is drawn from as the
            signature `generate` does; None leaves it zero.
        free: `[..., f]` in its place.

    Returns:
        uint8 `[..., height, width, 3]`, sRGB.

    Raises:
        InputError: codes of other sizes, more of one than go with the other, none, or values that
            are not finite.
    """
    style, content = np.asarray(style, "float32"), np.asarray(content, "float32")
    batch = _checked(networks, style, content)
    count = int(np.prod(batch))
    parts = [
        np.broadcast_to(code, (*batch, code.shape[-1])).reshape(count, -1)
        for code in (style, content)
    ]
    seeds = None if seed is None else np.broadcast_to(seed, batch).reshape(count).astype("int64")
    if free is not None:
        free = np.asarray(free, "float32").reshape(count, -1)
    images = []
    for start in range(0, count, _AT_ONCE):
        at = slice(start, start + _AT_ONCE)
        of_these = [None if each is None else each[at] for each in (seeds, free)]
        images.append(_drawn(networks, *(part[at] for part in parts), *of_these))
    images = np.concatenate(images)
    return images.reshape(*batch, *images.shape[1:])


def moved_style(style, shifts):
    """Style codes with some dimensions moved.

    Args:
        style: `[..., k_S]`.
        shifts: dictionary of dimensions, from 0, and how far each is moved.

    Returns:
        `[..., k_S]`, a copy.

    Raises:
        InputError: there is no such dimension.
    """
    moved = np.array(style)
    for dimension, shift in shifts.items():
        check_dimension(dimension, moved.shape[-1])
        moved[..., dimension] += shift
    return moved


def check_dimension(dimension, size):
    """Refuses what is no dimension of a style code of `size` dimensions with an InputError."""
    if dimension not in range(size):
        raise InputError(
            f"dimension: expected a whole number from 0 to {size - 1} (k_S = {size}), received "
            f"{dimension}"
        )


def _checked(networks, style, content):
    """The axes that styles and contents have together."""
    sizes = networks.style_size, networks.content_size
    received = f"received shapes {style.shape} and {content.shape}"
    if (style.shape[-1:], content.shape[-1:]) != tuple((size,) for size in sizes):
        raise InputError(f"expected style codes of {sizes[0]}, content codes of {sizes[1]} "
                         f"dimensions, {received}")  # fmt: skip
    if not (np.isfinite(style).all() and np.isfinite(content).all()):
        raise InputError("expected codes of finite numbers, received others: leave them out")
    try:
        batch = np.broadcast_shapes(style.shape[:-1], content.shape[:-1])
    except ValueError:
        batch = (0,)
    if 0 in batch:
        raise InputError(f"expected one style for all contents, or one for each, {received}")
    return batch


def _drawn(networks, style, content, seeds, free):
    count = len(style)
    missing = _AT_ONCE - count
    style, content = (np.pad(code, ((0, missing), (0, 0))) for code in (style, content))
    seeds = None if seeds is None else np.pad(seeds, (0, missing))
    free = None if free is None else np.pad(free, ((0, missing), (0, 0)))
    images = networks.draw(style, content, seeds, free)[:count]
    return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)
