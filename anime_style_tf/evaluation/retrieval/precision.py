"""Nearest-neighbor retrieval: does the nearest work come from the same artist?"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation.retrieval import ranking
from anime_style_tf.evaluation.uncertainty import intervals


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
    ranked = ranking.rank(
        queries, query_labels, gallery, gallery_labels, prefixes=prefixes, cutoffs=(1,), at_r=False
    )
    correct = ranked.values["precision_at_1"]
    return Retrieval(ranked.lengths, ranked.labels, correct, ranked.counted)
