"""The opt-out list: artists and files that must never be included."""

import dataclasses
import functools
import pathlib
import re

from anime_style_tf.data.sources.names import match_key
from anime_style_tf.errors import InputError

ON_THE_LIST = "on the opt-out list"
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")


@dataclasses.dataclass(frozen=True)
class OptOuts:
    """Artists and files that must never be included.

    Args:
        artists: names as a list has them; compared by `match_key`.
        hashes: SHA-256 of files, lower-case hexadecimal.
        aliases: pairs of a further name of such an artist and the name on the list.
    """

    artists: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    aliases: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, description):
        """Returns what `description` gave; JSON makes lists of tuples."""
        artists, hashes, aliases = (
            description.get(name, ()) for name in ("artists", "hashes", "aliases")
        )
        return cls(tuple(artists), tuple(hashes), tuple(map(tuple, aliases)))

    @classmethod
    def of_set(cls, info):
        """Returns what a set of records refuses, and so every tool that is used with it.

        Args:
            info: content of its `info.json`, or None where there is none.
        """
        return cls() if info is None else cls.of(info["opt_outs"])

    def description(self):
        """Returns what `info.json` says of it, a dict."""
        aliases = {"aliases": self.aliases} if self.aliases else {}
        return {"artists": self.artists, "hashes": self.hashes, **aliases}

    def __or__(self, other):
        """Returns what either refuses."""
        both = {
            field.name: tuple(sorted({*getattr(self, field.name), *getattr(other, field.name)}))
            for field in dataclasses.fields(self)
        }
        return OptOuts(**both)

    def lines(self):
        """Returns the list as `read_opt_outs` reads it, with all further names of the artists."""
        return [*self.artists, *(name for name, _ in self.aliases), *self.hashes]

    def names(self, artist):
        """Tells whether an artist is refused."""
        return match_key(artist) in self._entries

    def with_names_from(self, aliases):
        """Returns what is refused where the artists on the list have further names.

        Args:
            aliases: an `Aliases`.
        """
        pairs = {
            (other, entry)
            for entry in self.artists
            for other in aliases.names(entry)
            if match_key(other) != match_key(entry)
        }
        return self | OptOuts(aliases=tuple(pairs))

    def unmatched(self, artists, hashes):
        """Returns the entries that refused nothing, sorted.

        Args:
            artists: iterable of the names of artists of whom works were refused.
            hashes: iterable of the SHA-256 of files that were refused.
        """
        matched = {
            entry for artist in artists for entry in self._entries.get(match_key(artist), ())
        }
        return sorted({*self.artists, *self.hashes} - matched - set(hashes))

    @functools.cached_property
    def _entries(self):
        """Dict key of each refused name -> the entries of the list that refuse it."""
        entries = {}
        for name, entry in (*zip(self.artists, self.artists, strict=True), *self.aliases):
            entries.setdefault(match_key(name), set()).add(entry)
        return entries


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
