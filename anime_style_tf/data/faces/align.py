"""From a face in a picture to a portrait: upright, a square around it, black where nothing is."""

import numpy as np
from PIL import Image

from anime_style_tf.data.faces.turning import cut_square, within
from anime_style_tf.errors import InputError

_REACH = 0.8  # of the side: half the diagonal, and what the filters need around it


def align(picture, face, *, crop_scale=1.75, image_size):
    """Turns the line of the eyes level and crops a square around the face.

    Args:
        picture: `PIL.Image.Image`, RGBA, alpha not premultiplied.
        face: `Face` in it.
        crop_scale: side of the square over the longer side of the face's box; raising it shows
            more hair and shoulders.
        image_size: side of the portrait in pixels.

    Returns:
        `(image, coverage)`: uint8 `[image_size, image_size, 3]`, sRGB, on black, and uint8
        `[image_size, image_size]`, the opacity: 0 on what lies beyond the picture.

    Raises:
        InputError: `crop_scale` or `image_size` is not positive.

    Source: Xiang & Li (2018), preparation of the data: rotated by the eyes, missing parts black;
        `docs/method.md` section 1 (the coverage is kept).
    """
    if not (crop_scale > 0 and image_size > 0):
        raise InputError(
            "align: expected crop_scale and image_size above 0, received "
            f"{crop_scale} and {image_size}"
        )
    side = crop_scale * max(face.box[2:])
    part, corner = within(picture, face.center, _REACH * side + 4)  # spares blackening all of it
    if part is None:
        empty = np.zeros((image_size, image_size, 4), np.uint8)
        return empty[..., :3], empty[..., 3]
    alpha = part.getchannel("A")
    drawn = Image.composite(part.convert("RGB"), Image.new("RGB", part.size), alpha)
    center = face.center[0] - corner[0], face.center[1] - corner[1]
    square = {"center": center, "roll": face.roll, "side": side, "image_size": image_size}
    return tuple(np.asarray(cut_square(channels, **square)) for channels in (drawn, alpha))
