"""Picture files to and from arrays, with Pillow only.

Everything here is uint8 sRGB in `[0, 255]`, `[height, width, channels]`.
"""

import contextlib
import functools
import io
import pathlib
import warnings

import numpy as np
from PIL import Image, ImageCms, UnidentifiedImageError

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.png_chunks import SIGNATURE, without_notes

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "TGA", "AVIF")
_RUN_LENGTHS = 3  # zlib's Z_RLE
_WIDE_MODES = ("I", "I;16", "I;16B", "I;16L", "I;16N")
# Mode -> the mode with the same colors and no opacity, for which color profiles are made.
_OPAQUE = {"1": "L", "LA": "L", "RGBA": "RGB", "RGBX": "RGB", "P": "RGB", "PA": "RGB"}
_ORIENTATION = 0x0112  # tag of EXIF
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def open_picture(file, *, image_size, max_pixels):
    """Reads a picture of any common format.

    The first frame counts; EXIF rotation and an embedded color profile are applied, and left
    out where they are damaged. So are the texts of a PNG, and damaged chunks that its pixels do
    not need. Of 16 bits a channel the upper 8 count.

    Args:
        file: path or binary file object.
        image_size: side in pixels to which it will be fitted; a large JPEG is decoded at a
            fraction of its size that is still at least twice this. None decodes all of it.
        max_pixels: larger pictures are refused before they are decoded.

    Returns:
        `PIL.Image.Image` of mode RGBA, alpha not premultiplied; `info["full_size"]` is the size
        that it has in the file.

    Raises:
        DamagedArtworkError: not a picture, broken, or too large.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with _pixel_limit(None):  # reads the header; the limit is checked below
                picture = Image.open(_without_notes(file), formats=_formats())
            with picture, _pixel_limit(max_pixels):
                width, height = picture.size
                if width * height > max_pixels:
                    raise DamagedArtworkError(
                        f"{width} x {height} pixels, the limit is {max_pixels} (max_pixels)"
                    )
                if image_size is not None:
                    picture.draft(None, (2 * image_size, 2 * image_size))
                picture.load()
                turn = _TURNS.get(_orientation(picture))
                rgba = _to_rgba(picture if turn is None else picture.transpose(turn))
                rgba.info["full_size"] = (width, height)
                return rgba
    except (DamagedArtworkError, MemoryError):
        raise
    except UnidentifiedImageError as error:
        formats = f"{', '.join(FORMATS[:-1])} or {FORMATS[-1]}"
        raise DamagedArtworkError(f"no picture, or damaged at its start: not {formats}") from error
    except Exception as error:  # Pillow's decoders raise nearly everything on damaged input
        raise DamagedArtworkError(f"{type(error).__name__}: {error}") from error


@functools.cache
def _formats():
    """Returns the formats that can be read: HEIC, too, where its package is installed."""
    try:
        import pillow_heif
    except ImportError:
        return FORMATS
    pillow_heif.register_heif_opener()
    return (*FORMATS, "HEIF")


def _without_notes(file):
    """Returns what to open in place of a file: of a PNG, what its pixels need."""
    if not hasattr(file, "read"):
        file = io.BytesIO(pathlib.Path(file).read_bytes())
    file.seek(0)
    head = file.read(len(SIGNATURE))
    file.seek(0)
    return io.BytesIO(without_notes(file.read())) if head == SIGNATURE else file


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

    Source: `docs/method.md` section 1: padded with black; the coverage mask is kept beside it.
    """
    scale = image_size / max(picture.size)
    size = tuple(max(1, round(side * scale)) for side in picture.size)
    corner = tuple((image_size - side) // 2 for side in size)
    alpha = picture.getchannel("A")
    drawn = picture.convert("RGB")
    image = Image.new("RGB", (image_size, image_size))
    coverage = Image.new("L", (image_size, image_size))
    if alpha.getextrema()[0] == 255:
        coverage.paste(255, (*corner, corner[0] + size[0], corner[1] + size[1]))
    else:
        drawn = Image.composite(drawn, Image.new("RGB", picture.size), alpha)
        coverage.paste(_resized(alpha, size), corner)
    image.paste(_resized(drawn, size), corner)
    return np.asarray(image), np.asarray(coverage)


def encode_png(pixels):
    """Encodes pixels without loss.

    Args:
        pixels: uint8 `[height, width]` or `[height, width, 3]`.

    Returns:
        PNG `bytes`; equal pixels give equal bytes.
    """
    buffer = io.BytesIO()
    # Runs alone: a third of the time at 256 pixels, and drawings take 1 to 2 % more bytes.
    Image.fromarray(pixels).save(buffer, format="PNG", compress_type=_RUN_LENGTHS)
    return buffer.getvalue()


def decode_png(data):
    """Decodes what `encode_png` made; returns uint8 `[height, width(, 3)]`."""
    with Image.open(io.BytesIO(data), formats=("PNG",)) as picture:
        return np.asarray(picture)


def _resized(picture, size):
    return picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _orientation(picture):
    """Returns the number that EXIF or XMP gives, or None."""
    try:
        return picture.getexif().get(_ORIENTATION)
    except MemoryError:
        raise
    except Exception:  # damaged EXIF raises anything; the picture is sound without it
        return None


def _to_rgba(picture):
    if picture.mode == "F":
        raise DamagedArtworkError("floating-point pixels have no defined range")
    if picture.mode in _WIDE_MODES:
        picture = _narrowed(picture)
    elif picture.mode in ("La", "RGBa"):  # alpha premultiplied
        picture = picture.convert(picture.mode.upper())
    alpha = None
    if "A" in picture.getbands() or "transparency" in picture.info:
        alpha = picture.convert("RGBA").getchannel("A")
    rgb = _to_srgb(picture)
    rgb.putalpha(Image.new("L", picture.size, 255) if alpha is None else alpha)
    return rgb


def _narrowed(picture):
    """Returns 16 bits per pixel as 8; Pillow's own conversion clips."""
    wide = np.clip(np.asarray(picture).astype(np.int64), 0, 65535)
    narrow = Image.fromarray(np.round(wide / 257).astype(np.uint8))
    transparent = picture.info.get("transparency")
    if isinstance(transparent, int):
        opaque = np.where(wide == transparent, 0, 255).astype(np.uint8)
        narrow.putalpha(Image.fromarray(opaque))
    narrow.info = {name: picture.info[name] for name in ("icc_profile",) if name in picture.info}
    return narrow


def _to_srgb(picture):
    """Returns RGB; a profile that is damaged or does not fit the pixels is left out."""
    mode = _OPAQUE.get(picture.mode, picture.mode)
    # A palette may have opacity of its own, which only RGBA takes.
    opaque = (picture.convert("RGBA") if picture.mode in ("P", "PA") else picture).convert(mode)
    profile = picture.info.get("icc_profile")
    transform = _profile_transform(profile, mode) if profile else None
    if transform is not None:
        return ImageCms.applyTransform(opaque, transform)
    return opaque if mode == "RGB" else opaque.convert("RGB")


@functools.lru_cache(maxsize=8)
def _profile_transform(profile, mode):
    """Returns the transform of a profile to sRGB, or None if it has none; many files share one."""
    try:
        embedded = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.buildTransform(embedded, ImageCms.createProfile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
