"""Codes to pictures, the same bytes however many are drawn at once."""

import numpy as np

from anime_style_tf.errors import InputError
from anime_style_tf.serving.free_code import free_code

_AT_ONCE = 8  # always so many, zeros beside the last ones: sums are then rounded in one order


def draw_codes(trained, style, content, *, seed=None):
    """Draws G([style, content, free]).

    Args:
        trained: `Trained` with a generator.
        style: `[..., k_S]`, standardized.
        content: `[..., k_C]`; leading axes are broadcast.
        seed: whole numbers `[...]` or one for all, that the free code is drawn from as the
            signature `generate` does; None leaves it zero.

    Returns:
        uint8 `[..., height, width, 3]`, sRGB.

    Raises:
        InputError: codes of other sizes, more of one than go with the other, none, or values that
            are not finite.
    """
    style, content = np.asarray(style, "float32"), np.asarray(content, "float32")
    batch = _checked(trained, style, content)
    count = int(np.prod(batch))
    if seed is None:
        free = np.zeros((count, trained.free_size))
    else:
        free = free_code(np.broadcast_to(seed, batch).reshape(count), trained.free_size).numpy()
    parts = [
        *(np.broadcast_to(code, (*batch, code.shape[-1])) for code in (style, content)),
        free,
    ]
    parts = [part.reshape(count, -1) for part in parts]
    starts = range(0, count, _AT_ONCE)
    images = np.concatenate(
        [_drawn(trained, [part[i : i + _AT_ONCE] for part in parts]) for i in starts]
    )
    return images.reshape(*batch, *images.shape[1:])


def _checked(trained, style, content):
    """The axes that styles and contents have together."""
    sizes = trained.style_encoder.code_size, trained.content_encoder.code_size
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


def _drawn(trained, parts):
    count = len(parts[0])
    padded = [np.pad(part, ((0, _AT_ONCE - count), (0, 0))) for part in parts]
    images = trained.generate(*padded)[:count]
    return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)
