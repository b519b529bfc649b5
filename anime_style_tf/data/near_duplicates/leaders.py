"""Finds portraits that are nearly the same picture: copied, resized, cropped, framed or mirrored.

Portraits are compared by thumbnails: `likeness` picks the pairs that may be one picture under a
small crop, and `alignment` aligns the two and measures what still differs. The bits of a
perceptual hash (`imagehash`) would be less code, but on flat drawings JPEG changes as many of them
as another subject does: `benchmarks/duplicates.py` measures both.
"""

import numpy as np
from PIL import Image
from threadpoolctl import threadpool_limits

from anime_style_tf.data.near_duplicates.alignment import remaining_difference
from anime_style_tf.data.near_duplicates.likeness import Album

# Chosen on half of the emoji subjects; see benchmarks/results/duplicates.json.
LARGEST_DIFFERENCE = 3.5

_SIDE = 32
_TINT_SIDE = _SIDE // 2  # JPEG keeps color at half the resolution: finer is not reliable
FINGERPRINT_LENGTH = _SIDE**2 + 2 * _TINT_SIDE**2
# A reduced copy was compressed at its own size: what JPEG changed there is as much larger here.
_FAITHFUL_SIDE = 2 * _SIDE  # pixels of the source from which on it does not show
_MOST_ALLOWED = 2  # times the largest difference
_REDUCED = 0.8  # part of the other's side below which one may be a reduced copy
_BLOCK = 512  # portraits compared at once
_PAIRS = 64  # pairs aligned at once, so that they fit a processor's cache


def fingerprint(image, coverage):
    """Reduces a portrait to what `find_leaders` compares.

    Padding is cut off and the rest stretched to a square: two copies then differ by a crop.

    Args:
        image: uint8 `[image_size, image_size, 3]`, sRGB in `[0, 255]`.
        coverage: uint8 `[image_size, image_size]`, 0 = padding.

    Returns:
        `FINGERPRINT_LENGTH` bytes: a thumbnail's luma, and its two chromas at half the size.
    """
    rows, columns = (np.flatnonzero((coverage > 127).any(axis)) for axis in (1, 0))
    if len(rows):
        image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    # The softest of the filters: a sharper thumbnail changes more when its picture is shifted.
    small = Image.fromarray(image).resize((_SIDE, _SIDE), Image.Resampling.BILINEAR)
    luma, *chromas = small.convert("YCbCr").split()
    tints = [plane.resize((_TINT_SIDE, _TINT_SIDE), Image.Resampling.BOX) for plane in chromas]
    return b"".join(plane.tobytes() for plane in (luma, *tints))


@threadpool_limits.wrap(limits=1, user_api="blas")  # many small products: threads wait longer
def find_leaders(fingerprints, *, groups=None, sides=None, largest_difference=LARGEST_DIFFERENCE):
    """Finds for each portrait the earlier one that it repeats.

    In order, a portrait that is near an earlier leader is its duplicate, and becomes a leader
    otherwise: no two leaders are near each other. Nearness does not depend on the order, so
    that leaders stay leaders without the duplicates, in any order.

    Memory: about 3 kB for each portrait, and 100 MB.

    Args:
        fingerprints: uint8 `[portraits, FINGERPRINT_LENGTH]`, in order of precedence.
        groups: int64 `[portraits]`; portraits of one group are never each other's duplicates.
        sides: float `[portraits]`, of the pictures they are from, in pixels; more difference is
            allowed between a small one and a larger one. None allows none.
        largest_difference: between two copies, in levels of 255; higher finds and merges more.

    Returns:
        int64 `[portraits]`: the index of its leader, its own for a leader.
    """
    # Equal fingerprints get equal ranks: they are duplicates without a look, and their order does
    # not depend on where in the input they stand.
    leaders = np.arange(len(fingerprints))
    groups = leaders if groups is None else np.asarray(groups)
    sides = np.ones(len(leaders)) if sides is None else np.asarray(sides)
    fingerprints = np.ascontiguousarray(fingerprints)
    whole = fingerprints.view(f"V{FINGERPRINT_LENGTH}")[:, 0]
    ranks = np.unique(whole, return_inverse=True)[1]  # equal for equal ones
    album = Album(len(fingerprints))
    portraits = leaders.copy()  # by their place in the album
    # Block by block, each against all leaders before it and against itself. The album then forgets
    # the duplicates: later blocks are compared with leaders alone.
    for start in range(0, len(fingerprints), _BLOCK):
        block = np.arange(start, min(start + _BLOCK, len(fingerprints)))
        before = len(album)
        album.add(_thumbnails(fingerprints[block]))
        portraits[before : len(album)] = block
        pairs = album.alike(before)
        for side in ("still", "moving"):
            pairs[side] = portraits[pairs[side]]
        pairs = pairs[groups[pairs["still"]] != groups[pairs["moving"]]]
        _turn(pairs, ranks)
        # First the pairs with portraits of earlier blocks: a hundred copies of an earlier leader
        # need then not be compared with each other.
        old = np.minimum(pairs["still"], pairs["moving"]) < start
        for part in (pairs[old], pairs[~old]):
            part = part[_leads(leaders, part["still"]) & _leads(leaders, part["moving"])]
            allowed = largest_difference * _allowance(sides[part["still"]], sides[part["moving"]])
            _follow(leaders, part[_difference(fingerprints, ranks, part) <= allowed])
        stays = _leads(leaders, block)
        album.keep(before, stays)
        portraits[before : len(album)] = block[stays]
    return leaders


def _thumbnails(fingerprints):
    """Returns float32 `[batch, channels, height, width]`: luma, and chromas about 0."""
    # The chromas lie at half the side: enlarged by linear interpolation.
    luma, chromas = np.split(fingerprints.astype(np.float32), [_SIDE**2], axis=1)
    chromas = chromas.reshape(-1, 2, _TINT_SIDE, _TINT_SIDE) - 128
    places = np.clip((np.arange(_SIDE) + 0.5) / 2 - 0.5, 0, _TINT_SIDE - 1)
    weights = np.maximum(0, 1 - np.abs(places[:, None] - np.arange(_TINT_SIDE)))
    weights = weights.astype(np.float32)
    luma = luma.reshape(-1, 1, _SIDE, _SIDE)
    return np.concatenate([luma, weights @ chromas @ weights.T], 1)


def _leads(leaders, portraits):
    return leaders[portraits] == portraits


def _turn(pairs, ranks):
    """Makes it the same in any order which of two thumbnails is moved, where either might be."""
    turned = (pairs["scale"] == 1) & (ranks[pairs["still"]] > ranks[pairs["moving"]])
    still = pairs["still"].copy()
    pairs["still"][turned] = pairs["moving"][turned]
    pairs["moving"][turned] = still[turned]


def _difference(fingerprints, ranks, pairs):
    """Returns how unlike each pair is, `[pairs]`; see `alignment`."""
    difference = np.zeros(len(pairs), np.float32)
    (unequal,) = np.nonzero(ranks[pairs["still"]] != ranks[pairs["moving"]])
    for start in range(0, len(unequal), _PAIRS):
        rows = unequal[start : start + _PAIRS]
        still, moving = (
            _thumbnails(fingerprints[pairs[side][rows]]) for side in ("still", "moving")
        )
        mirrored = pairs["mirrored"][rows, None, None, None]
        moving = np.where(mirrored, moving[..., ::-1], moving)
        difference[rows] = remaining_difference(still, moving, pairs["scale"][rows])
    return difference


def _allowance(sides, others):
    """Returns how many times the largest difference a pair may have, `[pairs]`.

    A 40 pixel JPEG differs from its original more than two files of 64 pixels do; pairs of about
    one size are compared strictly (docs/decisions/0024).
    """
    small, large = np.minimum(sides, others), np.maximum(sides, others)
    allowance = np.clip(_FAITHFUL_SIDE / small, 1, _MOST_ALLOWED)
    return np.where(small <= _REDUCED * large, allowance, 1)


def _follow(leaders, near):
    """Gives each portrait that is near an earlier leader that leader, the earliest."""
    # By the later one, its earliest leader first: what is a duplicate already leads nobody.
    early, late = np.sort([near["still"], near["moving"]], 0)
    order = np.lexsort([early, late])
    for first, second in zip(early[order].tolist(), late[order].tolist(), strict=True):
        if _leads(leaders, first) and _leads(leaders, second):
            leaders[second] = first
