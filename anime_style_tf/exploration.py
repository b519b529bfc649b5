"""Moving about in style space: artists, neighbors, rankings, interpolations, edits, code grids.

NumPy and SciPy only: codes in, codes or indices of works out. A generator turns the codes into
images.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.spatial import distance

from anime_style_tf.search.distances import visit_distances


@dataclasses.dataclass(frozen=True)
class ArtistStyles:
    """Where each artist's works lie in a code space.

    Attributes:
        means: `[artists, code]`; NaN for an artist without works.
        spreads: `[artists, code]`, standard deviation over the artist's works (divisor n).
        counts: int `[artists]`, works of each.
    """

    means: np.ndarray
    spreads: np.ndarray
    counts: np.ndarray


def artist_styles(codes, artists, *, count: int | None = None) -> ArtistStyles:
    """Mean and spread of every artist's codes.

    Args:
        codes: `[works, code]`.
        artists: int `[works]`, in `[0, count)`.
        count: How many artists there are; None for the largest index plus one.

    Returns:
        `ArtistStyles`, float64.

    Raises:
        ValueError: codes and artists of different lengths.
    """
    codes, artists = _works(codes, artists)
    count = int(artists.max()) + 1 if count is None else count
    counts = np.bincount(artists, minlength=count)
    divisor = np.where(counts, counts, np.nan)[:, None]
    sums = np.zeros((count, codes.shape[1]))
    np.add.at(sums, artists, codes)
    means = sums / divisor
    squares = np.zeros_like(sums)
    np.add.at(squares, artists, (codes - means[artists]) ** 2)
    return ArtistStyles(means, np.sqrt(squares / divisor), counts)


def rank_works(codes, dimension: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The works with the lowest and the highest value of one dimension.

    Args:
        codes: `[works, code]`.
        dimension: Which one, from 0.
        count: How many works at each end.

    Returns:
        `(lowest, highest)`, int `[count]` each: indices from the extreme inward. Of equals the
        earlier work comes first.

    Raises:
        ValueError: fewer works than `count`, or no such dimension.
    """
    codes = np.asarray(codes)
    if not 0 <= dimension < codes.shape[1] or not 1 <= count <= len(codes):
        raise ValueError(
            f"ranking needs a dimension in [0, {codes.shape[1]}) and 1 to {len(codes)} works; "
            f"received dimension {dimension} and count {count}: ask for fewer."
        )
    values = codes[:, dimension]
    lowest = np.argsort(values, kind="stable")
    highest = np.argsort(-values, kind="stable")
    return lowest[:count], highest[:count]


def interpolate_bilinear(corners, rows: int, columns: int) -> np.ndarray:
    """Codes on a grid between four codes.

    Args:
        corners: `[4, code]`: top left, top right, bottom left, bottom right.
        rows: Grid height, at least 2.
        columns: Grid width, at least 2.

    Returns:
        float32 `[rows, columns, code]`; the corners of the grid are the four codes.

    Raises:
        ValueError: not four corners, or a side shorter than 2.
    """
    corners = np.asarray(corners, dtype=np.float64)
    if corners.ndim != 2 or len(corners) != 4 or min(rows, columns) < 2:
        raise ValueError(
            "bilinear interpolation needs corners of shape [4, code] and sides of at least 2; "
            f"received {corners.shape}, {rows} x {columns}: give one code per corner."
        )
    down = np.linspace(0, 1, rows)[:, None, None]
    right = np.linspace(0, 1, columns)[None, :, None]
    top = (1 - right) * corners[0] + right * corners[1]
    bottom = (1 - right) * corners[2] + right * corners[3]
    return ((1 - down) * top + down * bottom).astype(np.float32)


def edit_dimension(codes, dimension: int, values: Sequence[float] = (-2, 0, 2)) -> np.ndarray:
    """Copies of codes in which one dimension takes given values and all else is unchanged.

    Args:
        codes: `[batch, code]`.
        dimension: Which one, from 0.
        values: What it is set to; in standard deviations where the code is standardized.

    Returns:
        float32 `[batch, values, code]`.

    Raises:
        ValueError: no such dimension.
    """
    codes = np.asarray(codes, dtype=np.float32)
    if not 0 <= dimension < codes.shape[1]:
        raise ValueError(
            f"the edited dimension must lie in [0, {codes.shape[1]}); received {dimension}: "
            "dimensions count from 0."
        )
    edited = np.repeat(codes[:, None], len(values), axis=1)
    edited[:, :, dimension] = values
    return edited


def random_styles(count: int, size: int, *, seed: int) -> np.ndarray:
    """Standard normal codes, what the generator was trained on.

    Args:
        count: How many.
        size: Dimensions of each.
        seed: The same seed gives the same codes; a larger count only adds to them.

    Returns:
        float32 `[count, size]`.
    """
    return np.random.default_rng(seed).standard_normal((count, size)).astype(np.float32)


def assemble_codes(style, content, free) -> np.ndarray:
    """The generator's code `[style | content | free]`, leading axes broadcast.

    Args:
        style: `[..., k_S]`.
        content: `[..., k_C]`.
        free: `[..., f]`; zeros for the reconstruction and the transfer of the paper.

    Returns:
        float32 `[..., k_S + k_C + f]`.
    """
    parts = [np.asarray(part, dtype=np.float32) for part in (style, content, free)]
    batch = np.broadcast_shapes(*(part.shape[:-1] for part in parts))
    return np.concatenate([np.broadcast_to(p, (*batch, p.shape[-1])) for p in parts], axis=-1)


def grid_codes(styles, contents, *, free_size: int, free=None) -> np.ndarray:
    """Codes of a grid in which rows share content and columns share style, ready to generate.

    Args:
        styles: `[columns, k_S]`.
        contents: `[rows, k_C]`.
        free_size: Dimensions of the free part, >= 0.
        free: `[rows, free_size]`, the free part of each row; None for zeros.

    Returns:
        float32 `[rows * columns, k_S + k_C + free_size]`, row by row: reshape the images to
        `[rows, columns, height, width, 3]`.

    Raises:
        ValueError: a free part of another shape.
    """
    styles, contents = np.asarray(styles), np.asarray(contents)
    free = np.zeros((len(contents), free_size)) if free is None else np.asarray(free)
    if free.shape != (len(contents), free_size):
        raise ValueError(
            f"free must have shape [{len(contents)}, {free_size}], one per row; received "
            f"{free.shape}: draw one free part per row."
        )
    codes = assemble_codes(styles[None], contents[:, None], free[:, None])
    return codes.reshape(-1, codes.shape[-1])


def medoid_works(codes, artists, artist: int, count: int) -> np.ndarray:
    """An artist's most typical works: those with the least mean distance to the others.

    Args:
        codes: `[works, code]`.
        artists: int `[works]`.
        artist: Whose works.
        count: How many to return at most.

    Returns:
        int `[min(count, works of the artist)]`, indices into `codes`, the medoid first.

    Raises:
        ValueError: the artist has no work.
    """
    codes, artists = _works(codes, artists)
    own = np.flatnonzero(artists == artist)
    if not len(own):
        raise ValueError(
            f"artist {artist} must have a work; received none among {len(artists)}: ask for an "
            "artist of this split."
        )
    apart = distance.cdist(codes[own], codes[own]).sum(axis=1)
    return own[np.argsort(apart, kind="stable")[:count]]


def distances_to_others(codes, artists, works) -> np.ndarray:
    """How far some works are from the nearest work by another artist.

    Args:
        codes: `[works, code]`.
        artists: `[works]`, names or numbers.
        works: int, indices into `codes`: which to measure.

    Returns:
        float64, one for each of `works`: Euclidean; infinite where there is no other artist.
    """
    codes, artists = np.asarray(codes, np.float64), np.asarray(artists)
    own = artists[np.asarray(works, int)]

    def nearest(rows, squared):
        squared[own[rows, None] == artists] = np.inf
        return np.sqrt(squared.min(axis=1))

    return np.concatenate(visit_distances(codes[works], codes, nearest))


def _works(codes, artists):
    codes, artists = np.asarray(codes, dtype=np.float64), np.asarray(artists)
    if codes.ndim != 2 or artists.shape != codes.shape[:1]:
        raise ValueError(
            "codes must have shape [works, code] and artists [works]; received "
            f"{codes.shape} and {artists.shape}: take both from the same works."
        )
    return codes, artists
