"""How sure any statistic is of which artists it was measured on: each is left out in turn."""

from collections.abc import Callable

import numpy as np
from scipy import special, stats

# Scales on which a statistic's errors are more nearly normal, each with its inverse.
PLAIN = (np.asarray, np.asarray)
LOGARITHM = (np.log, np.exp)  # ratios, which are positive
LOGIT = (special.logit, special.expit)  # shares, which lie in [0, 1]
FISHER = (np.arctanh, np.tanh)  # correlations, which lie in [-1, 1]


def interval(whole, without_each, *, scale=PLAIN, confidence: float = 0.95):
    """Interval of a statistic from what it becomes where each cluster in turn is left out.

    With f the scale and G clusters, `f(whole) -+ t sqrt((G - 1) / G sum_g (f_g - mean f)^2)`, taken
    back through f; t is Student's with G - 1 degrees of freedom. Unlike a bootstrap it counts no
    cluster twice, which would take one artist for two who are alike.

    Args:
        whole: `[...]`, the statistic of all works.
        without_each: `[clusters, ...]`, the statistic without the works of each cluster.
        scale: One of this module's, or another pair of an increasing function and its inverse.
        confidence: Coverage in (0, 1).

    Returns:
        `(low, high)`, each of the shape of `whole`; NaN where there are fewer than two clusters or
        the statistic is not finite on the scale, with or without any of them.

    Source: Quenouille (1956), Tukey (1958); Efron & Tibshirani (1993), chapter 11.
    """
    forward, back = scale
    with np.errstate(divide="ignore", invalid="ignore"):
        center = forward(np.asarray(whole, np.float64))
        parts = forward(np.asarray(without_each, np.float64))
        groups = len(parts)
        squares = np.sum((parts - parts.mean(axis=0)) ** 2, axis=0)
        factor = (groups - 1) / groups if groups > 1 else np.nan
        half = stats.t.ppf(0.5 + confidence / 2, groups - 1) * np.sqrt(factor * squares)
        return back(center - half), back(center + half)


def without_each(statistic: Callable[[np.ndarray], np.ndarray], clusters, *, most: int = 200):
    """Computes a statistic as often as there are clusters, each time without one of them.

    Args:
        statistic: Called with the indices of the works that are left, `[works left]`.
        clusters: Labels `[works]`, for instance artists.
        most: Of more clusters, random ones are left out together, in so many groups: raising it
            is slower and steadier.

    Returns:
        `[clusters, ...]`, or `[most, ...]`.

    Source: groups of clusters: Kott (2001), the delete-a-group jackknife.
    """
    _, group = np.unique(clusters, return_inverse=True)
    count = group.max() + 1
    if count > most:
        group = (np.random.default_rng(0).permutation(count) % most)[group]
    return np.stack(
        [statistic(np.flatnonzero(group != number)) for number in range(min(count, most))]
    )
