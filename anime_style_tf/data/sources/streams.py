"""Opens tables and metadata to read, compressed or not, in the encodings that they come in."""

import bz2
import codecs
import contextlib
import gzip
import io
import lzma
import zlib

from anime_style_tf.errors import InputError

# What reading a file may raise: of the file system, and of what a damaged file is packed with.
READ_ERRORS = (OSError, EOFError, zlib.error, lzma.LZMAError)
_UNPACKERS = {b"\x1f\x8b": gzip.open, b"BZh": bz2.open, b"\xfd7zXZ\x00": lzma.open}
# Others that users have: a reader of lines would find each of them damaged.
_OTHERS = {
    b"PK\x03\x04": "a zip archive or a spreadsheet",
    b"\x28\xb5\x2f\xfd": "a file packed with zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"SQLite format 3": "an SQLite database",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet table",
}
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # what files in UTF-16 begin with


@contextlib.contextmanager
def open_bytes(path, *, expected):
    """Opens a file to read its bytes; .gz, .bz2 and .xz, told by their first bytes, unpacked.

    Args:
        path: of the file.
        expected: what it should be, for the message.

    Raises:
        InputError: it is an archive or a database.
    """
    with open(path, "rb") as file:
        head = file.read(16)
        file.seek(0)
        for magic, name in _OTHERS.items():
            if head.startswith(magic):
                raise InputError(f"{path}: expected {expected}, received {name}; unpack or save "
                                 "it as that")  # fmt: skip
        unpack = next((way for magic, way in _UNPACKERS.items() if head.startswith(magic)), None)
        if unpack is None:
            yield file
        else:
            with unpack(file) as unpacked:
                yield unpacked


@contextlib.contextmanager
def open_text(path, *, expected):
    """Opens a file of text: UTF-8 with or without byte order mark, or UTF-16 with one.

    Bytes that are no UTF-8 become lone surrogates; ends of lines stay as they are.

    Args:
        path: see `open_bytes`.
        expected: see `open_bytes`.
    """
    with open_bytes(path, expected=expected) as file:
        wide = file.read(2) in WIDE
        file.seek(0)
        options = {"encoding": "utf-16"} if wide else {
            "encoding": "utf-8-sig", "errors": "surrogateescape"
        }  # fmt: skip
        with io.TextIOWrapper(file, newline="", **options) as text:
            yield text
