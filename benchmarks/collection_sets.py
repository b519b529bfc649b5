"""Small sets by named artists, and how a seed draws training works and queries from them."""

import pathlib

import numpy as np
from PIL import Image

from anime_style_tf.errors import InputError
from benchmarks.emoji_drawings import load, names

TRAINING, QUERIES = 15, 40  # works of each artist; of the queries, at most
LEAST = TRAINING + 5
POOL = 150  # works of an artist that the seeds draw from, where there are thousands


def read_folder(path):
    """Reads a folder of artists' folders.

    Args:
        path: of the folder; a picture's family is what its name has before two hyphens.

    Returns:
        `(images, artists, families)`: uint8 `[works, height, width, 3]`, int and str `[works]`,
        without copies of a picture. Artists of too few works to have a query are the unknown ones:
        -1, -2 and so on.

    Raises:
        InputError: no such folder.
    """
    folders = sorted(each for each in pathlib.Path(path).glob("*") if each.is_dir())
    of_artists = [_without_copies(sorted(folder.glob("*.png"))) for folder in folders]
    of_artists.sort(key=len, reverse=True)  # the unknown last
    known = sum(len(files) >= LEAST for files in of_artists)
    if not known:
        raise InputError(
            f"--folders: expected folders of artists with {LEAST} pictures or more in "
            f"{path}, received none: build it with benchmarks.openclipart_folder or wesnoth_folder"
        )
    images = [np.asarray(Image.open(file).convert("RGB")) for f in of_artists for file in f]
    labels = [n if n < known else known - 1 - n for n in range(len(of_artists))]
    artists = np.repeat(labels, [len(files) for files in of_artists])
    families = [file.stem.partition("--")[0] for files in of_artists for file in files]
    return np.stack(images), artists, np.array(families)


def _without_copies(files):
    """The first file of each picture."""
    return list({Image.open(file).convert("RGB").tobytes(): file for file in files[::-1]}.values())


def read_emoji(path):
    """Reads some of the archive, as `read_folder` does."""
    known = _some(load(path), POOL)
    if not (rare := names(path, rare=True)):
        return known.images, known.artists, known.groups
    unknown = _some(load(path, rare), QUERIES)
    return (
        np.concatenate([known.images, unknown.images]),
        np.concatenate([known.artists, -1 - unknown.artists]),
        np.concatenate([known.groups, unknown.groups]),
    )


def _some(drawings, most):
    """At most so many drawings of each artist."""
    rng = np.random.default_rng(7)
    artists = np.unique(drawings.artists)
    rows = [rng.permutation(np.flatnonzero(drawings.artists == one))[:most] for one in artists]
    return drawings.select(np.sort(np.concatenate(rows)))


def split(artists, families, seed):
    """Draws training works and queries of other families.

    Args:
        artists: int `[works]`; works of those below 0 are never drawn.
        families: `[works]`.
        seed: of the draw.

    Returns:
        `(training, queries)`, rows.
    """
    rng = np.random.default_rng(seed)
    counts, training, used = np.zeros(artists.max() + 1, int), [], []
    for family in rng.permutation(np.unique(families)):
        rows = rng.permutation(np.flatnonzero((families == family) & (artists >= 0)))
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
        for artist in range(len(counts))
    ]
    return np.sort(training), np.sort(np.concatenate(queries))
