"""Names of files and artists: read as UTF-8, written down, compared, refused."""

import os
import posixpath
import re
import unicodedata

_ARCHIVES = (
    ".zip", ".cbz", ".rar", ".cbr", ".7z", ".tar", ".tgz", ".tbz2", ".txz", ".gz", ".bz2", ".xz",
    ".zst",
)  # fmt: skip
# What no reader sees: soft hyphens, joiners, marks of direction or order, variants of a letter.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_BLANKS = re.compile(r"[\s_]+")
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


def text_of(name):
    """Returns the name of a file as text: UTF-8 whatever the locale, as no name says what it is in.

    Args:
        name: `bytes`; those that are no UTF-8 become lone surrogates.
    """
    return name.decode("utf-8", "surrogateescape")


def bytes_of(name):
    """Returns the name of a file as the `bytes` that `text_of` read."""
    return name.encode("utf-8", "surrogateescape")


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


def readable_path(path):
    """Returns a path as Python has it, or a `pathlib.Path`, as `readable` text in any locale."""
    return readable(text_of(os.fsencode(path)))


def artist_name(name):
    """Returns the name of an artist as valid Unicode in composed form (NFC), without outer blanks.

    Names that only differ in how their accents are stored, or in blanks around them, are one
    artist.
    """
    name = unicodedata.normalize("NFC", readable(name))
    return name.strip() or name


def match_key(name):
    """Returns the form in which names are compared: equal for what a person reads as one name.

    Letter case, composition of accents, full and half width, invisible characters, and the number
    and kind of blanks, of which `_` is one, do not matter. No name is ever written so.

    Args:
        name: of an artist or a file, any text.

    Source: Unicode 15, section 3.13, `toNFKC_Casefold`; the blanks are our setting, for tags have
    `_` where people write a blank.
    """
    key = _INVISIBLE.sub("", unicodedata.normalize("NFD", name))
    for _ in range(2):  # folding may leave what can be composed, and composing what can be folded
        key = unicodedata.normalize("NFKC", key.casefold())
    return _BLANKS.sub("_", key).strip("_") or name


def spelled_as(name, names):
    """Returns the one of some names that a person reads as the same, or None.

    Args:
        name: as a person types it.
        names: iterable of texts; one that is equal to the letter comes before one of its key.
    """
    name, names = artist_name(name), list(names)
    if name in names:
        return name
    return next((other for other in names if match_key(other) == match_key(name)), None)
