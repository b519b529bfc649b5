"""How sure a mean over works is whose errors go together by artist and by subject."""

import numpy as np
from scipy import stats

from anime_style_tf.errors import TooFewError

_CHUNK_ELEMENTS = 2**22  # resamples x works held at once: 32 MiB of float64


def standard_error(values, artists, subjects, *, weights=None) -> np.ndarray:
    """Standard error of a mean, robust to clusters by artist and, across them, by subject.

    V = max(V_artist + V_subject - V_both, V_artist, V_subject), each V the sandwich estimator
    with its clusters, G / (G - 1) sum_g (sum_{i in g} u_i)^2, where u_i = w_i (v_i - m) / sum w
    and m is the weighted mean; V_both has the works by one artist of one subject as clusters.

    Args:
        values: `[works, ...]`; booleans count as 0 and 1.
        artists: Labels `[works]`.
        subjects: Labels `[works]`, crossed with the artists.
        weights: `[works]`, at least 0; None for a plain mean.

    Returns:
        `values.shape[1:]`, >= 0.

    Raises:
        ValueError: labels or weights of another length.
        TooFewError: fewer than two artists or subjects.

    Source: Cameron, Gelbach & Miller (2011), "Robust Inference with Multiway Clustering"; the
        maximum, which keeps V from falling below that of one clustering, is our setting.
    """
    values, artists, subjects, weights = _checked(values, artists, subjects, weights)
    return _standard_error(values, artists, subjects, weights).reshape(values.shape[1:])


def mean_interval(
    values, artists, subjects, *, weights=None, resamples=1000, confidence=0.95, seed=0
):
    """Bootstrap interval of a mean whose errors go together by artist and by subject.

    Each resample draws as many artists as there are, and as many subjects, with replacement; a
    work counts (times its artist was drawn) x (times its subject was) x its weight. The values
    are not measured again: a work keeps the neighbors that it had.

    The plain percentiles of that are too wide where works differ by chance alone, which two draws
    count threefold, and too narrow for few clusters. So their deviations from the mean are scaled,
    to have `standard_error` as their standard deviation, and by the ratio of the quantiles of
    Student's t and of the normal law. The degrees of freedom are G - 1 for the G artists or
    subjects, whichever are fewer.

    Args:
        values: `[works, ...]`, for instance `PerQuery.of_counted`.
        artists: Labels `[works]`.
        subjects: Labels `[works]`, crossed with the artists.
        weights: `[works]`, at least 0, for instance `PerQuery.balancing_weights`; None for a
            plain mean.
        resamples: Number of draws. More is slower and steadier.
        confidence: Coverage in (0, 1).
        seed: Of the draws.

    Returns:
        `(low, high)`, each `values.shape[1:]`; not clipped.

    Raises:
        ValueError: labels or weights of another length.
        TooFewError: fewer than two artists or subjects.

    Source: Owen (2007), "The Pigeonhole Bootstrap", and his theorem 3 for the threefold count;
        Student's t: Cameron, Gelbach & Miller (2011); the scaling is our setting.
    """
    values, artists, subjects, weights = _checked(values, artists, subjects, weights)
    flat = values.reshape(len(values), -1)
    center = np.average(flat, axis=0, weights=weights)
    means = _resampled_means(flat, artists, subjects, weights, resamples, seed)

    # Labels are 0 to G - 1 here, so the largest is G - 1, the degrees of freedom.
    tail = (1 - confidence) / 2
    degrees = min(artists.max(), subjects.max())
    wider = stats.t.ppf(1 - tail, degrees) / stats.norm.ppf(1 - tail)
    wanted = wider * _standard_error(values, artists, subjects, weights)

    # The bootstrap gives the shape, skewed where a share is near 0 or 1, the formula the width. A
    # mean that never changes has no spread to scale and an interval of one point.
    spread = np.nanstd(means, axis=0)
    scale = np.divide(wanted, spread, out=np.zeros_like(wanted), where=spread > 0)
    bounds = np.nanquantile(means, [tail, 1 - tail], axis=0)
    low, high = (
        (center + scale * (bound - center)).reshape(values.shape[1:])[()] for bound in bounds
    )
    return low, high


def paired_interval(first, second, artists, subjects, *, weights=None, **options):
    """Difference of two means over the same works, with its bootstrap interval.

    Pairing removes what makes a work easy or hard for both encoders, so that a small advantage
    can be seen.

    Args:
        first: `[works, ...]`, for instance `PerQuery.of_counted` of one encoder.
        second: The same works under the other.
        artists: Labels `[works]`.
        subjects: Labels `[works]`.
        weights: As for `mean_interval`, and so are `options`.
        **options: `resamples`, `confidence`, `seed`.

    Returns:
        `(difference, (low, high))`, each `first.shape[1:]`, of the mean of `first - second`.

    Raises:
        ValueError: the shapes differ, or as for `mean_interval`.
    """
    first, second = np.asarray(first, np.float64), np.asarray(second, np.float64)
    if first.shape != second.shape:
        raise ValueError(
            f"a paired comparison needs the same works twice; received shapes {first.shape} "
            f"and {second.shape}: measure both on one split."
        )
    difference = first - second
    interval = mean_interval(difference, artists, subjects, weights=weights, **options)
    return np.average(difference, axis=0, weights=weights), interval


def _checked(values, artists, subjects, weights):
    values = np.asarray(values, dtype=np.float64)
    weights = np.ones(len(values)) if weights is None else np.asarray(weights, np.float64)
    groups = []
    for name, labels in (("artists", artists), ("subjects", subjects)):
        if np.shape(labels) != values.shape[:1] or weights.shape != values.shape[:1]:
            raise ValueError(
                f"{name} and weights must have shape {values.shape[:1]}, one per work; received "
                f"{np.shape(labels)} and {weights.shape}: take all from the same works."
            )
        distinct, group = np.unique(labels, return_inverse=True)
        if len(distinct) < 2:
            raise TooFewError(
                f"{name} must be at least 2 for an interval; received {len(distinct)}: measure "
                "more of them, or use `intervals`, which clusters one way."
            )
        groups.append(group)
    return values, *groups, weights


def _standard_error(values, artists, subjects, weights):
    # What works by one artist of one subject have in common is in both sums and taken off once.
    # The difference can fall below either clustering's own variance, even below 0, by chance.
    flat = values.reshape(len(values), -1)
    center = np.average(flat, axis=0, weights=weights)
    parts = weights[:, None] * (flat - center) / weights.sum()
    both = np.unique(artists * (subjects.max() + 1) + subjects, return_inverse=True)[1]
    by_artist, by_subject, by_both = (
        _sandwich(parts, group) for group in (artists, subjects, both)
    )
    return np.sqrt(np.max([by_artist + by_subject - by_both, by_artist, by_subject], axis=0))


def _sandwich(parts, group):
    # Errors that go together add up within a cluster before they are squared.
    sums = np.zeros((group.max() + 1, parts.shape[1]))
    np.add.at(sums, group, parts)
    return len(sums) / (len(sums) - 1) * np.sum(sums**2, axis=0)


def _resampled_means(values, artists, subjects, weights, resamples, seed):
    """`[resamples, ...]`: NaN where a resample has no work."""
    # Drawing G of G with replacement is a multinomial count for each: a work's weight is then a
    # product of two counts, and the mean of a resample one row of a matrix product.
    generator = np.random.default_rng(seed)
    draws = [
        generator.multinomial(count, np.full(count, 1 / count), size=resamples).astype(np.float64)
        for count in (artists.max() + 1, subjects.max() + 1)
    ]
    means = np.full((resamples, values.shape[1]), np.nan)
    step = max(1, _CHUNK_ELEMENTS // len(values))
    for first in range(0, resamples, step):
        rows = slice(first, first + step)
        counted = draws[0][rows][:, artists] * draws[1][rows][:, subjects] * weights
        total = counted.sum(axis=1, keepdims=True)
        np.divide(counted @ values, total, out=means[rows], where=total > 0)
    return means
