"""The variance ratio: spread of one artist's works against the distance between artists."""

import dataclasses

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import jackknife


@dataclasses.dataclass(frozen=True)
class VarianceRatio:
    """V_within, V_diff and R = V_within / V_diff for every prefix length 1 to `code`.

    Attributes:
        within: `[..., code]`, mean over artists of the mean squared distance to the artist's mean.
        different: `[..., code]`, mean squared distance between works of different artists.
    """

    within: np.ndarray
    different: np.ndarray

    @property
    def ratio(self) -> np.ndarray:
        """`[..., code]`: V_within / V_diff; NaN where all works coincide."""
        undefined = np.full_like(self.within, np.nan)
        return np.divide(self.within, self.different, out=undefined, where=self.different > 0)


def variance_ratio(codes, labels=None, *, unbiased: bool = True) -> VarianceRatio:
    """Variance ratio of the first d dimensions, for every d, in linear time.

    With the true means m_a,

        V_within = mean_a mean_{x in X_a} |S(x) - m_a|^2
        V_diff = mean_{a != b} mean_{x in X_a, y in X_b} |S(x) - S(y)|^2
               = 2 V_within + mean_{a != b} |m_a - m_b|^2           (biased V_within; exact)

    and `mean_{a != b} |m_a - m_b|^2 = 2 A / (A - 1) mean_a |m_a - mean_b m_b|^2`. Squared
    distances add up over dimensions, so one cumulative sum gives all prefixes.

    Args:
        codes: `Codes` or `[works, code]`.
        labels: int `[works]`, of at least two artists, in any numbering; None with `Codes`.
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
    counts, means, squares = _of_artists(codes, labels)
    artists = len(counts)
    if artists < 2 or (unbiased and counts.max() < 2):
        raise TooFewError(
            "a variance ratio needs two artists, and two works by one of them if unbiased; "
            f"received {artists} artists with at most {counts.max()} works: measure more works."
        )
    biased_within = np.mean(squares / counts[:, None], axis=0)
    means_apart = 2 * artists / (artists - 1) * np.mean((means - means.mean(axis=0)) ** 2, axis=0)
    within = biased_within
    if unbiased:
        several = counts > 1
        within = np.mean(squares[several] / (counts[several, None] - 1), axis=0)
    return VarianceRatio(np.cumsum(within), np.cumsum(2 * biased_within + means_apart))


def without_each_artist(codes, labels=None) -> VarianceRatio:
    """The unbiased `variance_ratio` of the works that are left without each artist in turn.

    In linear time: an artist's part is taken off the sums over artists, and with A artists
    `sum_{b != a} |m_b - mean_{c != a} m_c|^2 = sum_b |m_b - m|^2 - A / (A - 1) |m_a - m|^2`, where
    m is the mean of all m_b.

    Args:
        codes: `Codes` or `[works, code]`.
        labels: int `[works]`; None with `Codes`.

    Returns:
        `VarianceRatio` with `[artists, code]`, the artists in the order of their labels; NaN for
        those without whom `variance_ratio` is not defined.
    """
    counts, means, squares = _of_artists(codes, labels)
    artists, several = len(counts), counts > 1
    biased = squares / counts[:, None]
    unbiased = squares * (several / np.maximum(counts - 1, 1))[:, None]
    apart = (means - means.mean(axis=0)) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.float64(artists - 1)
        within = (unbiased.sum(axis=0) - unbiased) / (several.sum() - several)[:, None]
        means_apart = 2 / (left - 1) * (apart.sum(axis=0) - apart * artists / left)
        different = 2 * (biased.sum(axis=0) - biased) / left + means_apart
    return VarianceRatio(np.cumsum(within, axis=1), np.cumsum(different, axis=1))


def ratio_with_interval(codes, labels=None):
    """Variance ratio of every prefix with its 95 % interval for other artists and works.

    Args:
        codes: `Codes` or `[works, code]`.
        labels: int `[works]`, of at least two artists; None with `Codes`.

    Returns:
        `(ratio, (low, high))`, each `[code]`: the jackknife over artists of the ratio's logarithm;
        NaN with fewer than three artists, or where the ratio is 0.
    """
    ratio = variance_ratio(codes, labels).ratio
    return ratio, _interval(ratio, without_each_artist(codes, labels).ratio)


def ratio_of_ratios(first, second, labels=None):
    """Variance ratio of one encoder divided by another's, the same works under both.

    The same artists are left out of both, so that what makes artists easy or hard to gather for
    both encoders does not widen the interval. The paper's claim is that it is below 1.

    Args:
        first: codes of one encoder, `Codes` or `[works, code]`.
        second: the same of the same works by the other.
        labels: int `[works]`, of at least two artists; None with `Codes`.

    Returns:
        `(quotient, (low, high))`, each `[code]`, like those of `ratio_with_interval`.

    Raises:
        ValueError: the shapes differ, or the artists of `Codes`.
    """
    both = first, second = [arrays.as_labeled(codes, labels) for codes in (first, second)]
    shapes = [codes.values.shape for codes in both]
    if shapes[0] != shapes[1] or not np.array_equal(first.labels, second.labels):
        raise ValueError(
            f"a paired comparison needs the same works twice; received shapes {shapes[0]} and "
            f"{shapes[1]}: measure both on one split, in as many dimensions."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient = np.divide(*(variance_ratio(codes).ratio for codes in both))
        without = np.divide(*(without_each_artist(codes).ratio for codes in both))
    return quotient, _interval(quotient, without)


def _interval(whole, without):
    return jackknife.interval(whole, without, scale=jackknife.LOGARITHM)


def _of_artists(codes, labels):
    """Works, means and sums of squared deviations, `[artists]` and `[artists, code]`."""
    works = arrays.as_labeled(codes, labels)
    _, group, counts = np.unique(works.labels, return_inverse=True, return_counts=True)
    sums = np.zeros((len(counts), works.code_size))
    np.add.at(sums, group, works.values)
    means = sums / counts[:, None]
    squares = np.zeros_like(sums)
    np.add.at(squares, group, (works.values - means[group]) ** 2)
    return counts, means, squares
