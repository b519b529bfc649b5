"""Pictures inside a .tar, read one by one at their place in it."""

import atexit
import bz2
import dataclasses
import functools
import gzip
import hashlib
import lzma
import os
import pathlib
import shutil
import tarfile
import tempfile
import zlib

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources.encodings import decoder
from anime_style_tf.data.sources.files import MAX_BYTES, check_size, reason_of, stamp_of_file
from anime_style_tf.data.sources.names import bytes_of, escapes, plain, text_of
from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

_COMPRESSIONS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
_MAX_RATIO = 100  # unpacked to packed; pictures are compressed already
_RATIO_FREE_BYTES = 2**30
_CHUNK = 2**20


@dataclasses.dataclass(frozen=True, slots=True)
class TarMember:
    """A file in a .tar.

    Args:
        archive: path of what the user gave, perhaps compressed; its stamp counts.
        tar: path of the plain .tar.
        offset: where the bytes begin in that.
        size: in bytes.
    """

    archive: str
    tar: str
    offset: int
    size: int

    def stamp(self):
        """Returns size and time of change of the archive, and place and size of the member."""
        stamp = stamp_of_file(self.archive)
        return stamp and f"{stamp} {self.offset} {self.size}"

    def read(self):
        """Returns its bytes."""
        check_size(self.size)
        try:
            with open(self.tar, "rb") as file:
                file.seek(self.offset)
                data = file.read(self.size)
        except OSError as error:
            raise DamagedArtworkError(f"damaged archive: {reason_of(error)}") from error
        if len(data) != self.size:
            raise DamagedArtworkError("damaged archive: it ends within this file")
        return data


def list_tar(path, tar, encoding=None):
    """Lists a .tar.

    Args:
        path: `pathlib.Path` of what the user gave.
        tar: `pathlib.Path` of the plain .tar: the same, or what `unpacked` made of it.
        encoding: of the names that do not say it; None recognizes it, see `decoder`.

    Yields:
        `(name, place, rejection)` for each file in it, see `Entry`; where it is damaged, one
        that says so is the last.

    Raises:
        InputError: nothing in it can be read.
    """
    members = []  # all of them, for together their names tell the encoding
    with _opened(path, tar) as archive:
        try:
            for member in _members(archive):
                if not member.isdir():
                    # Long names in the newer form of the format are UTF-8 by definition.
                    name = member.name if "path" in member.pax_headers else bytes_of(member.name)
                    members.append((name, *_place(path, tar, member)))
            damage = _rest(tar, archive.offset)
        except (tarfile.TarError, OSError, ValueError) as error:
            damage = reason_of(error)
    unsaid = [name for name, _, _ in members if isinstance(name, bytes)]
    read = decoder(path, unsaid, encoding=encoding, otherwise=text_of)
    for raw, place, rejection in members:
        name, unread = read(raw) if isinstance(raw, bytes) else (raw, None)
        if escapes(name):
            yield name, None, "its path leads out of the archive"
        else:
            rejection = rejection or unread
            yield plain(name), None if rejection else place, rejection
    if damage is not None:
        yield f"from byte {archive.offset}", None, f"damaged from here on: {damage}"


def unpacked(path, cache):
    """Returns a plain .tar for one that may be compressed.

    Args:
        path: `pathlib.Path`.
        cache: see `open_tree`.

    Raises:
        InputError: it is damaged, or unpacks to absurdly much.
    """
    with open(path, "rb") as file:
        magic = file.read(6)
    opener = next((it for start, it in _COMPRESSIONS.items() if magic.startswith(start)), None)
    if opener is None:
        return path
    folder = pathlib.Path(cache) if cache is not None else _temporary_folder()
    folder.mkdir(parents=True, exist_ok=True)
    key = f"{os.path.abspath(path)} {stamp_of_file(path)}".encode("utf-8", "surrogateescape")
    tar = folder / f"{hashlib.blake2b(key, digest_size=12).hexdigest()}.tar"
    if not tar.exists():
        with replacing(tar, shared=True) as unfinished:
            _unpack(path, opener, unfinished)
    return tar


def _opened(path, tar):
    try:
        return tarfile.open(tar, "r:", encoding="utf-8", errors="surrogateescape")
    except (tarfile.TarError, OSError, ValueError) as error:
        raise InputError(
            f"{path}: expected a folder, a .zip or a .tar, received a file of another kind or a "
            f"damaged one ({reason_of(error)}); other archives have to be unpacked"
        ) from error


def _members(archive):
    """Yields the members; a hostile header that leads backwards ends it."""
    offset = -1
    while (member := archive.next()) is not None:
        if member.offset <= offset or member.size < 0:
            raise tarfile.ReadError("a header leads back to where reading was before")
        offset = member.offset
        archive.members.clear()  # it would keep them all
        yield member


def _place(path, tar, member):
    """Returns where the bytes of a member are, and why they must not be read, or None."""
    if not member.isreg() or member.issparse():
        return None, "a link or device in the archive, not a file"
    if member.size > MAX_BYTES:
        return None, f"{member.size} bytes, the limit is {MAX_BYTES}"
    return TarMember(os.fspath(path), os.fspath(tar), member.offset_data, member.size), None


def _rest(tar, end):
    """Returns what is wrong with the end of a .tar, where zeros should be, or None."""
    with open(tar, "rb") as file:
        file.seek(end)
        block = file.read(_CHUNK)
        if not block:
            return "no end mark"
        while block:
            if block.strip(b"\0"):
                return "bytes that are no header"
            block = file.read(_CHUNK)
    return None


def _unpack(path, opener, target):
    limit = max(_RATIO_FREE_BYTES, _MAX_RATIO * path.stat().st_size)
    written = 0
    try:
        with opener(path, "rb") as packed, open(target, "wb") as file:
            while chunk := packed.read(_CHUNK):
                written += len(chunk)
                if written > limit:
                    raise InputError(
                        f"{path}: unpacks to more than {limit} bytes, {_MAX_RATIO} times its "
                        "size; unpack it by hand if that is meant"
                    )
                file.write(chunk)
    except (EOFError, zlib.error, lzma.LZMAError, OSError) as error:
        raise InputError(
            f"{path}: expected a compressed .tar, received one that cannot be unpacked after "
            f"{written} bytes ({reason_of(error)}); make it again, or unpack it by hand"
        ) from error


@functools.cache
def _temporary_folder():
    folder = tempfile.mkdtemp(prefix="anime_style_tf-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return pathlib.Path(folder)
