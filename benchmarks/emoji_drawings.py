"""The emoji archive: drawings of the same subjects by eight artists, and how they are split.

The archive holds `artist/codepoint.png` and `MANIFEST.tsv` with the columns file, artist, group.
"""

import dataclasses
import io
import zipfile

import numpy as np
from PIL import Image

from anime_style_tf.errors import InputError

LEAST_DRAWINGS = 900


@dataclasses.dataclass(frozen=True)
class Drawings:
    """Drawings with their artist and subject group.

    Attributes:
        images: `[drawings, height, width, 3]`, sRGB uint8.
        artists: int32 `[drawings]`.
        groups: str `[drawings]`, the subject group of each.
    """

    images: np.ndarray
    artists: np.ndarray
    groups: np.ndarray

    def select(self, rows):
        """Returns the drawings where `rows` is True."""
        return Drawings(self.images[rows], self.artists[rows], self.groups[rows])


def load(path, artists=None):
    """Reads the archive.

    Args:
        path: of the zip file.
        artists: names of those to read; None for those with enough drawings.

    Returns:
        `Drawings`; artists are numbered in the order of `artists`, or of `names`.

    Raises:
        InputError: no such archive.
    """
    with _opened(path) as archive:
        folder, rows = _manifest(archive)
        kept = _names(rows, rare=False) if artists is None else list(artists)
        rows = [row for row in rows if row["artist"] in kept]
        images = [
            np.asarray(Image.open(io.BytesIO(archive.read(folder + row["file"]))).convert("RGB"))
            for row in rows
        ]
    artists = np.array([kept.index(row["artist"]) for row in rows], np.int32)
    return Drawings(np.stack(images), artists, np.array([row["group"] for row in rows]))


def names(path, *, rare=False):
    """Returns the names of the artists with enough drawings, or of the others."""
    with _opened(path) as archive:
        return _names(_manifest(archive)[1], rare=rare)


def _opened(path):
    if not zipfile.is_zipfile(path):
        raise InputError(
            f"--input: expected the zip archive of drawings, received {path}: build it as the "
            "top of benchmarks/emoji_archive.mjs says"
        )
    return zipfile.ZipFile(path)


def _manifest(archive):
    """The folder of the drawings in the archive, and a dictionary for each."""
    path = next((name for name in archive.namelist() if name.endswith("MANIFEST.tsv")), None)
    if path is None:
        raise InputError(
            f"--input: expected MANIFEST.tsv in the archive, received none in {archive.filename}"
        )
    header, *lines = archive.read(path).decode().splitlines()
    rows = [dict(zip(header.split("\t"), line.split("\t"), strict=False)) for line in lines]
    return path.removesuffix("MANIFEST.tsv"), rows


def _names(rows, *, rare):
    artists, counts = np.unique([row["artist"] for row in rows], return_counts=True)
    return artists[(counts < LEAST_DRAWINGS) == rare].tolist()


def split(drawings, seed):
    """Holds out a third of the subject groups.

    Args:
        drawings: `Drawings`.
        seed: of the choice.

    Returns:
        `(training, held out)`, `Drawings`.
    """
    out = np.isin(drawings.groups, held_out_groups(drawings, seed))
    return drawings.select(~out), drawings.select(out)


def validation_split(drawings, seeds):
    """Holds out the subject groups that no seed holds out, to choose settings on.

    Args:
        drawings: `Drawings`.
        seeds: the seeds that are to be reported; none of their held-out drawings is measured.

    Returns:
        `(training, held out)`, `Drawings`.
    """
    out = ~np.isin(
        drawings.groups, [group for seed in seeds for group in held_out_groups(drawings, seed)]
    )
    return drawings.select(~out), drawings.select(out)


def held_out_groups(drawings, seed):
    """Returns the subject groups that a seed holds out."""
    names = np.random.default_rng(seed).permutation(np.unique(drawings.groups))
    return names[: len(names) // 3]
