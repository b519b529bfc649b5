"""How sure a number is: proportions, means over works that cluster by artist, any statistic."""

import contextlib
from collections.abc import Callable

import numpy as np
from scipy import special, stats

from anime_style_tf.errors import TooFewError


def wilson_interval(successes, count, *, confidence: float = 0.95):
    """Wilson score interval of a proportion.

    Args:
        successes: Number of successes, scalar or any shape.
        count: Number of trials, broadcast against `successes`, at least 1.
        confidence: Coverage in (0, 1). More is wider.

    Returns:
        `(low, high)`, each of the broadcast shape, within [0, 1].

    Raises:
        ValueError: successes outside 0 to count, or no trial.

    Source: Wilson (1927); with z the normal quantile and p = successes / count,
        (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n).
    """
    successes = np.asarray(successes, dtype=np.float64)
    count = np.asarray(count, dtype=np.float64)
    if np.any(count < 1) or np.any(successes < 0) or np.any(successes > count):
        raise ValueError(
            "a proportion needs 0 <= successes <= count and count >= 1; received successes "
            f"{successes.tolist()} of {count.tolist()}: count the trials again."
        )
    return _wilson(successes, count, special.ndtri(0.5 + confidence / 2))


def _wilson(successes, count, z):
    share = successes / count
    shrink = 1 + z**2 / count
    center = (share + z**2 / (2 * count)) / shrink
    half = z * np.sqrt(share * (1 - share) / count + z**2 / (4 * count**2)) / shrink
    low = np.where(share == 0, 0.0, np.clip(center - half, 0, 1))
    high = np.where(share == 1, 1.0, np.clip(center + half, 0, 1))
    return low[()], high[()]


def share_interval(hits, clusters=None, *, confidence: float = 0.95):
    """Wilson interval of a share of works whose errors may go together by artist.

    Wilson's with the number of works divided by the design effect (clustered variance by that of
    independent works, where it is above 1), and with Student's t for one degree of freedom fewer
    than there are clusters. So it holds for other artists, too, and where nearly all are hits.

    Args:
        hits: Bool `[works, ...]`.
        clusters: Labels `[works]`, for instance artists; None for independent works.
        confidence: Coverage in (0, 1).

    Returns:
        `(low, high)`, each `hits.shape[1:]`, within [0, 1]. One cluster counts as none, and so
        does one for each work.

    Source: Kish (1965), the design effect; Dean & Pagano (2015) for Wilson's interval with it.
    """
    hits = np.asarray(hits, np.float64)
    works, share = len(hits), hits.mean(axis=0)
    groups = 1 if clusters is None else len(np.unique(clusters))
    if groups in (1, works):
        return wilson_interval(hits.sum(axis=0), works, confidence=confidence)
    clustered, independent = standard_error(hits, clusters), standard_error(hits)
    ratio = np.divide(clustered, independent, out=np.ones_like(share), where=independent > 0)
    size = np.maximum(1, works / np.maximum(1, ratio**2))
    quantile = stats.t.ppf(0.5 + confidence / 2, groups - 1)
    return _wilson(share * size, size, quantile)


def standard_error(values, clusters=None) -> np.ndarray:
    """Standard error of the mean of `values` over works, robust to clusters such as artists.

    With m the mean over all n works and G clusters,
    `sqrt(G / (G - 1) * sum_g (sum_{i in g} (v_i - m))^2) / n`.
    Without clusters each work is its own and this is the usual `s / sqrt(n)`; for zeros and
    ones that is the binomial `sqrt(p (1 - p) / (n - 1))`.

    Args:
        values: `[works, ...]`; booleans count as 0 and 1.
        clusters: Labels `[works]` within which errors may go together; None for independent
            works.

    Returns:
        `values.shape[1:]`, >= 0.

    Raises:
        ValueError: labels of another length.
        TooFewError: fewer than two clusters.

    Source: Liang & Zeger (1986), the sandwich estimator for a mean, times G / (G - 1).
    """
    values = np.asarray(values, dtype=np.float64)
    deviations = values - values.mean(axis=0)
    if clusters is None:
        sums = deviations
    else:
        clusters = np.asarray(clusters)
        if clusters.shape != values.shape[:1]:
            raise ValueError(
                f"clusters must have shape {values.shape[:1]}, one label per work; received "
                f"{clusters.shape}: take values and labels from the same works."
            )
        _, group = np.unique(clusters, return_inverse=True)
        sums = np.zeros((group.max() + 1, *values.shape[1:]))
        np.add.at(sums, group, deviations)
    if len(sums) < 2:
        raise TooFewError(
            f"a standard error needs at least 2 clusters; received {len(sums)}: measure more "
            "artists, or give no clusters."
        )
    correction = len(sums) / (len(sums) - 1)
    return np.sqrt(correction * np.sum(sums**2, axis=0)) / len(values)


def mean_interval(values, clusters=None, *, confidence: float = 0.95):
    """Interval `mean -+ t * standard_error` of a mean over works.

    t is Student's with one degree of freedom fewer than clusters (or independent works).

    Args:
        values: `[works, ...]`.
        clusters: Labels `[works]`, or None for independent works.
        confidence: Coverage in (0, 1).

    Returns:
        `(low, high)`, each of shape `values.shape[1:]`; not clipped.
    """
    mean = np.mean(np.asarray(values, dtype=np.float64), axis=0)
    independent = len(values) if clusters is None else len(np.unique(clusters))
    quantile = stats.t.ppf(0.5 + confidence / 2, independent - 1)
    half = quantile * standard_error(values, clusters)
    return mean - half, mean + half


def paired_difference(first, second, clusters=None):
    """Mean of `first - second` over the same works, with its standard error.

    Pairing removes what makes a work easy or hard for both, so a small advantage can be seen.

    Args:
        first: `[works, ...]`, for instance correctness under one method.
        second: The same works under the other.
        clusters: Labels `[works]`, or None for independent works.

    Returns:
        `(difference, standard_error)`, each of shape `first.shape[1:]`.

    Raises:
        ValueError: the shapes differ.
    """
    first = np.asarray(first, dtype=np.float64)
    second = np.asarray(second, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(
            f"a paired comparison needs the same works twice; received shapes {first.shape} "
            f"and {second.shape}: measure both on one split."
        )
    difference = first - second
    return difference.mean(axis=0), standard_error(difference, clusters)


def bootstrap_interval(
    statistic: Callable[[np.ndarray, np.ndarray], float],
    clusters,
    *,
    resamples: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
):
    """Percentile interval of any statistic, drawing whole clusters (artists) with replacement.

    Args:
        statistic: Called as `statistic(rows, labels)` with `rows` `[drawn]` indices of works
            and `labels` `[drawn]` the number of the draw, 0 to G - 1: an artist drawn twice
            counts as two. Returns a number or an array of fixed shape.
        clusters: Labels `[works]`, for instance artists.
        resamples: Number of draws. More is slower and steadier.
        confidence: Coverage in (0, 1).
        seed: Of the draws.

    Returns:
        `(low, high)`, each of the statistic's shape; draws whose statistic is NaN are left out,
        and so are those with too few works for it.

    Raises:
        TooFewError: no draw has enough works.

    Source: Efron (1979); resampling of clusters, Davison & Hinkley (1997), section 3.8.
    """
    clusters = np.asarray(clusters)
    order = np.argsort(clusters, kind="stable")
    counts = np.unique(clusters, return_counts=True)[1]
    members = np.split(order, np.cumsum(counts)[:-1])
    generator = np.random.default_rng(seed)
    draws = generator.integers(len(members), size=(resamples, len(members)))
    outcomes = []
    for draw in draws:
        rows = np.concatenate([members[cluster] for cluster in draw])
        labels = np.repeat(np.arange(len(draw)), counts[draw])
        with contextlib.suppress(TooFewError):
            outcomes.append(statistic(rows, labels))
    if not outcomes:
        raise TooFewError(
            f"a bootstrap interval needs works to draw from, received {len(clusters)} in "
            f"{len(members)} clusters, too few for its statistic: measure more works."
        )
    tail = (1 - confidence) / 2
    low, high = np.nanquantile(np.asarray(outcomes, np.float64), [tail, 1 - tail], axis=0)
    return low, high
