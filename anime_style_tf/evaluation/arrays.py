"""What the arrays given to a measurement must look like."""

import dataclasses
from collections.abc import Sequence

import numpy as np


@dataclasses.dataclass(frozen=True)
class Codes:
    """Codes of works with their artists, checked when they are put together.

    Measures take one in place of an array of codes and its labels, and do not check it again.

    Attributes:
        values: float64 `[works, code]`, finite, neither axis empty.
        labels: int64 `[works]`, the artists.

    Raises:
        ValueError: an array that is not so, or works and labels of different number.
    """

    values: np.ndarray
    labels: np.ndarray

    def __post_init__(self):
        """Checks both; a frozen value can be set only here, so nobody finds it unchecked."""
        values = as_codes(self.values)
        object.__setattr__(self, "values", values)
        object.__setattr__(self, "labels", as_labels(self.labels, len(values)))

    def __len__(self) -> int:
        """How many works."""
        return len(self.labels)

    @property
    def code_size(self) -> int:
        """How many dimensions."""
        return self.values.shape[1]

    def prefix(self, length: int) -> "Codes":
        """The same works on their first `length` dimensions."""
        return Codes(self.values[:, :length], self.labels)

    def of(self, works) -> "Codes":
        """Some of the works: a slice, indices or bool `[works]`."""
        return Codes(self.values[works], self.labels[works])


def as_labeled(
    codes, labels=None, *, artists: int | None = None, name="codes", label_name="labels"
) -> Codes:
    """Returns codes and labels as one checked value; `Codes` are checked already.

    Args:
        codes: `Codes`, or an array `[works, code]`.
        labels: int `[works]`; None with `Codes`, which have theirs.
        artists: where given, labels must lie in `[0, artists)`.
        name: of the codes in messages.
        label_name: of the labels in messages.

    Raises:
        ValueError: as `as_codes` and `as_labels`, or labels given twice.
    """
    if not isinstance(codes, Codes):
        codes = as_codes(codes, name)
        codes = Codes(codes, as_labels(labels, len(codes), name=label_name))
    elif labels is not None:
        raise ValueError(
            f"{name} have labels; received {label_name} beside them: give arrays or `Codes`."
        )
    if artists is not None:
        as_labels(codes.labels, len(codes), artists=artists, name=label_name)
    return codes


def as_codes(codes, name: str = "codes") -> np.ndarray:
    """Returns `codes` as float64 `[works, code]`; of `Codes`, which are checked, the values.

    Raises:
        ValueError: not two axes, no work, no dimension, or a value that is not finite.
    """
    if isinstance(codes, Codes):
        return codes.values
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
