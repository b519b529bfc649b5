"""Nearest works by Euclidean distance, in exact order, as a stream of blocks on all cores.

Products of float32 matrices only *propose* works and sort what lies clearly apart. Rounding there
could reorder distances that are nearly equal, so proposals reach beyond the last wanted work by a
bound on that rounding, and works closer together than the bound are put in order by a direct sum
of squared differences in float64. No order that rounding might have changed, and no tie, is ever
taken from float32.
"""

import dataclasses
from collections.abc import Callable
from typing import TypeVar

import numpy as np

from anime_style_tf.search import mutual
from anime_style_tf.search.proposals import Gallery, Proposals, argsort_pairs
from anime_style_tf.search.threads import threads

_BLOCK_ELEMENTS = 2**23  # queries x gallery held at once by one thread: 32 MiB of float32
_BLOCK_PAIRS = 2**19  # pairs put in order at once by one thread: about 40 MiB

_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class Neighbors:
    """The nearest works of some queries: by query, nearest first, complete sets of ties.

    Attributes:
        queries: int `[block]`, the queries' indices.
        row: int `[pairs]`, ascending, indices into `queries`.
        work: int `[pairs]`, indices into the gallery.
        before: int `[pairs]`, how many works of the gallery are nearer than this one.
        tied: int `[pairs]`, how many are as near, itself counted.
    """

    queries: np.ndarray
    row: np.ndarray
    work: np.ndarray
    before: np.ndarray
    tied: np.ndarray

    def within(self, cutoff) -> np.ndarray:
        """`[pairs]`: probability of being among the first `cutoff` if ties break at random."""
        return np.clip(cutoff - self.before, 0, self.tied) / self.tied


def visit_nearest(
    queries,
    gallery,
    count,
    visit: Callable[[Neighbors], _Result],
    *,
    leave_one_out: bool = False,
) -> list[_Result]:
    """Calls `visit` with the nearest works of every query, in blocks, from all cores.

    A work is given if fewer than `count` works are nearer. So the last ones may be more than
    `count`, where several are as near. Works are as near as one another if the direct sums of
    squared differences in float64, dimension by dimension, are equal: copies always are.

    Args:
        queries: float64 `[queries, code]`, finite.
        gallery: float64 `[gallery, code]`; the queries themselves for `leave_one_out`.
        count: int, or int `[queries]`, at least 0. Time grows with it mildly up to about a
            hundredth of the gallery.
        visit: Called from several threads at once. What it returns is kept.
        leave_one_out: A query is not its own neighbor.

    Returns:
        What `visit` returned, one for each block; blocks are in no particular order of queries.
        Memory: under 600 MiB, 100 MiB a core, copies of the codes, and what `visit` returned.
    """
    count = np.clip(np.broadcast_to(count, len(queries)), 0, len(gallery) - leave_one_out)
    proposals = Proposals(None if leave_one_out else queries, Gallery(gallery))
    visited = []

    def order(rows, *pairs):
        blocks = _split(rows, count[rows], *pairs)
        return [visit(_in_order(proposals, *block)) for block in blocks]

    with threads() as pool:
        searching = np.arange(len(queries))
        if leave_one_out:
            # Works that are queries too share their distances; for some the guess is too near.
            shared, searching = mutual.propose(proposals, count, pool)
            visited += pool.map(lambda block: order(*block), shared)
        blocks = _blocks(searching, count, len(gallery))
        visited += pool.map(lambda rows: order(rows, *proposals.of(rows, count[rows])), blocks)
    return [result for block in visited for result in block]


def _blocks(queries, count, gallery_size):
    """Indices of queries, in blocks that want about the same number of works."""
    order = queries[np.argsort(count[queries], kind="stable")]
    size = max(1, _BLOCK_ELEMENTS // gallery_size)
    return [order[first : first + size] for first in range(0, len(order), size)]


def _split(queries, count, row, work, squared):
    """Yields blocks with as many queries as have few enough pairs together, at least one."""
    ends = np.searchsorted(row, np.arange(len(queries)), side="right")
    first = 0
    while first < len(queries):
        start = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, start + _BLOCK_PAIRS, side="right")))
        block, pairs = slice(first, last), slice(start, ends[last - 1])
        yield queries[block], count[block], row[pairs] - first, work[pairs], squared[pairs]
        first = last


def _in_order(proposals, queries, count, row, work, squared):
    """`Neighbors` from proposed pairs and their squared distances in float32."""
    order = argsort_pairs(row, squared)
    row, work, squared = row[order], work[order], squared[order].astype(np.float64)

    # Two neighbors in this order are truly in it if their float32 distances are more than two
    # errors apart. Within a query the bound is the same: works on two sides of a gap cannot
    # change places. `apart[i]` is the gap before pair i; the ends are gaps, and so is a new query.
    error = proposals.error_of(queries, row, work)[row]
    apart = np.ones(len(row) + 1, dtype=bool)
    apart[1:-1] = (np.diff(squared) > 2 * error[1:]) | (np.diff(row) > 0)

    # Only works without a gap on both sides need float64, on real codes few: runs of them are
    # sorted by the direct distance, each run within its own places.
    doubtful = np.flatnonzero(~(apart[:-1] & apart[1:]))
    exact = proposals.exact(queries, row[doubtful], work[doubtful])
    run = np.cumsum(apart[:-1])[doubtful]
    order = np.lexsort((exact, run))
    work[doubtful], exact = work[doubtful[order]], exact[order]

    # A set of ties begins at each gap, and inside a run where the direct distance changes. All of
    # a set have as many works before them as its first pair has in its query.
    changes = apart[:-1].copy()
    changes[doubtful[1:]] |= exact[1:] != exact[:-1]
    firsts = np.flatnonzero(changes)
    tied = np.diff(firsts, append=len(row))
    before = firsts - np.searchsorted(row, np.arange(len(queries)))[row[firsts]]
    before, tied = np.repeat(before, tied), np.repeat(tied, tied)

    # Proposals reach beyond the last work wanted, by the rounding; what is surely behind it goes.
    kept = before < count[row]
    return Neighbors(queries, row[kept], work[kept], before[kept], tied[kept])
