"""Artworks that a table lists: CSV, TSV or Parquet, one row each."""

import ast
import json
import os
import pathlib
import posixpath

from anime_style_tf.data.sources.encodings import encoding_given
from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.names import artist_name, readable, readable_path, text_of
from anime_style_tf.data.sources.seen import Seen
from anime_style_tf.data.sources.tables import (
    cell,
    is_missing,
    read_table,
    without_fraction,
)
from anime_style_tf.data.sources.trees import open_tree
from anime_style_tf.errors import InputError

OUTSIDE = "its path leads out of the root"
_REQUIRED = ("path", "artist")
_OWN = (*_REQUIRED, "id", "split", "factors")


class ManifestSource:
    """Reads a table with the columns `path` and `artist`, in its order.

    An artist may be a list of one name; a work whose list has more is rejected. Further columns:
    `id` (identity of the work, by default its path; works of one subject by several artists may
    share it), `split` (`train`, `test` or nothing), `factors` (a JSON object of what is known
    about the content). Every other column is a factor of its own and wins over the same name in
    `factors`; empty values are left out. Files that the table does not list are no part of the
    input. A path that is listed again is a work of its own, whose reference has the line added.

    Args:
        path: .csv, .tsv or .parquet, see `read_table`.
        root: folder or archive in which the paths are; None takes the folder of `path`.
        cache: see `FolderSource`.
        archive_encoding: see `FolderSource`.

    Raises:
        InputError: a file is missing; `artworks()` raises it for a row that makes no sense.
    """

    def __init__(self, *, path, root=None, cache=None, archive_encoding=None):
        self.path = pathlib.Path(path)
        self.archive_encoding = archive_encoding
        self.root = self.path.parent if root is None else pathlib.Path(root)
        self._tree = open_tree(self.root, cache=cache, encoding=archive_encoding)
        next(read_table(self.path, required=_REQUIRED), None)

    def artworks(self):
        """Yields a `FileArtwork` for each row."""
        with Seen() as seen:
            for line, row in read_table(self.path, required=_REQUIRED):
                where = f"{self.path}, {line}"
                name, entry, rejection = self._file(_one_line(row, "path", where))
                artists = _artists(row, where)
                if len(artists) > 1:
                    rejection = rejection or f"{len(artists)} artists, expected 1"
                reference = readable(name)
                if not seen.add(reference):
                    reference = f"{reference} ({line})"
                yield FileArtwork(
                    artist=artists[0] if len(artists) == 1 else "",
                    work_id=readable(without_fraction(cell(row, "id", where).strip()) or name),
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
            "path": readable_path(self.path),
            "root": readable_path(self.root),
            **encoding_given(self.archive_encoding),
        }

    def attribution(self):
        """Returns None: whose the works are is known to the user alone."""
        return None

    def _file(self, text):
        r"""Returns the name of a file, its entry, and why it is not to be used.

        A file of exactly that name comes first; where there is none, outer blanks go, and `\` is
        what separates on the system that wrote the table.
        """
        bare = text.strip()
        names = [
            self._name(written) for written in dict.fromkeys((text, bare, bare.replace("\\", "/")))
        ]
        for name in names:
            entry = None if _is_outside(name) else self._tree.find(name)
            if entry is not None:
                return name, entry, entry.rejection
        return names[0], None, OUTSIDE if any(map(_is_outside, names)) else None

    def _name(self, path):
        """Returns a path as one in the root, if it is."""
        if posixpath.isabs(path):
            root = text_of(os.fsencode(os.path.abspath(self.root)))
            path = os.path.relpath(path, root)
        return posixpath.normpath(path)


def _is_outside(name):
    return name == ".." or name.startswith("../")


def _one_line(row, column, where):
    """Returns what must be there, in one line: two are a quotation mark that was not closed."""
    text = cell(row, column, where, required=True)
    if {"\n", "\r"} & {*text.strip()}:
        raise InputError(
            f"{where}: expected one line as {column}, received {text!r:.80}; close its quotation "
            "mark, or write the line break otherwise"
        )
    return text


def _artists(row, where):
    """Returns the names of a row's artists, each once: the cell is a name or a list of names."""
    value = row.get("artist")
    if isinstance(value, str) and value.strip().startswith("["):
        value = _list_in(value) or value
    rows = [{"artist": item} for item in value] if isinstance(value, list) and value else [row]
    names = (without_fraction(_one_line(item, "artist", where).strip()) for item in rows)
    return sorted(set(map(artist_name, names)))


def _list_in(text):
    """Returns the list of texts that JSON, or Python, writes so, or None."""
    try:
        value = ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    return value if all(isinstance(item, str) for item in value) else None


def _split(row, where):
    split = cell(row, "split", where).strip()
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
    further = {
        name: value for name, value in row.items() if name not in _OWN and not is_missing(value)
    }
    return _json({**factors, **further}, where)


def _json(factors, where):
    """Returns factors as JSON, or says which cannot be."""
    try:
        return json.dumps(factors, sort_keys=True, allow_nan=False)
    except (ValueError, TypeError) as error:
        if len(factors) > 1:
            for name, value in factors.items():
                _json({name: value}, where)
        raise InputError(
            f"{where}: expected factors that JSON can hold (text, numbers, lists), received "
            f"{error} in {', '.join(factors)}; convert that column to text"
        ) from error
