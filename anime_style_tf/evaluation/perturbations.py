"""Changes of image files that leave the style alone: what a style code should not notice."""

import io

import numpy as np
from PIL import Image, ImageFilter


def encoded(picture, image_format, quality):
    """A picture after encoding and decoding.

    Args:
        picture: `PIL.Image`, RGB.
        image_format: "JPEG" or "WEBP".
        quality: 1 to 100. Lowering it loses more.

    Returns:
        `PIL.Image` of the same size.
    """
    buffer = io.BytesIO()
    picture.save(buffer, format=image_format, quality=quality)
    return Image.open(buffer).convert("RGB")


def as_jpeg(images, *, quality):
    """Images after JPEG.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        quality: 1 to 100. Lowering it loses more.

    Returns:
        uint8 of the same shape.
    """
    return _each(images, lambda picture: encoded(picture, "JPEG", quality))


def resized_and_back(images, *, scale):
    """Images at another size, and at their own again, both by bicubic resampling.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        scale: of the size between; below 1 detail is lost.

    Returns:
        uint8 of the same shape.
    """

    def change(picture):
        size = tuple(max(1, round(scale * side)) for side in picture.size)
        between = picture.resize(size, Image.Resampling.BICUBIC)
        return between.resize(picture.size, Image.Resampling.BICUBIC)

    return _each(images, change)


def blurred(images, *, radius):
    """Images after a Gaussian blur.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        radius: standard deviation, pixels.

    Returns:
        uint8 of the same shape.
    """
    return _each(images, lambda picture: picture.filter(ImageFilter.GaussianBlur(radius)))


def shifted(images, *, rows, columns):
    """Images moved down and to the right; their border is repeated.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        rows: pixels down, or up if negative.
        columns: pixels to the right, or to the left if negative.

    Returns:
        uint8 of the same shape.
    """
    height, width = images.shape[1:3]
    down = np.clip(np.arange(height) - rows, 0, height - 1)
    right = np.clip(np.arange(width) - columns, 0, width - 1)
    return images[:, down][:, :, right]


def mirrored(images):
    """Images with left and right exchanged.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.

    Returns:
        uint8 of the same shape.
    """
    return images[:, :, ::-1]


PERTURBATIONS = {
    "JPEG 90": lambda images: as_jpeg(images, quality=90),
    "JPEG 75": lambda images: as_jpeg(images, quality=75),
    "JPEG 50": lambda images: as_jpeg(images, quality=50),
    "2 pixels aside": lambda images: shifted(images, rows=1, columns=2),
    "mirrored": mirrored,
    "3/4 size and back": lambda images: resized_and_back(images, scale=0.75),
    "half size and back": lambda images: resized_and_back(images, scale=0.5),
    "blur of 0.6 pixels": lambda images: blurred(images, radius=0.6),
}


def _each(images, change):
    return np.stack([np.asarray(change(Image.fromarray(image))) for image in images])
