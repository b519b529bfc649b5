"""Proposals among works that are queries and gallery at once: each distance is computed once.

How far a query must look is guessed from a sample of the works. That guess can be wrong; whether
it was is known once the works within it are there, and the queries that it was too near for are
left to the search that does not guess.
"""

import collections
import threading

import numpy as np

_CHUNK = 2048  # works; a tile has as many rows and columns
_TILE_ROWS = 512  # rows of a product that stays in a core's cache
_SAMPLE = 8192  # works that the guess is made from
_MOST_PAIRS = 2**25  # 400 MiB; the search that does not guess takes over beyond


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
    chunks = [everyone[first : first + _CHUNK] for first in range(0, works, _CHUNK)]
    sample = np.random.default_rng(0).choice(works, _SAMPLE, replace=False)
    limits = np.concatenate(
        list(pool.map(lambda chunk: _guess(proposals, chunk, count[chunk], sample), chunks))
    )
    found = _Pairs(len(chunks))
    tiles = [(i, j) for i in range(len(chunks)) for j in range(i, len(chunks))]
    list(pool.map(lambda tile: _visit(proposals, limits, chunks, *tile, found), tiles))
    if found.overflowing:
        return [], everyone

    def close(number):
        return _close(proposals, chunks[number], count, limits, found.take(number))

    blocks, missed = zip(*pool.map(close, range(len(chunks))), strict=True)
    return blocks, np.concatenate(missed)


def _guess(proposals, queries, count, sample):
    """Squared distance `[block]` that probably has `count` works within it, and not many more."""
    squared = proposals.queries[queries] @ proposals.gallery[sample].T
    expected = count * len(sample) / len(proposals.gallery)
    # One more for the query itself, which may be in the sample.
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

    def add(self, chunk, query, work, squared):
        """Adds pairs; the indices are stored in 4 bytes."""
        with self._lock:
            self._count += len(query)
        self._found[chunk].append((query.astype(np.int32), work.astype(np.int32), squared))

    def take(self, chunk):
        """Gives the pairs of a chunk, by query, and forgets them."""
        query, work, squared = map(np.concatenate, zip(*self._found[chunk], strict=True))
        self._found[chunk].clear()
        # Two bytes hold a chunk's own numbering, and are sorted by radix.
        order = np.argsort((query % _CHUNK).astype(np.int16), kind="stable")
        return query[order], work[order], squared[order]


def _visit(proposals, limits, chunks, first, second, found):
    """Finds the pairs within the limits of two chunks, in both directions."""
    columns = chunks[second]
    gallery = proposals.gallery[columns].T
    for start in range(0, len(chunks[first]), _TILE_ROWS):
        if found.overflowing:
            return
        rows = chunks[first][start : start + _TILE_ROWS]
        squared = proposals.queries[rows] @ gallery
        if first == second:
            squared[np.arange(len(rows)), start + np.arange(len(rows))] = np.inf
        near = np.flatnonzero(squared <= limits[rows, None])
        row, column = np.divmod(near, len(columns))
        found.add(first, rows[row], columns[column], squared.ravel()[near])
        if first != second:
            near = np.flatnonzero(squared <= limits[columns])
            row, column = np.divmod(near, len(columns))
            found.add(second, columns[column], rows[row], squared.ravel()[near])


def _close(proposals, chunk, count, limits, pairs):
    """Splits a chunk: the block of what is complete, and the queries that need another search."""
    query, work, squared = pairs
    row = query - chunk[0]
    wanted, sizes = count[chunk], np.bincount(row, minlength=len(chunk))
    kth = np.full(len(chunk), np.inf, dtype=np.float32)
    ends = np.cumsum(sizes)
    for each in np.flatnonzero((sizes >= wanted) & (wanted > 0)):
        own = squared[ends[each] - sizes[each] : ends[each]]
        kth[each] = np.partition(own, wanted[each] - 1)[wanted[each] - 1]
    kth[wanted == 0] = -1
    reach = proposals.reach(chunk, np.minimum(kth, np.float32(1e30)))
    complete = (kth <= 1e30) & (reach <= limits[chunk])
    kept = complete[row] & (squared <= reach[row])
    place = np.cumsum(complete) - 1
    return (
        (chunk[complete], place[row[kept]], work[kept], squared[kept]),
        chunk[~complete],
    )
