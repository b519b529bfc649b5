"""Frechet distance of two sets of features, each taken for a normal distribution."""

import dataclasses

import numpy as np

from anime_style_tf.evaluation.fidelity import two_sets

_HALVES = 20  # random halves of both sets, whose mean distance shows the bias


@dataclasses.dataclass(frozen=True)
class FrechetDistance:
    """The distance of the sets as they are, and of sets without end.

    Attributes:
        value: >= 0; a set's finite count makes it too large.
        extrapolated: without the part that falls as one over the count; below 0 by chance where
            there is no difference.
        interval: `(low, high)` of `extrapolated`, 95 %.
    """

    value: float
    extrapolated: float
    interval: tuple[float, float]


def frechet_distance(features, reference) -> float:
    """`|m - r|^2 + tr(C + R - 2 (C R)^(1/2))`, of means m, r and unbiased covariances C, R.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`.

    Returns:
        Squared distance, >= 0, in units of the features squared.

    Raises:
        ValueError: arrays of the wrong shape, or values that are not finite.
        TooFewError: fewer than three images or works.

    Source: Dowson & Landau (1982); Heusel et al. (2017) for sets of images.
    """
    features, reference = two_sets.as_two_sets(features, reference)
    apart = features.mean(axis=0) - reference.mean(axis=0)
    first, second = _root(features), _root(reference)
    # The trace of (C R)^(1/2) is the sum of the singular values of the roots' product: no square
    # root of a nearly singular matrix, which loses half the digits.
    shared = np.linalg.svd(first @ second.T, compute_uv=False).sum()
    return float(max(0, apart @ apart + np.sum(first**2) + np.sum(second**2) - 2 * shared))


def extrapolated_frechet_distance(features, reference, *, seed=0) -> FrechetDistance:
    """The distance that sets without end would have, from those of the sets and of their halves.

    The bias falls as one over the count, so it is the same again that halves of both sets add:
    `2 F(all) - mean F(halves)`. To first order an image moves this as it moves F(all), from
    which the interval is.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`.
        seed: of the halves.

    Returns:
        `FrechetDistance`.

    Raises:
        ValueError, TooFewError: as `frechet_distance`; six images and works are needed.

    Source: Chong & Forsyth (2020), "Effectively Unbiased FID", a line in one over the count;
        here through two counts, of both sets.
    """
    features, reference = two_sets.as_two_sets(features, reference, least=6)
    generator = np.random.default_rng(seed)
    halves = [
        frechet_distance(_half(features, generator), _half(reference, generator))
        for _ in range(_HALVES)
    ]
    value = frechet_distance(features, reference)
    extrapolated = float(2 * value - np.mean(halves))
    low, high = two_sets.interval(frechet_distance, features, reference, extrapolated)
    return FrechetDistance(value, extrapolated, (float(low), float(high)))


def _root(features):
    """A matrix A with `A^T A` the covariance; as few rows as that takes."""
    centered = features - features.mean(axis=0)
    return np.linalg.qr(centered / np.sqrt(len(features) - 1), mode="r")


def _half(features, generator):
    return features[generator.permutation(len(features))[: len(features) // 2]]
