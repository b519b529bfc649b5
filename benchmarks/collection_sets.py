"""Small sets by named artists, and how a seed draws training works and queries from them."""

import pathlib

import numpy as np
from PIL import Image

from anime_style_tf.errors import InputError
from benchmarks.emoji_drawings import load

TRAINING, QUERIES = 15, 40  # works of each artist; of the queries, at most
LEAST = TRAINING + 5
POOL = 150  # works of an artist that the seeds draw from, where there are thousands


def read_folder(path):
    """Reads a folder of artists' folders.

    Args:
        path: of the folder; a picture's family is what its name has before two hyphens.

    Returns:
        `(images, artists, families)`: uint8 `[works, height, width, 3]`, int and str `[works]`,
        without copies of a picture and without artists of too few works to have a query.

    Raises:
        InputError: no such folder.
    """
    folders = sorted(each for each in pathlib.Path(path).glob("*") if each.is_dir())
    of_artists = [_without_copies(sorted(folder.glob("*.png"))) for folder in folders]
    of_artists = [files for files in of_artists if len(files) >= LEAST]
    if not of_artists:
        raise InputError(
            f"--folders: expected folders of artists with {LEAST} pictures or more in "
            f"{path}, received none: build it with benchmarks.openclipart_folder or wesnoth_folder"
        )
    images = [np.asarray(Image.open(file).convert("RGB")) for f in of_artists for file in f]
    artists = np.repeat(np.arange(len(of_artists)), [len(files) for files in of_artists])
    families = [file.stem.partition("--")[0] for files in of_artists for file in files]
    return np.stack(images), artists, np.array(families)


def _without_copies(files):
    """The first file of each picture."""
    return list({Image.open(file).convert("RGB").tobytes(): file for file in files[::-1]}.values())


def read_emoji(path):
    """Reads some of the archive, as `read_folder` does."""
    drawings = load(path)
    rng = np.random.default_rng(7)
    names = np.unique(drawings.artists)
    rows = [rng.permutation(np.flatnonzero(drawings.artists == name))[:POOL] for name in names]
    rows = np.sort(np.concatenate(rows))
    return drawings.images[rows], drawings.artists[rows], drawings.groups[rows]


def split(artists, families, seed):
    """Draws training works and queries of other families.

    Args:
        artists: int `[works]`.
        families: `[works]`.
        seed: of the draw.

    Returns:
        `(training, queries)`, rows.
    """
    rng = np.random.default_rng(seed)
    counts, training, used = np.zeros(artists.max() + 1, int), [], []
    for family in rng.permutation(np.unique(families)):
        rows = rng.permutation(np.flatnonzero(families == family))
        if not (counts[artists[rows]] < TRAINING).any():
            continue
        used.append(family)
        for row in rows:
            if counts[artists[row]] < TRAINING:
                training.append(row)
                counts[artists[row]] += 1
    others = ~np.isin(families, used)
    queries = [
        rng.permutation(np.flatnonzero(others & (artists == artist)))[:QUERIES]
        for artist in np.unique(artists)
    ]
    return np.sort(training), np.sort(np.concatenate(queries))
