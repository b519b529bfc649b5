"""Hubs: works that are near neighbors of too many others, and a readout that discounts them."""

import dataclasses

import numpy as np
from scipy import stats
from scipy.spatial import distance
from sklearn.neighbors import NearestNeighbors

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays

_CHUNK_ELEMENTS = 2**22  # queries x gallery held at once: 32 MiB of float64


@dataclasses.dataclass(frozen=True)
class Hubness:
    """How often each gallery work is among the k nearest of a query.

    Attributes:
        occurrences: int `[gallery]`, N_k; their sum is queries x k.
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

    @property
    def largest_hub(self) -> float:
        """Share of the queries that find the most frequent work."""
        queries = self.occurrences.sum() / self.neighbors
        return float(self.occurrences.max() / queries)


def hubness(queries, gallery=None, *, neighbors: int = 10) -> Hubness:
    """Counts the k-occurrences of a gallery under Euclidean distance.

    Args:
        queries: `[queries, code]`.
        gallery: `[gallery, code]`; None for each query against all the others.
        neighbors: k. Fewer make a longer tail of works that are never found.

    Returns:
        `Hubness`. Equally near works at the k-th place are taken in any order.

    Raises:
        ValueError: arrays of the wrong shape, or not more than k works to find.

    Source: Radovanovic, Nanopoulos & Ivanovic (2010), "Hubs in Space".
    """
    queries, gallery, alone = _works(queries, gallery, neighbors)
    found = _nearest(gallery, None if alone else queries, neighbors)[1]
    return Hubness(np.bincount(found.ravel(), minlength=len(gallery)), neighbors)


def csls_correct(queries, query_labels, gallery=None, gallery_labels=None, *, neighbors: int = 10):
    """Which queries find their own label under cross-domain similarity local scaling (CSLS).

    The nearest work y of a query x is the one with the highest

        2 s(x, y) - r(x) - r(y)

    where s is minus the squared Euclidean distance, r(x) the mean s of x to its k nearest gallery
    works, and r(y) the mean s of y to its k nearest queries. A hub has many near queries and so a
    high r(y), which is taken off. On codes of unit length s = 2 cos - 2 and the order is that of
    the paper, which compares by cosines. All queries are read together: the answer to one depends
    on the others.

    Args:
        queries: `[queries, code]`.
        query_labels: int `[queries]`.
        gallery: `[gallery, code]`; None for each query against all the others.
        gallery_labels: int `[gallery]`; None with `gallery`.
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
    queries, gallery, alone = _works(queries, gallery, neighbors, gallery_labels)
    query_labels = arrays.as_labels(query_labels, len(queries), name="query_labels")
    labels = query_labels if alone else gallery_labels
    labels = arrays.as_labels(labels, len(gallery), name="gallery_labels")
    if not alone and len(queries) < neighbors:
        raise TooFewError(
            f"CSLS needs at least {neighbors} queries, to know how near each gallery work is to "
            f"them; received {len(queries)}: give more queries or fewer neighbors."
        )
    density = -np.mean(_nearest(queries, None if alone else gallery, neighbors)[0] ** 2, axis=1)
    correct, findable = np.empty(len(queries)), np.empty(len(queries), bool)
    step = max(1, _CHUNK_ELEMENTS // len(gallery))
    for first in range(0, len(queries), step):
        chunk = slice(first, first + step)
        # r(x) is the same for every y, so it changes no order.
        scores = -2 * distance.cdist(queries[chunk], gallery, "sqeuclidean") - density
        same = query_labels[chunk, None] == labels
        if alone:
            rows = np.arange(len(scores))
            scores[rows, first + rows], same[rows, first + rows] = -np.inf, False
        best = scores == scores.max(axis=1, keepdims=True)
        correct[chunk] = (best & same).sum(axis=1) / best.sum(axis=1)
        findable[chunk] = same.any(axis=1)
    return np.where(findable, correct, np.nan)


def _works(queries, gallery, neighbors, gallery_labels=None):
    """Queries, gallery, and whether the queries are their own gallery."""
    queries = arrays.as_codes(queries, "queries")
    alone = gallery is None
    if alone and gallery_labels is not None:
        raise ValueError("gallery_labels belong to a gallery; received none: give both or neither.")
    gallery = queries if alone else arrays.as_codes(gallery, "gallery")
    if gallery.shape[1] != queries.shape[1]:
        raise ValueError(
            f"gallery must have {queries.shape[1]} dimensions as the queries have; received "
            f"{gallery.shape[1]}: prune both alike."
        )
    if not 1 <= neighbors <= len(gallery) - alone:
        raise ValueError(
            f"neighbors must be 1 to {len(gallery) - alone}, the works that there are to find; "
            f"received {neighbors}."
        )
    return queries, gallery, alone


def _nearest(gallery, queries, neighbors):
    """Distances and rows `[queries, k]`; without queries, of each gallery work's others."""
    search = NearestNeighbors(n_neighbors=neighbors, algorithm="brute").fit(gallery)
    return search.kneighbors(queries)
