"""Refuses images that a network would take and answer wrongly."""

from keras import ops

from anime_style_tf.errors import InputError

_FAR = 1.5  # normalized Lab of a color is within [-1, 1]; a network's own drawing a little beyond


def check_lab(lab, image_size):
    """Refuses what cannot be normalized Lab of a network's size.

    Values are looked at only where they are at hand: outside a traced function, and of the first
    image.

    Args:
        lab: `[batch, height, width, 3]`.
        image_size: that of the network, pixels.

    Raises:
        InputError: another shape, whole numbers, or values far out of range.
    """
    wanted = (image_size, image_size, 3)
    shape = tuple(lab.shape)
    fits = len(shape) == 4 and all(
        have in (None, want) for have, want in zip(shape[1:], wanted, strict=True)
    )
    if not fits:
        raise InputError(
            f"expected images [batch, {image_size}, {image_size}, 3], received {list(shape)}: "
            "bring them to the encoder's image_size, channels last"
        )
    if not ops.is_tensor(lab) or not hasattr(lab, "numpy"):
        return
    first = ops.convert_to_numpy(lab[:1]).astype("float32")
    if first.size and not abs(first).max() <= _FAR:
        raise InputError(
            f"expected normalized Lab, within [-1, 1], received values from {first.min():g} to "
            f"{first.max():g}: convert sRGB (uint8, or floats in [0, 1]) by srgb_to_lab"
        )
