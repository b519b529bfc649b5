"""A flat map of artists: the two directions in which their mean styles differ most."""

import dataclasses

import numpy as np

from anime_style_tf.evaluation import arrays


@dataclasses.dataclass(frozen=True)
class StyleMap:
    """Places on the map, in the units of the code: it is turned and projected, never stretched.

    Attributes:
        works: `[works, 2]`.
        means: `[artists, 2]`, true means; NaN for an artist without works.
        presumed: `[artists, 2]`, presumed styles.
        covariances: `[artists, 2, 2]` of each artist's works (divisor n - 1); NaN for fewer than
            3 works.
        counts: int `[artists]`, works of each.
        axes: `[2, code]`, orthonormal; the second is zero for a code of one dimension.
        center: `[code]`, mean of the artists' means, the map's origin.
        shares: `[2]`, share of the variance of the artists' means that lies along each axis.
        work_shares: `[2]`, the same of the works.
    """

    works: np.ndarray
    means: np.ndarray
    presumed: np.ndarray
    covariances: np.ndarray
    counts: np.ndarray
    axes: np.ndarray
    center: np.ndarray
    shares: np.ndarray
    work_shares: np.ndarray


def style_map(codes, labels, presumed) -> StyleMap:
    """Makes the map from the first two principal axes of the artists' true means.

    Distances on it are those of the code less what lies along the other axes, so two artists are
    never nearer in the code than on the map.

    Args:
        codes: `[works, code]`, in the units in which distances count.
        labels: int `[works]`, rows of `presumed`.
        presumed: `[artists, code]`, in the same units.

    Returns:
        `StyleMap`; each axis points to where its largest component grows.

    Raises:
        ValueError: shapes that do not fit together.

    Source: Pearson (1901), principal axes; each artist weighs the same.
    """
    codes = arrays.as_codes(codes)
    presumed = arrays.as_codes(presumed, "presumed styles")
    labels = arrays.as_labels(labels, len(codes), artists=len(presumed))
    if presumed.shape[1] != codes.shape[1]:
        raise ValueError(
            f"presumed styles must have {codes.shape[1]} dimensions, as the codes; received "
            f"{presumed.shape[1]}: prune both to the same number."
        )
    counts = np.bincount(labels, minlength=len(presumed))
    shown = np.flatnonzero(counts)
    means = np.full(presumed.shape, np.nan)
    means[shown] = [codes[labels == artist].mean(axis=0) for artist in shown]
    center = means[shown].mean(axis=0)
    apart = means[shown] - center
    axes = _principal_axes(apart)
    works = (codes - center) @ axes.T
    covariances = np.full((len(presumed), 2, 2), np.nan)
    for artist in np.flatnonzero(counts >= 3):
        covariances[artist] = np.cov(works[labels == artist], rowvar=False)
    return StyleMap(
        works=works,
        means=(means - center) @ axes.T,
        presumed=(presumed - center) @ axes.T,
        covariances=covariances,
        counts=counts,
        axes=axes,
        center=center,
        shares=_shares(apart, axes),
        work_shares=_shares(codes - codes.mean(axis=0), axes),
    )


def _principal_axes(rows):
    axes = np.linalg.svd(rows, full_matrices=True)[2][:2]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    axes = axes * np.where(largest < 0, -1, 1)
    return np.pad(axes, ((0, 2 - len(axes)), (0, 0)))


def _shares(rows, axes):
    total = np.sum(rows**2)
    along = np.sum((rows @ axes.T) ** 2, axis=0)
    return np.divide(along, total, out=np.full(2, np.nan), where=total > 0)
