"""Artworks from a folder with one sub-folder for each artist."""

import dataclasses
import pathlib

from anime_style_tf.data.artwork import Artwork, Picture
from anime_style_tf.data.pictures import fit_square, open_picture
from anime_style_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class FolderArtwork(Artwork):
    """A picture file; `reference` is its path below the source folder.

    Args:
        path: the file.
        max_pixels: refused if it has more.
    """

    path: str
    max_pixels: int

    def render(self, image_size):
        """Decodes the file and fits it into the square; see `Artwork.render`."""
        picture = open_picture(self.path, image_size=image_size, max_pixels=self.max_pixels)
        image, coverage = fit_square(picture, image_size)
        return Picture(image=image, coverage=coverage, factors={})


class FolderSource:
    """Reads `path/<artist>/**/<file>`: every file that is not hidden is taken for a picture.

    The identity of a work is its path below `path`, so renaming a file may move it between
    training and test.

    Args:
        path: folder with one sub-folder for each artist.
        max_pixels: larger pictures are set aside undecoded; raising it admits larger scans and
            more memory per process.

    Raises:
        InputError: `path` is not a folder or has no sub-folder.
    """

    def __init__(self, *, path, max_pixels=64_000_000):
        self.path = pathlib.Path(path)
        self.max_pixels = max_pixels
        if not self.path.is_dir():
            raise InputError(
                f"no folder of artworks: expected one sub-folder per artist in {self.path}, "
                "which is not a folder; give its path with --input or source_options.path"
            )
        self._artists = sorted(
            entry for entry in self.path.iterdir() if entry.is_dir() and not _hidden(entry)
        )
        if not self._artists:
            raise InputError(
                f"no artists: expected one sub-folder per artist in {self.path}, received "
                "none; move each artist's files into a folder with the artist's name"
            )

    def artworks(self):
        """Yields a `FolderArtwork` for each file, by artist, then by path."""
        for artist in self._artists:
            for file in sorted(artist.rglob("*")):
                below = file.relative_to(self.path)
                if file.is_dir() or any(part.startswith(".") for part in below.parts):
                    continue
                yield FolderArtwork(
                    artist=artist.name,
                    work_id=below.as_posix(),
                    reference=below.as_posix(),
                    path=str(file),
                    max_pixels=self.max_pixels,
                )

    def description(self):
        """Returns what `info.json` says about the source."""
        return {"name": "folder", "path": str(self.path), "max_pixels": self.max_pixels}

    def attribution(self):
        """Returns None: whose the works are is known to the user alone."""
        return None


def _hidden(path):
    return path.name.startswith(".")
