"""Edits to be trusted: what moving one style dimension does, read by an encoder of another run.

The encoder that the generator was trained through grades its own pupil. One trained from another
seed has other axes, so its code is first taken to ours by the straight map that serves works best.
"""

import dataclasses

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Axes:
    """Reads one encoder's code on another's axes: `codes @ slopes + intercepts`.

    Attributes:
        slopes: `[other code, code]`.
        intercepts: `[code]`.
    """

    slopes: np.ndarray
    intercepts: np.ndarray

    def read(self, codes):
        """Returns codes `[..., other code]` on our axes, `[..., code]`."""
        return codes @ self.slopes + self.intercepts

    def explained(self, other, ours):
        """Share of each dimension's variance over works that this reads, `[code]`, at most 1."""
        return 1 - np.mean((self.read(other) - ours) ** 2, axis=0) / np.var(ours, axis=0)


def fit_axes(other, ours) -> Axes:
    """Least squares from one encoder's codes of works to another's.

    Args:
        other: `[works, other code]`, by the encoder that is to read.
        ours: `[works, code]`, of the same works.

    Returns:
        `Axes`.

    Raises:
        ValueError: arrays of the wrong shape.
        TooFewError: no more works than there are numbers to fit for a dimension.
    """
    other, ours = arrays.as_codes(other, "other"), arrays.as_codes(ours, "ours")
    if len(other) != len(ours):
        raise ValueError(
            f"other and ours must hold the same works; received {len(other)} and {len(ours)}: "
            "encode the same images by both."
        )
    if len(other) <= other.shape[1] + 1:
        raise TooFewError(
            f"axes need more works than the {other.shape[1] + 1} numbers of a dimension's line, "
            f"received {len(other)}: measure more works."
        )
    with_one = np.concatenate([other, np.ones((len(other), 1))], axis=1)
    fitted = np.linalg.lstsq(with_one, ours, rcond=None)[0]
    return Axes(fitted[:-1], fitted[-1])


@dataclasses.dataclass(frozen=True)
class EditResponse:
    """What is read where one dimension at a time is moved.

    Attributes:
        gains: `[images, code, code]`, of each image the slope of what is read in a column's
            dimension against how far the row's was moved.
        linearity: `[code]`, share of what is read in the moved dimension, about each image's
            mean, that one line for all images explains: 1 for equal steps, whatever their size.
    """

    gains: np.ndarray
    linearity: np.ndarray

    @property
    def mean_gains(self):
        """`[code, code]`, means over images: the identity where edits do what is asked."""
        return self.gains.mean(axis=0)

    @property
    def gain(self):
        """`[code]`, the diagonal: 1 where a step asked for is a step read."""
        return np.diagonal(self.mean_gains)

    def gain_interval(self, *, confidence: float = 0.95):
        """`(low, high)` of `gain`, `[code]` each: Student's intervals over images."""
        diagonal = np.diagonal(self.gains, axis1=1, axis2=2)
        return intervals.mean_interval(diagonal, confidence=confidence)

    @property
    def cross_talk(self):
        """`[code]`, mean absolute gain of a row's other dimensions; NaN with one dimension."""
        size = len(self.gain)
        outside = np.abs(self.mean_gains)[~np.eye(size, dtype=bool)].reshape(size, size - 1)
        return outside.mean(axis=1) if size > 1 else np.full(1, np.nan)


def edit_response(steps, readings) -> EditResponse:
    """Slopes of what is read against what was asked for.

    Args:
        steps: `[steps]`, how far a dimension is moved, two values or more.
        readings: `[code, steps, images, code]`: codes read, on the axes of the code that is
            edited, where the first axis says which dimension was moved.

    Returns:
        `EditResponse`.

    Raises:
        ValueError: arrays of the wrong shape, or steps that are all the same.
    """
    steps, readings = np.asarray(steps, np.float64), np.asarray(readings, np.float64)
    size = readings.shape[-1] if readings.ndim == 4 else -1
    if readings.shape[:2] != (size, len(steps)) or np.ptp(steps) == 0 or not readings.shape[2]:
        raise ValueError(
            "an edit's response needs readings [code, steps, images, code] and two steps or more; "
            f"received {readings.shape} and steps {steps.tolist()}: move each dimension in turn."
        )
    steps = steps - steps.mean()
    moves = readings - readings.mean(axis=1, keepdims=True)
    gains = np.einsum("s,dsie->ide", steps, moves) / np.sum(steps**2)
    own = moves[np.arange(size), :, :, np.arange(size)]  # [code, steps, images]
    line = np.diagonal(gains.mean(axis=0))[:, None, None] * steps[:, None]
    total = np.sum(own**2, axis=(1, 2))
    left_over = np.sum((own - line) ** 2, axis=(1, 2))
    with np.errstate(invalid="ignore"):
        return EditResponse(gains, 1 - left_over / total)


def content_drift(before, after):
    """How far content moves while style is edited.

    Args:
        before: `[images, content]`, standardized content code of the unedited images.
        after: `[steps, images, content]`, of the edited ones.

    Returns:
        Mean squared difference per dimension: 0 is none, 2 an unrelated image.
    """
    return float(np.mean((np.asarray(after) - np.asarray(before)) ** 2))


def are_trusted(gain, cross_talk):
    """Which dimensions move what they say: by half of what is asked or more, and little else.

    Args:
        gain: `[code]`, see `EditResponse`.
        cross_talk: `[code]`; NaN where there is no other dimension.

    Returns:
        bool `[code]`: a gain above .5 that is more than 5 times the cross-talk.

    Source: our setting.
    """
    gain, cross_talk = np.asarray(gain, np.float64), np.asarray(cross_talk, np.float64)
    return (gain > 0.5) & ~(gain <= 5 * cross_talk)
