"""Accuracy against prefix length, and the choice of how many leading dimensions to keep."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals

_CHUNK_ELEMENTS = 2**20  # works x artists held at once: 8 MiB of float64


@dataclasses.dataclass(frozen=True)
class PrefixAccuracy:
    """Whether each work was attributed rightly from each prefix of its code.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        labels: int `[works]`, the artists.
        predicted: int `[works, prefixes]`, the artists that the prefixes name.
    """

    lengths: np.ndarray
    labels: np.ndarray
    predicted: np.ndarray

    @property
    def correct(self) -> np.ndarray:
        """Bool `[works, prefixes]`."""
        return self.predicted == self.labels[:, None]

    @property
    def accuracy(self) -> np.ndarray:
        """`[prefixes]`: the share of works attributed to their own artist."""
        return self.correct.mean(axis=0)

    def standard_error(self, *, by_artist: bool = True) -> np.ndarray:
        """`[prefixes]`: standard error of the accuracy, clustered by artist or binomial."""
        clusters = self.labels if by_artist else None
        return intervals.standard_error(self.correct, clusters)

    def interval(self, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """`(low, high)`, each `[prefixes]`: Wilson interval, works clustered by artist."""
        return intervals.share_interval(self.correct, self.labels, confidence=confidence)


def nearest_styles(codes, styles, lengths: Sequence[int] | None = None) -> np.ndarray:
    """Index of the style nearest to each work, Euclidean, for every prefix length.

    Args:
        codes: `Codes` or `[works, code]`.
        styles: `[artists, code]`, presumed styles or artist means.
        lengths: Increasing prefix lengths; None for 1 to `code`.

    Returns:
        int `[works, prefixes]`; of equally near styles the lowest index.

    Raises:
        ValueError: arrays or lengths of the wrong shape.
    """
    codes, styles, lengths = _codes_and_targets(codes, styles, lengths, "styles")

    def scores(chunk, dimension):
        difference = chunk[:, dimension, None] - styles[None, :, dimension]
        return -(difference**2)

    return _best_by_prefix(codes, scores, lengths, np.zeros(len(styles)))


def presumed_style_accuracy(
    codes, labels, presumed_styles, *, lengths: Sequence[int] | None = None
) -> PrefixAccuracy:
    """Artist classification by the nearest presumed style, for every prefix length.

    Accuracy at d is the share of works x with `argmin_a |pi_d S(x) - pi_d s_a|` the work's own
    artist; of equally near presumed styles the lowest index is taken. The learned scales lambda_d
    multiply all distances of one prefix alike, so they change no answer.

    Args:
        codes: S(x), `Codes` or `[works, code]`.
        labels: int `[works]`, in `[0, artists)`; None with `Codes`.
        presumed_styles: `[artists, code]`, s_a.
        lengths: Increasing prefix lengths; None for 1 to `code`.

    Returns:
        `PrefixAccuracy` with `accuracy` `[prefixes]` and `correct` `[works, prefixes]`.

    Raises:
        ValueError: arrays of the wrong shape or labels out of range.

    Source: Xiang & Li (2018), figure 1 left, metric learning.
    """
    works = arrays.as_labeled(codes, labels, artists=len(presumed_styles))
    predicted = nearest_styles(works, presumed_styles, lengths)
    lengths = arrays.as_lengths(lengths, works.code_size)
    return PrefixAccuracy(lengths, works.labels, predicted)


def classifier_accuracy(
    codes, labels, kernel, bias=None, *, lengths: Sequence[int] | None = None
) -> PrefixAccuracy:
    """Accuracy of a linear classifier on the code, later dimensions zeroed, for every prefix.

    The logits at d are `pi_d(code) @ kernel[:d] + bias`, as trained with nested dropout masks.

    Args:
        codes: the input of the last layer, `Codes` or `[works, code]`.
        labels: int `[works]`, in `[0, artists)`; None with `Codes`.
        kernel: `[code, artists]`.
        bias: `[artists]`, or None for zeros.
        lengths: Increasing prefix lengths; None for 1 to `code`.

    Returns:
        `PrefixAccuracy`; of equal largest logits the lowest index is taken.

    Raises:
        ValueError: arrays of the wrong shape or labels out of range.

    Source: Xiang & Li (2018), figure 1 left, classifier.
    """
    kernel = np.asarray(kernel, dtype=np.float64)
    works = arrays.as_labeled(codes, labels, artists=kernel.shape[-1])
    codes, columns, lengths = _codes_and_targets(works, kernel.T, lengths, "kernel, transposed,")
    bias = np.zeros(len(columns)) if bias is None else np.asarray(bias, dtype=np.float64)
    if bias.shape != (len(columns),):
        raise ValueError(
            f"bias must have shape [{len(columns)}], one per artist; received {bias.shape}: "
            "give the bias of the same layer as the kernel."
        )

    def scores(chunk, dimension):
        return chunk[:, dimension, None] * kernel[None, dimension]

    predicted = _best_by_prefix(codes, scores, lengths, bias)
    return PrefixAccuracy(lengths, works.labels, predicted)


@dataclasses.dataclass(frozen=True)
class PrefixChoice:
    """Which prefix is kept, and what each one gives away.

    Attributes:
        length: The prefix length chosen.
        shortfall: `[prefixes]`, mean score of the best prefix less that of each.
        standard_error: `[prefixes]`, of the shortfall, paired over works; 0 at the best one.
    """

    length: int
    shortfall: np.ndarray
    standard_error: np.ndarray


def choose_nearly_best(
    scores, artists=None, *, tolerance: float, lengths: Sequence[int] | None = None
) -> PrefixChoice:
    """The shortest prefix whose mean score is nearly that of the best prefix.

    Nearly: it falls short by at most `tolerance`, or by at most one standard error of the shortfall
    where that is more. The error is *paired*, that of the difference between the two prefixes on
    the same works, so what makes a work hard for both does not count as doubt.

    Args:
        scores: `[works, prefixes]`, what each work scores on each prefix; higher is better.
        artists: Labels `[works]` to cluster the standard error by; None for independent works.
        tolerance: Shortfall that does not matter, in units of the score, >= 0. On a plateau the
            paired error is so small that without it chance decides; more keeps fewer dimensions.
        lengths: Prefix lengths, increasing; None for 1 to `prefixes`.

    Returns:
        `PrefixChoice`.

    Raises:
        ValueError: not two axes, as many lengths as columns are missing, values that are not
            finite, or fewer than two clusters.

    Source: our setting, after the one-standard-error rule of Breiman et al. (1984).
    """
    scores = arrays.as_codes(scores, "scores")
    lengths = arrays.as_lengths(lengths, scores.shape[1] if lengths is None else max(lengths))
    if len(lengths) != scores.shape[1]:
        raise ValueError(
            f"scores must have one column per prefix length, {len(lengths)}; received "
            f"{scores.shape[1]}: name the length of each column."
        )
    best = scores[:, [np.argmax(scores.mean(axis=0))]]
    shortfall, error = intervals.paired_difference(
        np.broadcast_to(best, scores.shape), scores, artists
    )
    nearly = shortfall <= np.maximum(tolerance, error)
    return PrefixChoice(int(lengths[np.argmax(nearly)]), shortfall, error)


def _codes_and_targets(codes, targets, lengths, name):
    codes, targets = arrays.as_codes(codes), arrays.as_codes(targets, name)
    if codes.shape[1] != targets.shape[1]:
        raise ValueError(
            f"{name} must have as many dimensions as the codes, {codes.shape[1]}; received "
            f"{targets.shape[1]}: prune both alike."
        )
    return codes, targets, arrays.as_lengths(lengths, codes.shape[1])


def _best_by_prefix(codes, scores, lengths, start):
    """Argmax over artists of `start` plus the summed scores of the leading dimensions."""
    predicted = np.empty((len(codes), len(lengths)), dtype=np.int64)
    columns = {int(length): column for column, length in enumerate(lengths)}
    step = max(1, _CHUNK_ELEMENTS // len(start))
    for first in range(0, len(codes), step):
        chunk = codes[first : first + step]
        total = np.tile(start, (len(chunk), 1))
        for dimension in range(int(lengths[-1])):
            total += scores(chunk, dimension)
            if (column := columns.get(dimension + 1)) is not None:
                predicted[first : first + step, column] = total.argmax(axis=1)
    return predicted
