"""Distances of queries to a gallery in the order of its labels, as a stream of blocks."""

import dataclasses
from collections.abc import Callable, Iterator
from typing import TypeVar

import numpy as np

from anime_style_tf.evaluation.retrieval.queries import Search
from anime_style_tf.search.distances import visit_distances

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

    Args:
        search: What is searched.
        length: How many leading dimensions count.
        visit: Called from several threads at once. What it returns is kept.

    Returns:
        What `visit` returned, in the order of the queries.
    """
    queries, gallery = search.prefix(length)
    # By label a query's relevant works are one slice, which costs nothing to take.
    order = np.argsort(search.gallery.labels, kind="stable")
    labels = search.gallery.labels[order]
    starts = np.searchsorted(labels, search.queries.labels)
    stops = np.searchsorted(labels, search.queries.labels, side="right")
    return visit_distances(
        queries,
        gallery[order],
        lambda rows, squared: visit(Block(rows, squared, starts[rows], stops[rows])),
        own=np.argsort(order) if search.leave_one_out else None,
    )
