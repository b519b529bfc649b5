"""Whether probabilities mean what they say, and what leaving the unsure works out is worth."""

import dataclasses

import numpy as np
from scipy import stats

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Reliability:
    """Stated confidence against how often it was right, in bins of equally many works.

    Attributes:
        confidence: `[bins]`, increasing: the mean stated probability in each bin.
        correct: int `[bins]`, works that were right.
        counts: int `[bins]`, works, at least 1.
    """

    confidence: np.ndarray
    correct: np.ndarray
    counts: np.ndarray

    @property
    def accuracy(self) -> np.ndarray:
        """`[bins]`: the share of works that were right."""
        return self.correct / self.counts

    @property
    def error(self) -> float:
        """Expected calibration error in [0, 1]: `sum_b (n_b / n) |accuracy_b - confidence_b|`.

        Source: Naeini et al. (2015); Guo et al. (2017), equation 3. Bins of equally many works:
            Nguyen & O'Connor (2015); with equally wide ones most works share one bin.
        """
        return float(np.average(np.abs(self.accuracy - self.confidence), weights=self.counts))

    def interval(self, *, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray]:
        """`(low, high)`, each `[bins]`: Wilson interval of the accuracy, works independent."""
        return intervals.wilson_interval(self.correct, self.counts, confidence=confidence)


def reliability(confidence, correct, *, bins: int = 15) -> Reliability:
    """Sorts works by confidence into bins of equally many, give or take one.

    Args:
        confidence: `[works]`, in [0, 1]: the probability of what was answered.
        correct: bool `[works]`: whether the answer was right.
        bins: More see finer errors and are noisier. Never more than there are works.

    Returns:
        `Reliability`. Equal confidences are put in one order by a fixed shuffle, so that no bin
        depends on the order of the works' labels.

    Raises:
        ValueError: no work, different lengths, confidence outside [0, 1], or no bin.

    Source: 15 bins, Guo et al. (2017).
    """
    confidence, correct = _answers(confidence, correct)
    if confidence.min() < 0 or confidence.max() > 1 or bins < 1:
        raise ValueError(
            "calibration needs probabilities in [0, 1] and at least one bin; received "
            f"{confidence.min()} to {confidence.max()} and {bins} bins: give probabilities, not "
            "scores."
        )
    # Where many works have confidence 1, a bin's border falls among equals: taken in the order of
    # the works, which is that of the artists, whole artists would fall on one side.
    shuffled = np.random.default_rng(0).permutation(len(confidence))
    order = shuffled[np.argsort(confidence[shuffled], kind="stable")]
    parts = np.array_split(order, min(bins, len(order)))
    return Reliability(
        np.array([confidence[part].mean() for part in parts]),
        np.array([np.count_nonzero(correct[part]) for part in parts]),
        np.array([len(part) for part in parts]),
    )


def error_if_calibrated(confidence, *, bins: int = 15, draws: int = 1000, seed: int = 0):
    """The calibration error that chance alone leaves where every probability is right.

    Each draw makes every work right with the probability that was stated. An expected
    calibration error within this range is no evidence against the probabilities.

    Args:
        confidence: `[works]`, in [0, 1].
        bins: As for the error that this is compared with.
        draws: More is slower and steadier.
        seed: Of the draws.

    Returns:
        `(mean, high)`: mean and 95th percentile of the error over the draws.

    Source: Bröcker & Smith (2007), consistency resampling.
    """
    confidence = np.asarray(confidence, dtype=np.float64)
    # The error is made of absolute distances, which chance only adds to: about
    # sqrt(2 p (1 - p) / (pi n)) in a bin of n works, .05 for 60 works at p = 1/2.
    generator = np.random.default_rng(seed)
    errors = [
        reliability(confidence, generator.random(len(confidence)) < confidence, bins=bins).error
        for _ in range(draws)
    ]
    return float(np.mean(errors)), float(np.quantile(errors, 0.95))


def error_interval(confidence, correct, *, bins: int = 15, draws: int = 1000):
    """95 % interval of the calibration error, for other works by these artists.

    The error -+ the 95th percentile of what chance alone leaves, `error_if_calibrated`. A bin's
    distance is off by its chance at most, `| |gap + chance| - |gap| | <= |chance|`, so that the sum
    is off by no more than the chances' sum. Resampling works would add chance to the error rather
    than take it off: such an interval leaves out the 0 of probabilities that are all right.

    Args:
        confidence: `[works]`, in [0, 1].
        correct: bool `[works]`.
        bins: As for `reliability`.
        draws: As for `error_if_calibrated`.

    Returns:
        `(low, high)`, within [0, 1].

    Source: our setting.
    """
    error = reliability(confidence, correct, bins=bins).error
    _, chance = error_if_calibrated(confidence, bins=bins, draws=draws)
    return max(0.0, error - chance), min(1.0, error + chance)


def brier_score(probabilities, labels) -> np.ndarray:
    """Squared distance of the probabilities from the truth, for each work.

    `sum_a (p_a - [a is the label])^2`, in [0, 2]; its mean over works is the Brier score, lower
    is better. It rewards both calibration and telling artists apart.

    Args:
        probabilities: `[works, classes]`, each row sums to 1.
        labels: int `[works]`, in `[0, classes)`.

    Returns:
        `[works]`: average it, or give it to `intervals.mean_interval`.

    Raises:
        ValueError: rows that are no probabilities, or labels out of range.

    Source: Brier (1950), with all classes (twice the usual score of two classes).
    """
    probabilities = arrays.as_codes(probabilities, "probabilities")
    if probabilities.min() < 0 or not np.allclose(probabilities.sum(axis=1), 1, atol=1e-6):
        raise ValueError(
            "probabilities must be >= 0 and sum to 1 over classes; received a least value of "
            f"{probabilities.min()} and sums from {probabilities.sum(axis=1).min()} to "
            f"{probabilities.sum(axis=1).max()}: normalize each work's."
        )
    labels = arrays.as_labels(labels, len(probabilities), artists=probabilities.shape[1])
    # sum_a (p_a - [a = own])^2 = sum_a p_a^2 - 2 p_own + 1: no table of zeros and ones is needed.
    own = probabilities[np.arange(len(labels)), labels]
    return np.sum(probabilities**2, axis=1) - 2 * own + 1


@dataclasses.dataclass(frozen=True)
class RiskCoverage:
    """The share of wrong answers among the most confident works, for every share answered.

    Attributes:
        coverage: `[works]`, 1/n to 1: the share of works that is answered.
        risk: `[works]`, in [0, 1]: the share of these whose answer is wrong.
    """

    coverage: np.ndarray
    risk: np.ndarray

    @property
    def area(self) -> float:
        """Mean risk over all coverages (AURC), lower is better.

        Source: Geifman, Uziel & El-Yaniv (2019), "Bias-Reduced Uncertainty Estimation".
        """
        return float(self.risk.mean())

    @property
    def least_area(self) -> float:
        """The area of an order that puts every right answer before every wrong one.

        `area - least_area` is the excess that a better confidence could remove.
        """
        # The last risk is that of all works; of the n answered first, as many must be wrong as
        # there are more than right ones.
        works = len(self.risk)
        wrong = round(self.risk[-1] * works)
        answered = np.arange(1, works + 1)
        return float(np.mean(np.maximum(0, answered - (works - wrong)) / answered))


def risk_coverage(confidence, correct) -> RiskCoverage:
    """Answers the most confident works first.

    Args:
        confidence: `[works]`, any scale, higher is surer.
        correct: bool `[works]`.

    Returns:
        `RiskCoverage`. Works of equal confidence count as wrong by their common share, the
        expectation over their random order.

    Raises:
        ValueError: no work, or different lengths.

    Source: El-Yaniv & Wiener (2010).
    """
    confidence, correct = _answers(confidence, correct)
    # Works of equal confidence are a group, the surest first, and each counts as wrong by the share
    # of its group: sorted one way or another, ties could make the area 0 or its most.
    _, group = np.unique(-confidence, return_inverse=True)
    wrong = np.bincount(group, ~correct) / np.bincount(group)
    answered = np.arange(1, len(correct) + 1)
    return RiskCoverage(answered / len(correct), np.cumsum(wrong[np.sort(group)]) / answered)


def separation(scores, positive) -> float:
    """AUROC: how often a positive work scores above a negative one, ties counting one half.

    Args:
        scores: `[works]`, any scale; for "unknown", higher where no known artist fits.
        positive: bool `[works]`, for instance whether the artist is unknown.

    Returns:
        In [0, 1], one half for chance; NaN if all works are positive or none is.

    Raises:
        ValueError: no work, or different lengths.

    Source: Mann & Whitney (1947), U / (n_positive n_negative); Hanley & McNeil (1982).
    """
    scores, positive = _answers(scores, positive)
    positives = np.count_nonzero(positive)
    negatives = len(positive) - positives
    if not positives or not negatives:
        return np.nan
    # Ranks of the positives count, for each, the works not above it; those among positives
    # themselves, n (n + 1) / 2, are taken off. Equal scores share their mean rank, a half each.
    above = stats.rankdata(scores)[positive].sum() - positives * (positives + 1) / 2
    return float(above / (positives * negatives))


def _answers(scores, flags):
    scores, flags = np.asarray(scores, dtype=np.float64), np.asarray(flags)
    same = scores.ndim == 1 and scores.shape == flags.shape and scores.size > 0
    if not same or flags.dtype != bool or not np.isfinite(scores).all():
        raise ValueError(
            "one finite number and one true or false is needed per work; received "
            f"{scores.dtype} {scores.shape} and {flags.dtype} {flags.shape}: take both from the "
            "same works."
        )
    return scores, flags
