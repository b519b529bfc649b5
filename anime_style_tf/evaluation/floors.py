"""Floors: hand-made features of images, above which a learned style code must lie.

Each takes uint8 images and gives one row of features per image, to be compared by Euclidean
distance as codes are. Histograms are given as square roots of shares, so that this is the
Hellinger distance, which tells far more than the distance of the shares themselves.
"""

import functools

import numpy as np

_CHUNK = 256  # images worked on at once
_LUMINANCE = np.array([0.2125, 0.7154, 0.0721])  # Rec. 709, as scikit-image weighs


def in_chunks(features):
    """Makes features of some images those of any number, float32, with bounded memory.

    Args:
        features: function of uint8 images `[images, height, width, 3]` that gives one row each.

    Returns:
        The function; it raises a ValueError for images of another shape or type.
    """

    @functools.wraps(features)
    def of_all(images, **options):
        images = np.asarray(images)
        if images.ndim != 4 or images.shape[-1] != 3 or images.dtype != np.uint8 or not images.size:
            raise ValueError(
                "images must be uint8 [images, height, width, 3] and not empty; received "
                f"{images.dtype} {images.shape}: give sRGB as it is stored."
            )
        parts = (images[i : i + _CHUNK] for i in range(0, len(images), _CHUNK))
        return np.concatenate([features(part, **options).astype(np.float32) for part in parts])

    return of_all


@in_chunks
def rgb_histogram(images, *, levels=16):
    """Square roots of the shares of the pixels of each color.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        levels: equal parts of each channel. More tell colors apart that are more alike.

    Returns:
        float32 `[images, levels^3]`, of length 1.

    Raises:
        ValueError: images of another shape or type, here and in all of these.

    Source: Swain & Ballard (1991), "Color Indexing", for the histogram of joint levels.
    """
    red, green, blue = np.moveaxis(images.astype(np.int64) * levels // 256, -1, 0)
    return np.sqrt(_shares((red * levels + green) * levels + blue, levels**3))


@in_chunks
def edge_histogram(images, *, orientations=8, strengths=16):
    """Square roots of the shares of the pixels with each orientation and strength of edge.

    Gradients are central differences of the luminance, 0 at the border.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        orientations: equal parts of half a turn; opposite directions count as one.
        strengths: equal parts of the gradient's length, 0 to 255 sqrt(2).

    Returns:
        float32 `[images, orientations * strengths]`, of length 1.
    """
    strength, turn = _gradients(images @ _LUMINANCE)
    orientation = np.minimum((turn * orientations).astype(np.int64), orientations - 1)
    level = np.minimum((strength * strengths / (255 * 2**0.5)).astype(np.int64), strengths - 1)
    return np.sqrt(_shares(orientation * strengths + level, orientations * strengths))


def histogram_and_edges(images):
    """`rgb_histogram` beside `edge_histogram`, both of length 1, so that they weigh the same.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.

    Returns:
        float32 `[images, features]`.
    """
    return np.concatenate([rgb_histogram(images), edge_histogram(images)], axis=1)


@in_chunks
def oriented_gradients(images, *, cell=8, orientations=9):
    """Histograms of oriented gradients (HOG) of the luminance, in blocks of 2 x 2 cells.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8, at least two cells on each side.
        cell: side of a cell, pixels; what is over at the right and below is left out.
        orientations: equal parts of half a turn.

    Returns:
        float32 `[images, blocks * 4 * orientations]`; each block is of length 1 at most.

    Source: Dalal & Triggs (2005), without interpolation between bins, and blocks normalized by
        their length, clipped at .2 and normalized again (L2-Hys).
    """
    strength, turn = _gradients(images @ _LUMINANCE)
    rows, columns = (side // cell for side in images.shape[1:3])
    orientation = np.minimum((turn * orientations).astype(np.int64), orientations - 1)
    cells = np.stack(
        [
            np.where(orientation == each, strength, 0)[:, : rows * cell, : columns * cell]
            .reshape(len(images), rows, cell, columns, cell)
            .mean(axis=(2, 4))
            for each in range(orientations)
        ],
        axis=-1,
    )
    blocks = np.stack(
        [cells[:, i : rows - 1 + i, j : columns - 1 + j] for i in range(2) for j in range(2)],
        axis=3,
    ).reshape(len(images), (rows - 1) * (columns - 1), -1)
    return _unit(np.minimum(_unit(blocks), 0.2)).reshape(len(images), -1)


@in_chunks
def local_patterns(images):
    """Square roots of the shares of the pixels with each uniform local binary pattern (LBP).

    A pixel's pattern says which of 8 points at distance 1 around it are at least as light; it is
    uniform if they form one arc, and is then known by the number of its points.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8; luminance is rounded to whole levels.

    Returns:
        float32 `[images, 10]`, of length 1: arcs of 0 to 8 points, then all other patterns.

    Source: Ojala, Pietikainen & Maenpaa (2002), P = 8, R = 1, rotation invariant; outside the
        image all is black.
    """
    gray = np.round(images @ _LUMINANCE)
    padded = np.pad(gray, ((0, 0), (1, 1), (1, 1)))
    height, width = gray.shape[1:]

    def at(row, column):
        return padded[:, 1 + row : 1 + row + height, 1 + column : 1 + column + width]

    side = 0.70711  # of the square whose diagonal is the radius
    signs = []
    for angle in range(8):
        row, column = [(0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1), (1, 0), (1, 1)][angle]
        if row == 0 or column == 0:
            signs.append(at(row, column) >= gray)
            continue
        near = (1 - side) * at(0, 0) + side * at(0, column)
        far = (1 - side) * at(row, 0) + side * at(row, column)
        # A flat neighborhood must not turn on rounding.
        signs.append((1 - side) * near + side * far >= gray - 1e-9)
    signs = np.stack(signs)
    changes = np.sum(signs != np.roll(signs, 1, axis=0), axis=0)
    return np.sqrt(_shares(np.where(changes <= 2, signs.sum(axis=0), 9), 10))


def gradients_and_patterns(images, *, patterns_weight=4.0):
    """`oriented_gradients` (HOG), scaled to length 1, beside weighted `local_patterns` (LBP).

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        patterns_weight: length of the patterns' part. Patterns of two images differ by less than
            gradients do, so that it takes more than 1 for them to count (our setting).

    Returns:
        float32 `[images, features]`.
    """
    patterns = np.float32(patterns_weight) * local_patterns(images)
    return np.concatenate([_unit(oriented_gradients(images)), patterns], axis=1)


FLOORS = {
    "edge_histogram": edge_histogram,
    "histogram_and_edges": histogram_and_edges,
    "gradients_and_patterns": gradients_and_patterns,
}


def _shares(bins, count):
    """Share `[images, count]` of each image's entries that lie in each bin."""
    flat = bins.reshape(len(bins), -1)
    offsets = count * np.arange(len(flat))[:, None]
    counts = np.bincount((flat + offsets).ravel(), minlength=count * len(flat))
    return counts.reshape(len(flat), count) / flat.shape[1]


def _gradients(gray):
    """Length of each pixel's gradient, and its direction in half turns, in [0, 1)."""
    along_rows, along_columns = np.zeros_like(gray), np.zeros_like(gray)
    along_rows[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    along_columns[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    turn = np.arctan2(along_rows, along_columns) / np.pi % 1
    return np.hypot(along_rows, along_columns), turn


def _unit(features):
    return features / np.sqrt(np.sum(features**2, axis=-1, keepdims=True) + 1e-10)
