"""Artworks that a table lists: CSV, TSV or Parquet, one row each."""

import json
import os
import pathlib
import posixpath

from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.names import artist_name, readable
from anime_style_tf.data.sources.seen import Seen
from anime_style_tf.data.sources.tables import read_table
from anime_style_tf.data.sources.trees import open_tree
from anime_style_tf.errors import InputError

OUTSIDE = "its path leads out of the root"
_REQUIRED = ("path", "artist")
_OWN = (*_REQUIRED, "id", "split", "factors")


class ManifestSource:
    """Reads a table with the columns `path` and `artist`, in its order.

    Further columns: `id` (identity of the work, by default its path; works of one subject by
    several artists may share it), `split` (`train`, `test` or nothing), `factors` (a JSON object
    of what is known about the content). Every other column is a factor of its own and wins over
    the same name in `factors`; empty values are left out. Files that the table does not list are
    no part of the input. A path that is listed again is a work of its own, whose reference has
    the line added.

    Args:
        path: .csv, .tsv or .parquet.
        root: folder or archive in which the paths are; None takes the folder of `path`.
        cache: see `FolderSource`.

    Raises:
        InputError: a file is missing; `artworks()` raises it for a row that makes no sense.
    """

    def __init__(self, *, path, root=None, cache=None):
        self.path = pathlib.Path(path)
        self.root = self.path.parent if root is None else pathlib.Path(root)
        self._tree = open_tree(self.root, cache=cache)
        next(read_table(self.path, required=_REQUIRED), None)

    def artworks(self):
        """Yields a `FileArtwork` for each row."""
        with Seen() as seen:
            for line, row in read_table(self.path, required=_REQUIRED):
                where = f"{self.path}, {line}"
                name = self._name(_text(row, "path", where, required=True))
                entry = self._tree.find(name) if not _is_outside(name) else None
                reference = readable(name)
                if not seen.add(reference):
                    reference = f"{reference} ({line})"
                rejection = OUTSIDE if _is_outside(name) else entry and entry.rejection
                yield FileArtwork(
                    artist=artist_name(_text(row, "artist", where, required=True)),
                    work_id=readable(_text(row, "id", where) or name),
                    reference=reference,
                    split=_split(row, where),
                    rejection=rejection,
                    place=entry and entry.place,
                    factors=_factors(row, where),
                )

    def description(self):
        """Returns what `info.json` says about the source."""
        return {
            "name": "manifest",
            "path": readable(str(self.path)),
            "root": readable(str(self.root)),
        }

    def attribution(self):
        """Returns None: whose the works are is known to the user alone."""
        return None

    def _name(self, path):
        """Returns a path as one in the root, if it is."""
        if posixpath.isabs(path):
            path = os.path.relpath(path, os.path.abspath(self.root))
        return posixpath.normpath(path)


def _is_outside(name):
    return name == ".." or name.startswith("../")


def _text(row, column, where, *, required=False):
    value = row.get(column)
    text = "" if _is_missing(value) else str(value)
    if required and not text.strip():
        raise InputError(f"{where}: expected a value for {column}, received none")
    return text


def _split(row, where):
    split = _text(row, "split", where).strip()
    if split not in ("", "train", "test"):
        raise InputError(
            f"{where}: expected the split train, test or nothing, received {split!r}; correct it"
        )
    return split or None


def _factors(row, where):
    """Returns the factors of a row as a JSON object."""
    factors = {}
    if text := row.get("factors"):
        try:
            factors = json.loads(text) if isinstance(text, str) else dict(text)
            if not isinstance(factors, dict):
                raise ValueError(text)
        except (ValueError, TypeError, RecursionError) as error:
            raise InputError(
                f"{where}: expected factors as a JSON object, received {text!r:.80}"
            ) from error
    columns = {name: value for name, value in row.items() if name not in _OWN}
    given = {name: value for name, value in columns.items() if not _is_missing(value)}
    try:
        return json.dumps({**factors, **given}, sort_keys=True, allow_nan=False)
    except (ValueError, TypeError) as error:
        raise InputError(
            f"{where}: expected factors that JSON can hold (text, numbers, lists), received "
            f"{error}; convert that column to text"
        ) from error


def _is_missing(value):
    return value is None or value == "" or value != value  # NaN, as pandas writes it
