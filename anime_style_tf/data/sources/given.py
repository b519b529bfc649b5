"""A source of pictures that a program holds: paths, Pillow images and arrays, checked."""

import dataclasses
import io
import itertools
import os
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from PIL import Image

from anime_style_tf.data.pictures import encode_png
from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError

PictureLike: TypeAlias = str | os.PathLike | Image.Image | np.ndarray | Sequence

_EXPECTED = (
    "a path, a PIL image, an array [height, width, 3] or [pictures, height, width, 3] of uint8 or "
    "of floats in [0, 1] (sRGB), or a list of such"
)


class GivenPictures:
    """A source of what a program is given as pictures.

    Arrays and Pillow images are written as PNG in memory and then read as any file is, so that
    the same pixels give the same portrait whichever way they come.

    Args:
        given: a path of a picture, a folder or an archive; a `PIL.Image.Image`; an array, sRGB,
            uint8 or floats in [0, 1], `[height, width, 3]` for one picture, `[pictures, height,
            width, 3]` for several; or a list of any of these.

    Raises:
        InputError: anything else, or an array of another shape, type or range.
    """

    def __init__(self, given: PictureLike):
        self._sources = []
        numbers = itertools.count()
        for one in given if isinstance(given, (list, tuple)) else [given]:
            if isinstance(one, (str, os.PathLike)):
                self._sources.append(Pictures([one]))
                continue
            files = [_png_of_image(one)] if isinstance(one, Image.Image) else _pngs_of_array(one)
            works = [_artwork(data, next(numbers)) for data in files]
            self._sources.append(_InMemory(works))

    def artworks(self):
        """Yields a `FileArtwork` for each picture, in the order in which they were given."""
        for source in self._sources:
            yield from source.artworks()

    def description(self):
        """Returns what says which pictures these are."""
        return {"name": "given", "sources": [source.description() for source in self._sources]}


@dataclasses.dataclass(frozen=True)
class _InMemory:
    works: list

    def artworks(self):
        return iter(self.works)

    def description(self):
        return [work.stamp() for work in self.works]


@dataclasses.dataclass(frozen=True)
class _Bytes:
    """A place of a `FileArtwork`: a file that was never on a disk."""

    data: bytes

    def stamp(self):
        return f"{len(self.data)} bytes in memory"

    def read(self):
        return self.data


def _artwork(data, number):
    name = f"picture {number}"
    return FileArtwork(artist="", work_id=name, reference=name, place=_Bytes(data))


def _png_of_image(image):
    file = io.BytesIO()
    try:
        image.load()
        try:
            image.save(file, format="PNG", exif=image.getexif())
        except OSError:  # PNG has no CMYK, for one, and no use for its profile
            converted = image.convert("RGB")
            converted.info.pop("icc_profile", None)
            converted.save(file, format="PNG", exif=image.getexif())
    except (OSError, ValueError, SyntaxError) as error:  # cut short, of no size, damaged
        reason = " ".join(str(error).split())
        raise InputError(f"pictures: {image!r} cannot be read: {reason}: leave it out") from error
    return file.getvalue()


def _pngs_of_array(given):
    try:
        images = np.asarray(given)
    except ValueError:  # a list in the list, of arrays of several sizes
        images = np.empty(0, object)
    if images.ndim == 3:
        images = images[None]
    if images.ndim != 4 or images.shape[-1] != 3 or 0 in images.shape:
        received = f"shape {np.shape(given)}" if images.dtype != object else type(given).__name__
        raise InputError(f"pictures: expected {_EXPECTED}, received {received}")
    if images.dtype != np.uint8:
        images = _as_bytes(images)
    return [encode_png(image) for image in images]


def _as_bytes(images):
    if not np.issubdtype(images.dtype, np.floating):
        raise InputError(
            f"pictures: expected uint8 or floats in [0, 1], received {images.dtype}: convert them "
            "with .astype('uint8') if they are in 0-255"
        )
    least, most = images.min(), images.max()
    if not (least >= 0 and most <= 1):  # False for NaN too
        raise InputError(
            f"pictures: floats are expected in [0, 1], received values from {least:g} to "
            f"{most:g}: divide by 255, or give uint8"
        )
    return np.round(images * 255).astype(np.uint8)
