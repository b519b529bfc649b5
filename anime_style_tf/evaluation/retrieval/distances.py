"""All distances between queries and gallery, as a stream of blocks on all cores."""

import concurrent.futures
import dataclasses
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np
from scipy.spatial import distance

from anime_style_tf.evaluation.retrieval.proposals import cores
from anime_style_tf.evaluation.retrieval.queries import Search

_BLOCK_ELEMENTS = 2**20  # queries x gallery held at once by one thread: 8 MiB of float64

_Result = TypeVar("_Result")


@dataclasses.dataclass(frozen=True)
class Block:
    """Squared distances of some queries to the whole gallery, which is in the order of labels.

    Attributes:
        queries: slice of the queries' indices.
        squared: float64 `[block, gallery]`; infinite for a query that is itself in the gallery.
        starts: int `[block]`, where the works with the query's label begin.
        stops: int `[block]`, where they end.
    """

    queries: slice
    squared: np.ndarray
    starts: np.ndarray
    stops: np.ndarray

    def relevant(self) -> Iterator[slice]:
        """For each row the columns with the query's label, among them the query itself if there."""
        return map(slice, self.starts, self.stops)


def visit_blocks(search: Search, length: int, visit: Callable[[Block], _Result]) -> list[_Result]:
    """Calls `visit` with the squared distances on the first dimensions, from all cores.

    They are direct sums of squared differences: rounding in |q|^2 + |g|^2 - 2 q.g would break
    exact ties.

    Args:
        search: What is searched.
        length: How many leading dimensions count.
        visit: Called from several threads at once. What it returns is kept.

    Returns:
        What `visit` returned, in the order of the queries.
    """
    queries, gallery = search.prefix(length)
    order = np.argsort(search.gallery_labels, kind="stable")
    gallery, labels = gallery[order], search.gallery_labels[order]
    starts = np.searchsorted(labels, search.query_labels)
    stops = np.searchsorted(labels, search.query_labels, side="right")
    own = np.argsort(order)

    def run(first):
        rows = slice(first, min(first + step, len(queries)))
        squared = distance.cdist(queries[rows], gallery, "sqeuclidean")
        if search.leave_one_out:
            squared[np.arange(len(squared)), own[rows]] = np.inf
        return visit(Block(rows, squared, starts[rows], stops[rows]))

    step = max(1, _BLOCK_ELEMENTS // len(gallery))
    with concurrent.futures.ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(run, range(0, len(queries), step)))
