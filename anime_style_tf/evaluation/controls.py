"""Shuffled labels: what a measure says where there is nothing to find."""

import dataclasses
from collections.abc import Callable

import numpy as np

from anime_style_tf.evaluation import arrays


def precision_by_chance(query_labels, gallery_labels=None) -> float:
    """Expected precision at 1 if labels had nothing to do with codes.

    Args:
        query_labels: int `[queries]`.
        gallery_labels: int `[gallery]`; None for leave-one-out, each query against all the others.

    Returns:
        The mean over queries of the share of the gallery that has the query's label; with
        leave-one-out `(n_a - 1) / (n - 1)`, and artists with one work are left out, as they are
        of "precision_at_1" of `evaluation.retrieval.ranking.rank`. NaN if no query has anything to
        find.

    Raises:
        ValueError: labels that are not integers, or too few.
    """
    query_labels = arrays.as_labels(query_labels, np.size(query_labels), name="query_labels")
    alone = gallery_labels is None
    gallery_labels = query_labels if alone else gallery_labels
    gallery_labels = arrays.as_labels(gallery_labels, np.size(gallery_labels))
    if len(query_labels) < 1 or len(gallery_labels) < 1 + alone:
        raise ValueError(
            f"chance needs a query and a work to find; received {len(query_labels)} queries and "
            f"{len(gallery_labels)} works: measure more works."
        )
    names, counts = np.unique(gallery_labels, return_counts=True)
    place = np.searchsorted(names, query_labels).clip(max=len(names) - 1)
    same = np.where(names[place] == query_labels, counts[place] - alone, 0)
    shares = same[same > 0] / (len(gallery_labels) - alone)
    return float(shares.mean()) if len(shares) else float("nan")


@dataclasses.dataclass(frozen=True)
class PermutationTest:
    """A measure beside its values under shuffled labels.

    Attributes:
        observed: the measure with the labels as they are.
        shuffled: `[permutations]`, with shuffled ones.
    """

    observed: float
    shuffled: np.ndarray

    @property
    def p_value(self) -> float:
        """How often chance does at least as well: `(1 + #{shuffled >= observed}) / (1 + n)`."""
        return float((1 + np.sum(self.shuffled >= self.observed)) / (1 + len(self.shuffled)))

    @property
    def excess(self) -> float:
        """Standard deviations that the measure lies above the mean of the shuffled ones."""
        spread = np.std(self.shuffled, ddof=1)
        above = self.observed - np.mean(self.shuffled)
        return float(above / spread) if spread > 0 else float("nan")


def permutation_test(
    measure: Callable[[np.ndarray], float],
    labels,
    *,
    within=None,
    permutations: int = 199,
    seed: int = 0,
) -> PermutationTest:
    """Tests whether a measure is higher than it would be if labels were assigned at random.

    Args:
        measure: function of labels `[works]`, the higher the better, for instance
            `lambda labels: rank(codes, labels, cutoffs=(1,)).mean("precision_at_1")[0]`.
        labels: `[works]`.
        within: labels `[works]`, for instance subjects: labels are exchanged only among works that
            are alike here, so that what these explain is in the shuffled values too. None
            exchanges all.
        permutations: number of shuffles, n >= 2; the smallest p-value is `1 / (1 + n)`.
        seed: of the shuffles.

    Returns:
        `PermutationTest`.

    Raises:
        ValueError: fewer than two permutations, or `within` of another length.

    Source: Phipson & Smyth (2010), "Permutation P-values Should Never Be Zero".
    """
    labels = np.asarray(labels)
    within = np.zeros(len(labels)) if within is None else np.asarray(within)
    if within.shape != labels.shape or permutations < 2:
        raise ValueError(
            f"a permutation test needs `within` of shape {labels.shape} and 2 permutations or "
            f"more; received {within.shape} and {permutations}."
        )
    stratum = np.unique(within, return_inverse=True)[1]
    place = np.argsort(stratum, kind="stable")
    generator = np.random.default_rng(seed)
    outcomes = []
    for _ in range(permutations):
        shuffled = np.empty_like(labels)
        shuffled[place] = labels[np.lexsort((generator.random(len(labels)), stratum))]
        outcomes.append(measure(shuffled))
    return PermutationTest(float(measure(labels)), np.array(outcomes, np.float64))
