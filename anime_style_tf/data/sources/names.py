"""Names of files: which are refused, how they are written down."""

import posixpath
import re
import unicodedata

_ARCHIVES = (
    ".zip", ".cbz", ".rar", ".cbr", ".7z", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz",
    ".zst",
)  # fmt: skip
_BEFORE_ESCAPE = re.compile(r"\\+(?=ud[89a-f]|[\ud800-\udfff])")


def is_archive(name):
    """Tells by its ending whether a file is an archive or compressed."""
    return name.lower().endswith(_ARCHIVES)


def escapes(name):
    r"""Tells whether a member's name leads out of its archive on any system.

    Args:
        name: as the archive gives it; `\` separates as `/` does.
    """
    name = name.replace("\\", "/")
    return (
        name.startswith("/")
        or "\0" in name
        or re.match(r"[A-Za-z]:", name) is not None
        or ".." in name.split("/")
    )


def plain(name):
    r"""Returns a path with `/` in its shortest form: without `.` and empty parts, `..` undone.

    Args:
        name: of a member of an archive; some programs on Windows separate with `\`.
    """
    return posixpath.normpath(name.replace("\\", "/"))


def readable(name):
    r"""Returns a name as valid Unicode, another for each name.

    Args:
        name: as Python has it, bytes that are no UTF-8 as lone surrogates.

    Returns:
        The name, with `\udcXX` for the byte XX. Backslashes before that, or before what only
        looks like it, are doubled.
    """
    doubled = _BEFORE_ESCAPE.sub(lambda backslashes: 2 * backslashes[0], name)
    return doubled.encode("utf-8", "backslashreplace").decode("utf-8")


def artist_name(name):
    """Returns the name of an artist as valid Unicode in composed form (NFC).

    Names that only differ in how their accents are stored are one artist.
    """
    return unicodedata.normalize("NFC", readable(name))
