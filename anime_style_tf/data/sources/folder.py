"""Artworks from a folder, or an archive, with one sub-folder for each artist."""

import os
import pathlib
from collections.abc import Iterator
from typing import Any

from absl import logging

from anime_style_tf.data.artwork import Artwork
from anime_style_tf.data.sources.encodings import encoding_given
from anime_style_tf.data.sources.files import FileArtwork
from anime_style_tf.data.sources.layout import find_layout
from anime_style_tf.data.sources.names import artist_name, readable, readable_path
from anime_style_tf.data.sources.trees import open_tree
from anime_style_tf.errors import InputError

BESIDE = "not in an artist's folder"


class FolderSource:
    """Reads `path/<artist>/**/<file>`: every file that is no litter is taken for a picture.

    Litter is what other programs leave, and hidden files, see `litter`. Artists whose names differ
    only in how their accents are stored are one. Folders around the artists' folders are looked
    through, and so are splits (`train/<artist>`, `test/<artist>`), see `layout`; what was
    recognized is logged in one line. The identity of a work is its path below the folders around
    everything, so renaming a file may move it between training and test.

    Args:
        path: folder with one sub-folder for each artist, or a .zip, .tar, .tar.gz, .tar.bz2 or
            .tar.xz of such.
        cache: folder in which a compressed .tar is unpacked, to be found there the next time;
            None unpacks it into a temporary one.
        archive_encoding: of the names in an archive that does not say it; None recognizes UTF-8
            and Japanese, and warns of all that is not UTF-8.

    Raises:
        InputError: `path` is neither or has no sub-folder.
    """

    def __init__(
        self,
        *,
        path: str | os.PathLike,
        cache: str | os.PathLike | None = None,
        archive_encoding: str | None = None,
    ):
        self.path = pathlib.Path(path)
        self.archive_encoding = archive_encoding
        self._tree = open_tree(self.path, cache=cache, encoding=archive_encoding)
        self._layout = find_layout(entry.name for entry in self._tree.walk() if entry.place)
        self._check()

    def artworks(self) -> Iterator[Artwork]:
        """Yields a `FileArtwork` for each file, by path."""
        for entry in self._tree.walk():
            place = self._layout.place(entry.name)
            yield FileArtwork(
                artist=artist_name(place.artist),
                work_id=readable(place.work_id),
                reference=readable(entry.name),
                split=place.split,
                rejection=entry.rejection or (None if place.artist else BESIDE),
                place=entry.place,
            )

    def description(self) -> dict[str, Any]:
        """Returns what `info.json` says about the source."""
        return {
            "name": "folder",
            "path": readable_path(self.path),
            **encoding_given(self.archive_encoding),
        }

    def attribution(self) -> str | None:
        """Returns None: whose the works are is known to the user alone."""
        return None

    def _check(self):
        """Says what was recognized, and refuses what was not."""
        layout, path = self._layout, readable_path(self.path)
        table = "".join(
            f"; or give {readable(name)} with the columns path and artist as --source=manifest"
            for name in layout.tables[:1]
        )
        if not layout.artists:
            raise InputError(
                f"no artists: expected one sub-folder with files per artist in {path}, received "
                f"none; move each artist's files into a folder with the artist's name{table}"
            )
        if layout.doubt:
            raise InputError(
                f"{path}: expected one folder for each artist, or splits alone, with the same "
                f"artists' folders in each, received folders of which {readable(layout.doubt)}; "
                f"move what is no artist away, or rename it{table}"
            )
        if notes := layout.notes():
            logging.warning("%s: %s", path, readable(notes))
