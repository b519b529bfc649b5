"""Hubs: works that are near neighbors of too many others, and a readout that discounts them."""

import dataclasses

import numpy as np
from scipy import stats

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.retrieval.queries import check_code_sizes, make_search
from anime_style_tf.search.distances import visit_distances
from anime_style_tf.search.nearest import visit_nearest


@dataclasses.dataclass(frozen=True)
class Hubness:
    """How often each gallery work is among the k nearest of a query.

    Attributes:
        occurrences: `[gallery]`, N_k; their sum is queries x k. Whole numbers but for ties.
        neighbors: k.
    """

    occurrences: np.ndarray
    neighbors: int

    @property
    def skewness(self) -> float:
        """`E (N_k - m)^3 / s^3`; near 0 without hubs, NaN where all are found equally often."""
        if np.ptp(self.occurrences) == 0:
            return float("nan")
        return float(stats.skew(self.occurrences))

    @property
    def antihubs(self) -> float:
        """Share of the gallery that is among the k nearest of no query: it is never found."""
        return float(np.mean(self.occurrences == 0))


def hubness(queries, gallery=None, *, neighbors: int = 10) -> Hubness:
    """Counts the k-occurrences of a gallery under Euclidean distance.

    Args:
        queries: `Codes` or `[queries, code]`.
        gallery: `Codes` or `[gallery, code]`; None for each query against all the others.
        neighbors: k. Fewer make a longer tail of works that are never found.

    Returns:
        `Hubness`. Equally near works at the k-th place count by the probability of being taken, so
        that no order of the works matters.

    Raises:
        ValueError: arrays of the wrong shape, or not more than k works to find.

    Source: Radovanovic, Nanopoulos & Ivanovic (2010), "Hubs in Space".
    """
    queries = arrays.as_codes(queries, "queries")
    alone = gallery is None
    gallery = queries if alone else arrays.as_codes(gallery, "gallery")
    check_code_sizes(queries, gallery)
    _check_neighbors(neighbors, len(gallery) - alone)
    # Each query gives k shares: one to each work nearer than the k-th, and what remains in equal
    # parts to those as near as it.
    blocks = visit_nearest(
        queries,
        gallery,
        neighbors,
        lambda near: (near.work, near.within(neighbors)),
        leave_one_out=alone,
    )
    works, shares = (np.concatenate(part) for part in zip(*blocks, strict=True))
    # Shares such as 1/3 + 1/3 + 1/3 must be as often as 1.
    occurrences = np.round(np.bincount(works, shares, len(gallery)), 9)
    return Hubness(occurrences, neighbors)


def csls_correct(
    queries, query_labels=None, gallery=None, gallery_labels=None, *, neighbors: int = 10
):
    """Which queries find their own label under cross-domain similarity local scaling (CSLS).

    The nearest work y of a query x is the one with the highest

        2 s(x, y) - r(x) - r(y)

    where s is minus the squared Euclidean distance, r(x) the mean s of x to its k nearest gallery
    works, and r(y) the mean s of y to its k nearest queries. A hub has many near queries and so a
    high r(y), which is taken off. On codes of unit length s = 2 cos - 2 and the order is that of
    the paper, which compares by cosines. All queries are read together: the answer to one depends
    on the others.

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for each query against all the others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.
        neighbors: k. Raising it discounts wider neighborhoods.

    Returns:
        float `[queries]` in [0, 1], whose mean is precision at 1: the share of the best gallery
        works (several only at equal score) with the query's label. NaN where no gallery work has
        it.

    Raises:
        ValueError: arrays of the wrong shape, or not more than k works to find.
        TooFewError: fewer than k queries.

    Source: Conneau et al. (2018), "Word Translation Without Parallel Data".
    """
    search = make_search(queries, query_labels, gallery, gallery_labels)
    queries, gallery = search.queries, search.gallery
    _check_neighbors(neighbors, len(gallery) - search.leave_one_out)
    if not search.leave_one_out and len(queries) < neighbors:
        raise TooFewError(
            f"CSLS needs at least {neighbors} queries, to know how near each gallery work is to "
            f"them; received {len(queries)}: give more queries or fewer neighbors."
        )
    own = np.arange(len(gallery)) if search.leave_one_out else None

    # First r(y) of each gallery work, so that all distances are computed twice: a table of them
    # would take 8 bytes for each pair.
    def near_queries(rows, squared):
        return -np.partition(squared, neighbors - 1, axis=1)[:, :neighbors].mean(axis=1)

    density = np.concatenate(visit_distances(gallery.values, queries.values, near_queries, own=own))

    # Then the best work of each query; best ones at one score share it.
    def right(rows, squared):
        # r(x) is the same for every y, so it changes no order.
        scores = -2 * squared - density
        # A query is infinitely far from itself, and no evidence of its own label.
        same = (queries.labels[rows, None] == gallery.labels) & np.isfinite(squared)
        best = scores == scores.max(axis=1, keepdims=True)
        shares = (best & same).sum(axis=1) / best.sum(axis=1)
        return np.where(same.any(axis=1), shares, np.nan)

    return np.concatenate(visit_distances(queries.values, gallery.values, right, own=own))


def _check_neighbors(neighbors, most):
    if not 1 <= neighbors <= most:
        raise ValueError(
            f"neighbors must be 1 to {most}, the works that there are to find; received "
            f"{neighbors}."
        )
