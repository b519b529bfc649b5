"""Nearest-neighbor retrieval: does the nearest work come from the same artist?"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.spatial import distance

from anime_style_tf.evaluation import arrays, intervals

_CHUNK_ELEMENTS = 2**22  # queries x gallery held at once: 32 MiB of float64


@dataclasses.dataclass(frozen=True)
class Retrieval:
    """Whether each query's nearest gallery work has its label, by prefix.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        labels: int `[queries]`.
        correct: float `[queries, prefixes]`, in [0, 1]: the share of the nearest gallery works
            (several only at equal distance) with the query's label.
        counted: bool `[queries]`: False where no gallery work has the query's label, so that no
            code could be right; those are left out of every mean.
    """

    lengths: np.ndarray
    labels: np.ndarray
    correct: np.ndarray
    counted: np.ndarray

    @property
    def precision(self) -> np.ndarray:
        """`[prefixes]`: precision at 1 over the counted queries; NaN if there is none."""
        if not self.counted.any():
            return np.full(len(self.lengths), np.nan)
        return self.correct[self.counted].mean(axis=0)

    def standard_error(self, *, by_label: bool = True) -> np.ndarray:
        """`[prefixes]`: of the precision, clustered by the queries' labels or binomial."""
        clusters = self.labels[self.counted] if by_label else None
        return intervals.standard_error(self.correct[self.counted], clusters)


def precision_at_1(
    queries,
    query_labels,
    gallery=None,
    gallery_labels=None,
    prefixes: Sequence[int | None] = (2, 4, 8, None),
) -> Retrieval:
    """Precision at 1 of exact Euclidean nearest neighbors, for some prefixes of the code.

    Args:
        queries: `[queries, code]`.
        query_labels: int `[queries]`.
        gallery: `[gallery, code]`; None for leave-one-out, each query against all the others.
        gallery_labels: int `[gallery]`; None with `gallery`.
        prefixes: Prefix lengths, None for the whole code. Those beyond the code are left out;
            the result names the lengths it has.

    Returns:
        `Retrieval`. Ties: a query is right in proportion to the share of its equally near
        neighbors that have its label, which is the expectation of breaking ties at random and
        depends on no order. Lone labels: see `Retrieval.counted`.

    Raises:
        ValueError: arrays of the wrong shape, or a gallery without labels.

    Source: Musgrave et al. (2020), "A Metric Learning Reality Check", for the measure and for
        leaving out lone labels.
    """
    queries = arrays.as_codes(queries, "queries")
    query_labels = arrays.as_labels(query_labels, len(queries), name="query_labels")
    leave_one_out = gallery is None
    gallery, gallery_labels = _gallery(queries, query_labels, gallery, gallery_labels)
    wanted = {queries.shape[1] if length is None else length for length in prefixes}
    kept = sorted(length for length in wanted if length <= queries.shape[1])
    lengths = arrays.as_lengths(kept, queries.shape[1])
    shares = [
        _nearest_share(queries[:, :k], query_labels, gallery[:, :k], gallery_labels, leave_one_out)
        for k in lengths
    ]
    names, counts = np.unique(gallery_labels, return_counts=True)
    findable = names[counts > 1] if leave_one_out else names
    counted = np.isin(query_labels, findable)
    return Retrieval(lengths, query_labels, np.stack(shares, axis=1), counted)


def _gallery(queries, query_labels, gallery, gallery_labels):
    """The gallery and its labels: the queries themselves where neither is given."""
    if (gallery is None) != (gallery_labels is None):
        raise ValueError(
            "gallery and gallery_labels belong together; received only one of them: give both, "
            "or neither for leave-one-out."
        )
    if gallery is None:
        return queries, query_labels
    gallery = arrays.as_codes(gallery, "gallery")
    if gallery.shape[1] != queries.shape[1]:
        raise ValueError(
            f"gallery must have {queries.shape[1]} dimensions as the queries have; received "
            f"{gallery.shape[1]}: prune both alike."
        )
    return gallery, arrays.as_labels(gallery_labels, len(gallery), name="gallery_labels")


def _nearest_share(queries, query_labels, gallery, gallery_labels, leave_one_out):
    """Share `[queries]` of the nearest gallery works that have the query's label."""
    share = np.zeros(len(queries))
    if leave_one_out and len(gallery) == 1:
        return share
    step = max(1, _CHUNK_ELEMENTS // len(gallery))
    for first in range(0, len(queries), step):
        # Direct differences, not |q|^2 + |g|^2 - 2 q.g: rounding there would break exact ties.
        squared = distance.cdist(queries[first : first + step], gallery, "sqeuclidean")
        rows = np.arange(len(squared))
        if leave_one_out:
            squared[rows, first + rows] = np.inf
        nearest = squared == squared.min(axis=1, keepdims=True)
        same = query_labels[first : first + step, None] == gallery_labels[None]
        share[first : first + step] = (nearest & same).sum(axis=1) / nearest.sum(axis=1)
    return share
