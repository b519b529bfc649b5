"""The variance ratio: spread of one artist's works against the distance between artists."""

import dataclasses

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays


@dataclasses.dataclass(frozen=True)
class VarianceRatio:
    """V_within, V_diff and R = V_within / V_diff for every prefix length 1 to `code`.

    Attributes:
        within: `[code]`, mean over artists of the mean squared distance to the artist's mean.
        different: `[code]`, mean squared distance between works of different artists.
    """

    within: np.ndarray
    different: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """`[code]`: V_within / V_diff; NaN where all works coincide."""
        undefined = np.full_like(self.within, np.nan)
        return np.divide(self.within, self.different, out=undefined, where=self.different > 0)


def variance_ratio(codes, labels, *, unbiased: bool = True) -> VarianceRatio:
    """Variance ratio of the first d dimensions, for every d, in linear time.

    With the true means m_a,

        V_within = mean_a mean_{x in X_a} |S(x) - m_a|^2
        V_diff = mean_{a != b} mean_{x in X_a, y in X_b} |S(x) - S(y)|^2
               = 2 V_within + mean_{a != b} |m_a - m_b|^2           (biased V_within; exact)

    and `mean_{a != b} |m_a - m_b|^2 = 2 A / (A - 1) mean_a |m_a - mean_b m_b|^2`. Squared
    distances add up over dimensions, so one cumulative sum gives all prefixes.

    Args:
        codes: `[works, code]`.
        labels: int `[works]`, of at least two artists, in any numbering.
        unbiased: Divide an artist's squared deviations by n_a - 1 rather than n_a, so that the
            expectation does not depend on how many works there are. An artist with one work is
            then left out of V_within and stays in V_diff. V_diff is unbiased either way.

    Returns:
        `VarianceRatio`. The biased ratio lies in [0, 1/2]; the unbiased one has its expectation
        there and may exceed 1/2 a little by chance.

    Raises:
        TooFewError: fewer than two artists, or, unbiased, no artist with two works.

    Source: Xiang & Li (2018), figure 1 right.
    """
    codes = arrays.as_codes(codes)
    labels = arrays.as_labels(labels, len(codes))
    _, group, counts = np.unique(labels, return_inverse=True, return_counts=True)
    artists = len(counts)
    if artists < 2 or (unbiased and counts.max() < 2):
        raise TooFewError(
            "a variance ratio needs two artists, and two works by one of them if unbiased; "
            f"received {artists} artists with at most {counts.max()} works: measure more works."
        )
    sums = np.zeros((artists, codes.shape[1]))
    np.add.at(sums, group, codes)
    means = sums / counts[:, None]
    squares = np.zeros_like(sums)
    np.add.at(squares, group, (codes - means[group]) ** 2)

    biased_within = np.mean(squares / counts[:, None], axis=0)
    means_apart = 2 * artists / (artists - 1) * np.mean((means - means.mean(axis=0)) ** 2, axis=0)
    within = biased_within
    if unbiased:
        several = counts > 1
        within = np.mean(squares[several] / (counts[several, None] - 1), axis=0)
    return VarianceRatio(np.cumsum(within), np.cumsum(2 * biased_within + means_apart))
