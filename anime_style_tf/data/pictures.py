"""Picture files to and from arrays, with Pillow only.

Everything here is uint8 sRGB in `[0, 255]`, `[height, width, channels]`.
"""

import contextlib
import io
import warnings

import numpy as np
from PIL import Image, ImageCms, ImageOps

from anime_style_tf.data.artwork import DamagedArtworkError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "TGA", "AVIF")
_WIDE_MODES = ("I", "I;16", "I;16B", "I;16L")


def open_picture(file, *, image_size, max_pixels):
    """Reads a picture of any common format.

    The first frame counts; EXIF rotation and an embedded color profile are applied.

    Args:
        file: path or binary file object.
        image_size: side in pixels to which it will be fitted; a large JPEG is decoded at a
            fraction of its size that is still at least twice this.
        max_pixels: larger pictures are refused before they are decoded.

    Returns:
        `PIL.Image.Image` of mode RGBA, alpha not premultiplied.

    Raises:
        DamagedArtworkError: not a picture, broken, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _pixel_limit(None):  # reads the header; the limit is checked below
                picture = Image.open(file, formats=FORMATS)
            with picture, _pixel_limit(max_pixels):
                width, height = picture.size
                if width * height > max_pixels:
                    raise DamagedArtworkError(
                        f"{width} x {height} pixels, the limit is {max_pixels} (max_pixels)"
                    )
                picture.draft(None, (2 * image_size, 2 * image_size))
                picture.load()
                return _to_rgba(ImageOps.exif_transpose(picture))
    except DamagedArtworkError:
        raise
    except Exception as error:  # Pillow's decoders raise nearly everything on damaged input
        raise DamagedArtworkError(f"{type(error).__name__}: {error}") from error


@contextlib.contextmanager
def _pixel_limit(pixels):
    """Sets Pillow's own limit, which would refuse what `max_pixels` admits."""
    kept, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, pixels
    try:
        yield
    finally:
        Image.MAX_IMAGE_PIXELS = kept


def fit_square(picture, image_size):
    """Fits a picture into a square: shape kept, transparency and padding black.

    Args:
        picture: `PIL.Image.Image`, RGBA.
        image_size: side in pixels.

    Returns:
        `(image, coverage)`: uint8 `[image_size, image_size, 3]`, on black, and uint8
        `[image_size, image_size]`, the opacity: 0 on padding.

    Source: METHOD, section 1: padded with black; the coverage mask is kept beside it.
    """
    scale = image_size / max(picture.size)
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    alpha = picture.getchannel("A")
    black = Image.new("RGB", picture.size)
    drawn = Image.composite(picture.convert("RGB"), black, alpha)
    corner = tuple((image_size - side) // 2 for side in size)
    image = Image.new("RGB", (image_size, image_size))
    coverage = Image.new("L", (image_size, image_size))
    for source, target in ((drawn, image), (alpha, coverage)):
        resized = source.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
        target.paste(resized, corner)
    return np.asarray(image), np.asarray(coverage)


def encode_png(pixels):
    """Encodes pixels without loss.

    Args:
        pixels: uint8 `[height, width]` or `[height, width, 3]`.

    Returns:
        PNG `bytes`; equal pixels give equal bytes.
    """
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()


def decode_png(data):
    """Decodes what `encode_png` made; returns uint8 `[height, width(, 3)]`."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
        return np.asarray(picture)


def _to_rgba(picture):
    if picture.mode in _WIDE_MODES:  # 16 bits per pixel; Pillow's own conversion clips
        wide = np.clip(np.asarray(picture).astype(np.int64), 0, 65535)
        picture = Image.fromarray(np.round(wide / 257).astype(np.uint8))
    if picture.mode == "F":
        raise DamagedArtworkError("floating-point pixels have no defined range")
    transparent = "A" in picture.getbands() or "transparency" in picture.info
    alpha = picture.convert("RGBA").getchannel("A") if transparent else None
    rgb = _to_srgb(picture)
    if alpha is None:
        alpha = Image.new("L", picture.size, 255)
    rgb.putalpha(alpha)
    return rgb


def _to_srgb(picture):
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK", "L"):
        try:
            embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(
                picture, embedded, ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that does not fit the pixels says nothing: read them as sRGB
    return picture.convert("RGBA").convert("RGB")
