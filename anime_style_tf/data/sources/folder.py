"""Artworks from a folder, or an archive, with one sub-folder for each artist."""

import pathlib

from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.names import artist_name, readable
from anime_style_tf.data.sources.trees import open_tree
from anime_style_tf.errors import InputError

BESIDE = "not in an artist's folder"


class FolderSource:
    """Reads `path/<artist>/**/<file>`: every file that is not hidden is taken for a picture.

    Hidden are names that begin with a dot, `__MACOSX`, `Thumbs.db` and `desktop.ini`. Artists
    whose names differ only in how their accents are stored are one. In an archive, one folder
    around the artists' folders is looked through. The identity of a work is its path below
    that, so renaming a file may move it between training and test.

    Args:
        path: folder with one sub-folder for each artist, or a .zip, .tar, .tar.gz, .tar.bz2 or
            .tar.xz of such.
        cache: folder in which a compressed .tar is unpacked, to be found there the next time;
            None unpacks it into a temporary one.

    Raises:
        InputError: `path` is neither or has no sub-folder.
    """

    def __init__(self, *, path, cache=None):
        self.path = pathlib.Path(path)
        self._tree = open_tree(self.path, cache=cache)
        if not any(entry.place and "/" in self._below(entry) for entry in self._tree.walk()):
            raise InputError(
                f"no artists: expected one sub-folder with files per artist in {self.path}, "
                "received none; move each artist's files into a folder with the artist's name"
            )

    def artworks(self):
        """Yields a `FileArtwork` for each file, by path."""
        for entry in self._tree.walk():
            below = self._below(entry)
            artist, within, _ = below.partition("/")
            if artist in ("", ".."):  # a path out of an archive
                within = ""
            yield FileArtwork(
                artist=artist_name(artist) if within else "",
                work_id=readable(below),
                reference=readable(entry.name),
                rejection=entry.rejection or (None if within else BESIDE),
                place=entry.place,
            )

    def description(self):
        """Returns what `info.json` says about the source."""
        return {"name": "folder", "path": readable(str(self.path))}

    def attribution(self):
        """Returns None: whose the works are is known to the user alone."""
        return None

    def _below(self, entry):
        return entry.name.removeprefix(self._tree.wrapper)
