"""Pictures inside a .zip, read one by one without extracting it."""

import contextlib
import dataclasses
import functools
import lzma
import os
import stat
import struct
import zipfile
import zlib

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources.encodings import decoder
from anime_style_tf.data.sources.files import MAX_BYTES, check_size, reason_of, stamp_of_file
from anime_style_tf.data.sources.names import escapes, plain
from anime_style_tf.errors import InputError

_MAX_RATIO = 200  # unpacked to packed; pictures are compressed already
_RATIO_FREE_BYTES = 16 * 2**20  # up to here any ratio is harmless: one color makes 1000
_UTF_8 = 0x800  # flag: the name is in it
_UNICODE_PATH = 0x7075  # field: the name once more, APPNOTE 4.6.9
_MEMBER_ERRORS = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, OSError,
    ValueError,
)  # fmt: skip


@dataclasses.dataclass(frozen=True, slots=True)
class ZipMember:
    """A file in a .zip.

    Args:
        archive: path of the .zip.
        name: of the member, as `zipfile` has it.
        size: in bytes, unpacked.
        crc: CRC-32 of its bytes.
    """

    archive: str
    name: str
    size: int
    crc: int

    def stamp(self):
        """Returns size and time of change of the archive, and size and CRC of the member."""
        stamp = stamp_of_file(self.archive)
        return stamp and f"{stamp} {self.size} {self.crc:08x}"

    def read(self):
        """Returns its bytes, checked against the CRC."""
        check_size(self.size)
        try:
            archive = _open(self.archive, stamp_of_file(self.archive))
            with archive.open(self.name) as file:
                data = file.read(MAX_BYTES + 1)
        except KeyError as error:
            raise DamagedArtworkError("it is not in the archive any more") from error
        except _MEMBER_ERRORS as error:
            raise DamagedArtworkError(f"damaged archive: {reason_of(error)}") from error
        check_size(len(data))
        return data


def is_zip(path):
    """Tells whether a file is a .zip, by its content; one that is named so counts too."""
    return path.suffix.lower() in (".zip", ".cbz") or zipfile.is_zipfile(path)


def list_zip(path, encoding=None):
    """Lists a .zip.

    Args:
        path: `pathlib.Path`.
        encoding: of the names that do not say it; None recognizes it, see `decoder`.

    Yields:
        `(name, place, rejection)` for each file in it, see `Entry`.

    Raises:
        InputError: it has no readable listing.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except _MEMBER_ERRORS as error:
        raise InputError(
            f"{path}: expected a .zip, received a damaged one ({reason_of(error)}); "
            "make it again, or repair it with zip -FF"
        ) from error
    names = {member: _bytes_of(member) for member in members if not _says_encoding(member)}
    read = decoder(
        path, list(names.values()), encoding=encoding, otherwise=lambda name: name.decode("cp437")
    )
    for member in members:
        # Decoded first: in some encodings the byte of a backslash is half of a letter.
        name, rejection = read(names[member]) if member in names else (_name(member), None)
        if name.endswith(("/", "\\")):
            continue
        rejection = _refusal(member, name) or rejection
        # The shortest form of a name that leads out could be that of a sound one.
        name = name if escapes(name) else plain(name)
        place = ZipMember(os.fspath(path), member.filename, member.file_size, member.CRC)
        yield name, None if rejection else place, rejection


def _refusal(member, name):
    """Returns why a member must not be read, or None."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if escapes(name) or "\0" in member.orig_filename:
        return "its path leads out of the archive"
    if kind not in (0, stat.S_IFREG):
        return "a link or device in the archive, not a file"
    if member.flag_bits & 0x1:
        return "encrypted"
    if member.file_size > MAX_BYTES:
        return f"{member.file_size} bytes, the limit is {MAX_BYTES}"
    ratio = member.file_size / max(member.compress_size, 1)
    if member.file_size > _RATIO_FREE_BYTES and ratio > _MAX_RATIO:
        return f"unpacks to {ratio:.0f} times its size, the limit is {_MAX_RATIO}"
    return None


def _says_encoding(member):
    return bool(member.flag_bits & _UTF_8) or _unicode_path(member) is not None


def _name(member):
    """Returns the name of a member that says its encoding."""
    return member.filename if member.flag_bits & _UTF_8 else _unicode_path(member)


def _bytes_of(member):
    """Returns the bytes of a name that `zipfile` took for code page 437."""
    return member.orig_filename.encode("cp437")


def _unicode_path(member):
    """Returns the name in UTF-8 that some programs add, if it is that of the same name, or None."""
    extra = member.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and field[:1] == b"\1" and len(field) > 5:
            (crc,) = struct.unpack_from("<L", field, 1)
            if crc == zlib.crc32(_bytes_of(member)):
                with contextlib.suppress(UnicodeDecodeError):
                    return field[5:].decode("utf-8")
    return None


@functools.lru_cache(maxsize=4)
def _open(path, stamp):
    """Opens an archive once in each process, and anew when it changes."""
    return zipfile.ZipFile(path)
