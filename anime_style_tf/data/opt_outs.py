"""The opt-out list: artists and files that must never be included."""

import dataclasses
import functools
import pathlib
import re
import unicodedata

from anime_style_tf.errors import InputError

ON_THE_LIST = "on the opt-out list"
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclasses.dataclass(frozen=True)
class OptOuts:
    """Artists and files that must never be included.

    Args:
        artists: names; letter case and composition of accents do not matter.
        hashes: SHA-256 of files, lower-case hexadecimal.
    """

    artists: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()

    def __or__(self, other):
        """Returns what either refuses."""
        return OptOuts(
            tuple(sorted({*self.artists, *other.artists})),
            tuple(sorted({*self.hashes, *other.hashes})),
        )

    def names(self, artist):
        """Tells whether an artist is refused."""
        return _folded(artist) in self._folded_artists

    @functools.cached_property
    def _folded_artists(self):
        return {_folded(name) for name in self.artists}


def read_opt_outs(path):
    """Reads an opt-out list.

    Args:
        path: text file, UTF-8. Each line is the name of an artist or the SHA-256 of a file (64
            hexadecimal digits); empty lines and those that begin with `#` say nothing.

    Returns:
        An `OptOuts`.

    Raises:
        InputError: it cannot be read.
    """
    try:
        lines = pathlib.Path(path).read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"opt-out list {path}: expected a text file in UTF-8, received "
            f"{type(error).__name__}: {error}; nothing was converted"
        ) from error
    entries = {line.strip() for line in lines} - {""}
    entries = {entry for entry in entries if not entry.startswith("#")}
    hashes = {entry for entry in entries if _SHA256.fullmatch(entry)}
    return OptOuts(
        tuple(sorted(entries - hashes)), tuple(sorted(entry.lower() for entry in hashes))
    )


def _folded(name):
    return unicodedata.normalize("NFC", name).casefold()
