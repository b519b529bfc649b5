"""How much works and artists vary along each dimension of a code, with intervals."""

import dataclasses

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.dimensions import about_artists
from anime_style_tf.evaluation.uncertainty import jackknife
from anime_style_tf.evaluation.variance import variance_ratio


@dataclasses.dataclass(frozen=True)
class DimensionVariances:
    """How works and artists vary along each dimension.

    Attributes:
        between_share: `[code]`, its share of the between-artist variance of the whole code; sums
            to 1. Unbiased for the number of works; less than none counts as none.
        total_share: `[code]`, its share of the between- and within-artist variance; sums to 1.
        f_ratio: `[code]`, variance between the artists' means over that within artists, each by
            its degrees of freedom; 1 says that artists do not differ.
        eta_squared: `[code]`, in [0, 1]: share of the dimension's own squared deviations that
            lies between artists.
    """

    between_share: np.ndarray
    total_share: np.ndarray
    f_ratio: np.ndarray
    eta_squared: np.ndarray


def dimension_variances(codes, labels) -> DimensionVariances:
    """Splits each dimension's variance into that between and that within artists.

    Args:
        codes: `[works, code]`, in the units in which distances count.
        labels: int `[works]`, of at least two artists, one of them with two works.

    Returns:
        `DimensionVariances`, NaN where nothing varies.

    Raises:
        ValueError: too few artists or works.

    Source: the one-way analysis of variance (Fisher 1925); the between-artist variance is
        V_diff / 2 - V_within of `variance_ratio`, dimension by dimension.
    """
    codes = arrays.as_codes(codes)
    labels = arrays.as_labels(labels, len(codes))
    parts = variance_ratio(codes, labels)
    within = np.diff(parts.within, prepend=0)
    between = np.maximum(np.diff(parts.different, prepend=0) / 2 - within, 0)

    artists = len(np.unique(labels))
    inside = np.sum(about_artists(codes, labels) ** 2, axis=0)
    apart = np.sum((codes - codes.mean(axis=0)) ** 2, axis=0) - inside
    freedom = (artists - 1, len(codes) - artists)
    with np.errstate(divide="ignore", invalid="ignore"):
        return DimensionVariances(
            between_share=between / between.sum(),
            total_share=(between + within) / np.sum(between + within),
            f_ratio=apart / freedom[0] / (inside / freedom[1]),
            eta_squared=apart / (apart + inside),
        )


def variances_with_intervals(codes, labels):
    """`dimension_variances` and its 95 % intervals for other artists and works.

    Args:
        codes: `[works, code]`.
        labels: int `[works]`.

    Returns:
        Dict field -> `(value, (low, high))`, each `[code]`: jackknife over artists, on the
        logarithm of the F ratio and on the logits of shares; NaN with fewer than three artists
        of two works, or where a share is 0.
    """
    labels = np.asarray(labels)
    whole = dataclasses.asdict(dimension_variances(codes, labels))
    several = np.count_nonzero(np.unique(labels, return_counts=True)[1] > 1)
    if several < 3:
        without = np.full((1, len(whole), np.shape(codes)[1]), np.nan)
    else:
        without = jackknife.without_each(
            lambda rows: np.stack(
                dataclasses.astuple(dimension_variances(codes[rows], labels[rows]))
            ),
            labels,
        )
    result = {}
    for row, (name, value) in enumerate(whole.items()):
        scale = jackknife.LOGARITHM if name == "f_ratio" else jackknife.LOGIT
        result[name] = (value, jackknife.interval(value, without[:, row], scale=scale))
    return result
