"""Do two trainings put the same things first?"""

import dataclasses

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from anime_style_tf.evaluation import arrays

_FOLDS = 5


@dataclasses.dataclass(frozen=True)
class Stability:
    """How much of one code's prefixes another code's prefixes tell.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        explained: `[prefixes]`, by the leading dimensions, at most 1; below 0 is worse than the
            mean.
        random: `[prefixes]`, by as many random directions, mean over draws.
    """

    lengths: np.ndarray
    explained: np.ndarray
    random: np.ndarray


def order_stability(codes, others, groups, *, lengths=None, draws=20, seed=0) -> Stability:
    """Predicts the leading dimensions of one code from those of another.

    For each prefix length d, with Y the first d dimensions of `codes` and P their linear
    prediction from d dimensions of `others`,

        explained = 1 - sum (Y - P)^2 / sum (Y - mean Y)^2

    over works and dimensions, so a dimension counts by its variance. Each work is predicted by a
    regression on works of other groups. An order is stable where the *leading* dimensions of the
    other code explain more than random directions of the whole of it, which is only possible for
    d below its size.

    Args:
        codes: `[works, code]` of one encoder.
        others: `[works, other code]` of another one, of the same works.
        groups: `[works]`, what must not be on both sides of a regression: subjects, say. Five or
            more.
        lengths: prefix lengths, increasing; None for all that both codes have.
        draws: of random directions, uniform over orthonormal frames. More are slower and steadier.
        seed: of the directions.

    Returns:
        `Stability`.

    Raises:
        ValueError: arrays of the wrong shape, or codes that do not vary.

    Source: the share of variance explained, cross-validated; the measure is ours.
    """
    codes, others = arrays.as_codes(codes), arrays.as_codes(others, "others")
    lengths = arrays.as_lengths(lengths, min(codes.shape[1], others.shape[1]))
    if len(others) != len(codes) or len(groups) != len(codes):
        raise ValueError(
            f"codes, others and groups must be of the same works; received {len(codes)}, "
            f"{len(others)} and {len(groups)}."
        )
    if not np.ptp(codes[:, 0]):
        raise ValueError("codes must vary; received one value in their first dimension.")
    generator = np.random.default_rng(seed)
    size = others.shape[1]
    explained, random = [], []
    for length in lengths:
        wanted = codes[:, :length]
        explained.append(_explained(wanted, others[:, :length], groups))
        frames = (
            np.linalg.qr(generator.normal(size=(size, length)))[0]
            for _ in range(draws if length < size else 1)
        )
        random.append(np.mean([_explained(wanted, others @ frame, groups) for frame in frames]))
    return Stability(lengths, np.array(explained), np.array(random))


def _explained(wanted, given, groups):
    folds = GroupKFold(_FOLDS)
    predicted = cross_val_predict(LinearRegression(), given, wanted, groups=groups, cv=folds)
    left = np.sum(np.square(wanted - predicted))
    return 1 - left / np.sum(np.square(wanted - wanted.mean(axis=0)))
