"""An artwork that is a file: by itself in a folder, or inside an archive."""

import dataclasses
import io
import json
import os
import stat

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError
from anime_style_tf.data.pictures import open_picture

MAX_BYTES = 512 * 2**20  # of one file; larger ones are refused unread


@dataclasses.dataclass(frozen=True, kw_only=True)
class FileArtwork(Artwork):
    """A picture file.

    Args:
        place: where its bytes are: a `PlainFile`, a member of an archive, or None if it is
            missing. It has `stamp()` and `read()`, see `Artwork`; `read` returns `bytes`.
        factors: JSON object of what is known about the content.
    """

    place: object
    factors: str = "{}"

    def stamp(self):
        """Returns size and time of change; see `Artwork.stamp`."""
        return "" if self.place is None else self.place.stamp()

    def read(self):
        """Reads the file; see `Artwork.read`."""
        if self.place is None:
            raise DamagedArtworkError("no such file")
        return self.place.read(), json.loads(self.factors)

    def decode(self, data, *, image_size, max_pixels):
        """Decodes the file; see `Artwork.decode`."""
        return open_picture(io.BytesIO(data), image_size=image_size, max_pixels=max_pixels)


@dataclasses.dataclass(frozen=True, slots=True)
class PlainFile:
    """A file of its own.

    Args:
        path: of the file; `bytes` where it must mean the same in processes of other locales.
    """

    path: str | bytes

    def stamp(self):
        """Returns its size and time of change, or nothing if it is not to be seen."""
        return stamp_of_file(self.path)

    def read(self):
        """Returns all its bytes; only regular files are ever opened."""
        try:
            # A pipe or a device could block for ever: look before opening.
            check_regular(os.stat(self.path))
            with open(self.path, "rb", opener=_open_without_waiting) as file:
                before = os.fstat(file.fileno())
                check_regular(before)
                check_size(before.st_size)
                data = file.read(MAX_BYTES + 1)
                after = os.fstat(file.fileno())
        except (OSError, ValueError) as error:  # ValueError: a path with a null character
            raise DamagedArtworkError(reason_of(error)) from error
        if len(data) != before.st_size or after.st_mtime_ns != before.st_mtime_ns:
            raise DamagedArtworkError("it changed while it was read")
        return data


def stamp_of_file(path):
    """Returns size and time of change of a file as text; empty if it is not to be seen."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def check_regular(status):
    """Raises a `DamagedArtworkError` for anything but a regular file.

    Args:
        status: an `os.stat_result`.
    """
    if stat.S_ISDIR(status.st_mode):
        raise DamagedArtworkError("a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise DamagedArtworkError("a pipe, socket or device, not a file")


def check_size(size):
    """Raises a `DamagedArtworkError` for nothing and for too much.

    Args:
        size: in bytes.
    """
    if size == 0:
        raise DamagedArtworkError("an empty file")
    if size > MAX_BYTES:
        raise DamagedArtworkError(f"{size} bytes, the limit is {MAX_BYTES}")


def reason_of(error):
    """Returns why a file could not be read, without its path."""
    if isinstance(error, DamagedArtworkError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"


def _open_without_waiting(path, flags):
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)
