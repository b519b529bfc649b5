"""Rotation about an image's center, which turns a tilted face upright."""

from keras import ops


def rotate(images, angles):
    """Rotates each image counterclockwise about its center, black where nothing comes in.

    Sampling is bilinear and the size stays: corners that leave the picture are lost. A pixel
    that lies partly outside is mixed with black by its coverage, so dividing by the coverage
    where that is positive gives the color alone.

    Args:
        images: `[batch, height, width, channels]`, float; sRGB in [0, 1], where 0 is black.
        angles: `[batch]`, radians; positive turns counterclockwise as seen on the screen.

    Returns:
        The rotated images, of the same shape and range, and their coverage
        `[batch, height, width, 1]` in [0, 1]: 1 where the pixel is the image's, 0 outside.

    Source: Xiang & Li (2018), preparation of the data: faces are rotated upright, missing
    pixels are black.
    """
    images = ops.convert_to_tensor(images)
    batch, height, width, _ = ops.shape(images)
    angles = ops.broadcast_to(ops.cast(angles, "float32"), (batch,))
    transforms = _rotation_transforms(angles, height=height, width=width)
    covered = ops.concatenate([images, ops.ones_like(images[..., :1])], axis=-1)
    rotated = ops.image.affine_transform(
        covered,
        transforms,
        interpolation="bilinear",
        fill_mode="constant",
        fill_value=0.0,
        data_format="channels_last",
    )
    return rotated[..., :-1], rotated[..., -1:]


def _rotation_transforms(angles, *, height, width):
    """Maps output to input pixels: `[batch, 8]` rows (a0, a1, a2, b0, b1, b2, 0, 0)."""
    center_x, center_y = (width - 1) / 2.0, (height - 1) / 2.0
    cosine, sine = ops.cos(angles), ops.sin(angles)
    shift_x = center_x - cosine * center_x + sine * center_y
    shift_y = center_y - sine * center_x - cosine * center_y
    zeros = ops.zeros_like(angles)
    rows = (cosine, -sine, shift_x, sine, cosine, shift_y, zeros, zeros)
    return ops.stack(rows, axis=-1)
