"""All distances between queries and a gallery, as a stream of blocks on all cores."""

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from scipy.spatial import distance

from anime_style_tf.search.threads import threads

_BLOCK_ELEMENTS = 2**20  # queries x gallery held at once by one thread: 8 MiB of float64

_Result = TypeVar("_Result")


def visit_distances(
    queries, gallery, visit: Callable[[slice, np.ndarray], _Result], *, own=None
) -> list[_Result]:
    """Calls `visit` with the squared distances of some queries to the whole gallery, in blocks.

    They are direct sums of squared differences: rounding in |q|^2 + |g|^2 - 2 q.g would break
    exact ties.

    Args:
        queries: float64 `[queries, code]`, finite.
        gallery: float64 `[gallery, code]`, finite.
        visit: Called as `visit(rows, squared)` from several threads at once, with a slice of the
            queries' indices and float64 `[block, gallery]`, which it may change. What it returns
            is kept.
        own: int `[queries]`, which work of the gallery each query is itself: its distance is given
            as infinite. None where no query is in the gallery.

    Returns:
        What `visit` returned, in the order of the queries.
    """

    def run(first):
        rows = slice(first, min(first + step, len(queries)))
        squared = distance.cdist(queries[rows], gallery, "sqeuclidean")
        if own is not None:
            squared[np.arange(len(squared)), own[rows]] = np.inf
        return visit(rows, squared)

    step = max(1, _BLOCK_ELEMENTS // len(gallery))
    with threads() as pool:
        return list(pool.map(run, range(0, len(queries), step)))
