"""Probes: whether a code tells what it should leave to another, such as content the artist."""

import dataclasses
import functools

import numpy as np
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.controls import permutation_test
from anime_style_tf.evaluation.uncertainty import intervals

# Both are fitted hundreds of times, so neither may be slow. A little shrinkage keeps the linear one
# defined for a dimension that is constant or a sum of others.
PROBES = {
    "linear": functools.partial(LinearDiscriminantAnalysis, solver="lsqr", shrinkage=0.01),
    "nearest_neighbors": functools.partial(KNeighborsClassifier, n_neighbors=5, algorithm="brute"),
}


@dataclasses.dataclass(frozen=True)
class Probe:
    """What a classifier reads from codes, beside what it reads where there is nothing to read.

    Attributes:
        hits: bool `[works]`, works whose label it finds.
        shuffled: `[permutations]`, the share it finds where training works' labels are shuffled.
    """

    hits: np.ndarray
    shuffled: np.ndarray

    @property
    def share(self) -> float:
        """Share of works whose label is found."""
        return float(self.hits.mean())

    @property
    def null(self) -> float:
        """The 95th percentile of the shuffled shares: what chance reaches once in twenty times."""
        return float(np.quantile(self.shuffled, 0.95))

    def interval(self, clusters=None, *, confidence: float = 0.95):
        """`(low, high)` of `share`; see `intervals.share_interval`."""
        low, high = intervals.share_interval(self.hits, clusters, confidence=confidence)
        return float(low), float(high)


def probe(name, training, test, *, permutations=99, seed=0) -> Probe:
    """Fits a classifier to training works' codes and asks it for the labels of others.

    Args:
        name: of `PROBES`.
        training: `(codes [works, code], labels int [works])`, of two labels or more.
        test: the same, of other works.
        permutations: how often the training labels are shuffled; raising it steadies the null.
        seed: of the shuffles.

    Returns:
        `Probe`.

    Raises:
        ValueError: arrays of the wrong shape.
        TooFewError: one label only, or fewer training works than neighbors that vote.

    Source: Alain & Bengio (2017) for linear probes; Hewitt & Liang (2019) for shuffled labels.
    """
    codes, labels = arrays.as_codes(training[0]), np.asarray(training[1])
    labels = arrays.as_labels(labels, len(codes))
    others = arrays.as_codes(test[0], "test codes")
    wanted = arrays.as_labels(test[1], len(others), name="test labels")
    if len(np.unique(labels)) < 2 or len(labels) < 5:
        raise TooFewError(
            f"a probe needs training works of 2 artists, 5 in all or more; received {len(labels)} "
            f"of {len(np.unique(labels))}: measure more works."
        )

    def found(labels):
        return PROBES[name]().fit(codes, labels).predict(others) == wanted

    test_of_chance = permutation_test(
        lambda shuffled: found(shuffled).mean(), labels, permutations=permutations, seed=seed
    )
    return Probe(found(labels), test_of_chance.shuffled)
