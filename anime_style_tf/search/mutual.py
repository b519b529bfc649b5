"""Proposals among works that are queries and gallery at once: each distance is computed once.

How far a query must look is guessed from a sample of the works. That guess can be wrong; whether
it was is known once the works within it are there, and the queries that it was too near for are
left to the search that does not guess.
"""

import collections
import threading

import numpy as np

from anime_style_tf.search.proposals import argsort_pairs

_CHUNK = 2048  # works; a tile has as many rows and columns
_TILE_ROWS = 512  # rows of a product that stays in a core's cache
_SAMPLE = 4096  # works that the guess is made from
_MOST_PAIRS = 2**25  # 320 MiB; the search that does not guess takes over beyond


def propose(proposals, count, pool):
    """Proposes the `count` nearest other works to as many queries as the guess holds for.

    Args:
        proposals: `Proposals` for leave-one-out.
        count: int `[works]`, how many are wanted.
        pool: Executor of threads.

    Returns:
        Blocks `(queries, row, work, squared)` as from `Proposals.of`, by row, and the int indices
        of the queries that are in none of them.
    """
    works = len(count)
    everyone = np.arange(works)
    if works < 2 * _SAMPLE or 3 * count.sum() > _MOST_PAIRS:
        return [], everyone
    # First how far each work must look, from distances to a sample of the works.
    chunks = [everyone[first : first + _CHUNK] for first in range(0, works, _CHUNK)]
    sample = np.random.default_rng(0).choice(works, _SAMPLE, replace=False)
    limits = np.concatenate(
        list(pool.map(lambda chunk: _guess(proposals, chunk, count[chunk], sample), chunks))
    )
    # Nearest limits first: what lies within a work's limit lies within that of any later work, so
    # that a tile needs one comparison, with the limits of its columns, for both directions.
    order = np.argsort(limits, kind="stable")
    chunks = [order[first : first + _CHUNK] for first in range(0, works, _CHUNK)]
    # Each pair of chunks is one tile, and half of all tiles are enough: |a - b| = |b - a|.
    columns = [np.ascontiguousarray(proposals.gallery.products[chunk].T) for chunk in chunks]
    pairs = _Pairs(len(chunks))
    tiles = [(i, j) for i in range(len(chunks)) for j in range(i, len(chunks))]
    list(pool.map(lambda tile: _visit(proposals, limits, chunks, columns, *tile, pairs), tiles))
    # Many copies of a work, for instance, lie all within any limit: those lists would not fit.
    if pairs.overflowing:
        return [], everyone

    def close(number):
        return _close(proposals, chunks[number], count, limits, *pairs.take(number))

    blocks, missed = zip(*pool.map(close, range(len(chunks))), strict=True)
    return blocks, np.concatenate(missed)


def _guess(proposals, queries, count, sample):
    """Squared distance `[block]` that probably has `count` works within it, and not many more."""
    squared = proposals.products[queries] @ proposals.gallery.products[sample].T
    # The sample holds about its share of the works wanted. Two standard deviations (Poisson) and 2
    # more make the limit wide enough for nearly all queries; one more for the query itself, which
    # may be in the sample.
    expected = count * len(sample) / len(proposals.gallery.codes)
    place = np.ceil(expected + 2 * np.sqrt(expected) + 2).astype(int) + 1
    # The smallest of groups, where these are many more than are wanted, are nearly the smallest.
    size = max(1, len(sample) // (16 * place.max()))
    groups = len(sample) // size
    smallest = squared[:, : groups * size].reshape(len(queries), size, groups).min(axis=1)
    place = np.minimum(place, groups) - 1
    smallest.partition(np.unique(place), axis=1)
    return smallest[np.arange(len(queries)), place]


class _Pairs:
    """Found pairs, by the chunk of the query; any thread may add."""

    def __init__(self, chunks):
        self._found = [collections.deque() for _ in range(chunks)]
        self._count, self._lock = 0, threading.Lock()

    @property
    def overflowing(self):
        return self._count > _MOST_PAIRS

    def add(self, chunk, row, work, squared):
        """Adds pairs of the chunk's `row`-th query; a pair takes 10 bytes."""
        with self._lock:
            self._count += len(row)
        self._found[chunk].append((row.astype(np.int16), work.astype(np.int32), squared))

    def take(self, chunk):
        """Gives the pairs of a chunk, by row and nearest first, and forgets them."""
        row, work, squared = map(np.concatenate, zip(*self._found[chunk], strict=True))
        self._found[chunk].clear()
        order = argsort_pairs(row, squared)
        # Clipped, as they were sorted: the k-th is then the largest of the first k.
        return row[order].astype(np.int64), work[order], np.maximum(squared[order], 0)


def _visit(proposals, limits, chunks, columns, first, second, pairs):
    """Finds the pairs within the limits of two chunks, in both directions."""
    works = chunks[second]
    tile = np.empty((_TILE_ROWS, len(works)), dtype=np.float32)
    within = np.empty(tile.shape, dtype=bool)
    for start in range(0, len(chunks[first]), _TILE_ROWS):
        if pairs.overflowing:
            return
        rows = chunks[first][start : start + _TILE_ROWS]
        squared = np.matmul(proposals.products[rows], columns[second], out=tile[: len(rows)])
        if first == second:
            squared[np.arange(len(rows)), start + np.arange(len(rows))] = np.inf
        near = np.flatnonzero(np.less_equal(squared, limits[works], out=within[: len(rows)]))
        row, column = np.divmod(near, len(works))
        squared = squared.ravel()[near]
        pairs.add(second, column, rows[row], squared)
        if first != second:  # within one chunk every pair is met twice
            both = squared <= limits[rows[row]]
            row, column = row[both], column[both]
            pairs.add(first, start + row, works[column], squared[both])


def _close(proposals, chunk, count, limits, row, work, squared):
    """Splits a chunk: the block of what is complete, and the queries that need another search."""
    # The k-th of what was found is the true one if everything as near lies within the limit too.
    # A query with fewer than k keeps an infinite k-th, one that wants none a k-th below all.
    wanted, sizes = count[chunk], np.bincount(row, minlength=len(chunk))
    kth = np.full(len(chunk), np.inf, dtype=np.float32)
    enough = np.flatnonzero((sizes >= wanted) & (wanted > 0))
    kth[enough] = squared[(np.cumsum(sizes) - sizes + wanted - 1)[enough]]
    kth[wanted == 0] = -1
    # 1e30 stands for infinity, from which rounding cannot be told; scaled squares are below it.
    reach = proposals.reach(chunk, np.minimum(kth, np.float32(1e30)))
    complete = (kth <= 1e30) & (reach <= limits[chunk])
    kept = complete[row] & (squared <= reach[row])
    place = np.cumsum(complete) - 1
    return (
        (chunk[complete], place[row[kept]], work[kept], squared[kept]),
        chunk[~complete],
    )
