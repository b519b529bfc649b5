"""Reconstruction error of the content VAE against the length of the prefix it may use."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class ReconstructionCurve:
    """Mean error for each prefix length.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        mean: `[prefixes]`, over images.
        standard_error: `[prefixes]`, of the mean.
        count: Number of images.
    """

    lengths: np.ndarray
    mean: np.ndarray
    standard_error: np.ndarray
    count: int


def reconstruction_curve(
    errors, *, lengths: Sequence[int] | None = None, artists=None
) -> ReconstructionCurve:
    """Mean and standard error, over images, of the error at each prefix length.

    Args:
        errors: `[images, prefixes]`, the squared error in normalized Lab, mean over pixels and
            channels, of each image decoded from its first k content dimensions and its style.
        lengths: Prefix length of each column, increasing; None for 1 to `prefixes`.
        artists: Labels `[images]` to cluster the standard error by; None for independence.

    Returns:
        `ReconstructionCurve`.

    Raises:
        ValueError: not two axes, or as many lengths as columns are missing.

    Source: Xiang & Li (2018), what the number of content dimensions is chosen by.
    """
    errors = arrays.as_codes(errors, "errors")
    limit = errors.shape[1] if lengths is None else int(np.max(lengths))
    lengths = arrays.as_lengths(lengths, limit)
    if len(lengths) != errors.shape[1]:
        raise ValueError(
            f"errors must have one column per prefix length, {len(lengths)}; received "
            f"{errors.shape[1]}: name the length of each column."
        )
    return ReconstructionCurve(
        lengths, errors.mean(axis=0), intervals.standard_error(errors, artists), len(errors)
    )
