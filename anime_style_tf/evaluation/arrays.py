"""What the arrays given to a measurement must look like."""

from collections.abc import Sequence

import numpy as np


def as_codes(codes, name: str = "codes") -> np.ndarray:
    """Returns `codes` as float64 `[works, code]`.

    Raises:
        ValueError: not two axes, no work, no dimension, or a value that is not finite.
    """
    codes = np.asarray(codes, dtype=np.float64)
    if codes.ndim != 2 or 0 in codes.shape:
        raise ValueError(
            f"{name} must have shape [works, code], neither empty; received {codes.shape}: "
            "give one row per work."
        )
    if not np.isfinite(codes).all():
        raise ValueError(
            f"{name} must be finite; received {np.count_nonzero(~np.isfinite(codes))} values "
            "that are not: look for the step at which training diverged."
        )
    return codes


def as_labels(labels, works: int, *, artists: int | None = None, name="labels") -> np.ndarray:
    """Returns `labels` as int64 `[works]`, each in `[0, artists)` where `artists` is given.

    Raises:
        ValueError: a different number of labels, labels that are not integers, or out of range.
    """
    labels = np.asarray(labels)
    if labels.shape != (works,):
        raise ValueError(
            f"{name} must have shape [{works}], one per work; received {labels.shape}: "
            "take codes and labels from the same batches."
        )
    if not np.issubdtype(labels.dtype, np.integer):
        raise ValueError(
            f"{name} must be integers; received dtype {labels.dtype}: give artist indices."
        )
    if artists is not None and (labels.min() < 0 or labels.max() >= artists):
        raise ValueError(
            f"{name} must lie in [0, {artists}); received {labels.min()} to {labels.max()}: "
            "number the artists as they were in training."
        )
    return labels.astype(np.int64)


def as_lengths(lengths: Sequence[int] | None, code_size: int) -> np.ndarray:
    """Returns prefix lengths as increasing int64 `[prefixes]`; None means 1 to `code_size`.

    Raises:
        ValueError: empty, not strictly increasing, or outside 1 to `code_size`.
    """
    if lengths is None:
        return np.arange(1, code_size + 1)
    lengths = np.asarray(lengths)
    increasing = lengths.ndim == 1 and lengths.size > 0 and bool(np.all(np.diff(lengths) > 0))
    if not increasing or lengths[0] < 1 or lengths[-1] > code_size:
        raise ValueError(
            f"prefix lengths must increase from 1 to at most {code_size}; received "
            f"{lengths.tolist()}: sort them and drop those beyond the code."
        )
    return lengths.astype(np.int64)
