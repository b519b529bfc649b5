"""What pictures show, such as glasses or a hair color, read by probes that no generator has seen.

A factor is what a source knows about the content of its works, each value a word or a number. For
each factor one linear probe over hand-made features learns from works of all artists.
"""

import collections
import itertools

import numpy as np
from sklearn.linear_model import RidgeClassifier

from anime_style_tf.evaluation.floors import gradients_and_patterns, in_chunks

_SQUARES = 8  # on each side, whose mean colors are features
_LEVELS = 8  # of each channel, whose joint histogram is
_FEWEST = 5  # training works with a value, or it is no value to learn
_MOST_VALUES = 20  # with more it is a name, and no factor


@in_chunks
def shown_features(images):
    """Which colors there are and where, and shapes: soft histogram, squares' means, HOG, LBP.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8; sides of 16 pixels or more.

    Returns:
        float32 `[images, features]`.

    Raises:
        ValueError: images of another shape or type.
    """
    side_of_square = [side // _SQUARES for side in images.shape[1:3]]
    height, width = (_SQUARES * side for side in side_of_square)
    parts = (_SQUARES, side_of_square[0], _SQUARES, side_of_square[1], 3)
    squares = images[:, :height, :width].reshape(len(images), *parts).mean(axis=(2, 4)) / 255
    shapes = gradients_and_patterns(images)
    colors = [_soft_histogram(images), squares.reshape(len(images), -1)]
    return np.concatenate([*colors, shapes], axis=1, dtype=np.float32)


def _soft_histogram(images):
    """Square roots of the shares of colors on a grid, each pixel spread over the 8 next to it.

    A generated color is never quite the one that was asked for: it should not fall into another
    bin, as it would at the edge of a hard one.
    """
    pixels = images.reshape(len(images), -1, 3) * ((_LEVELS - 1) / 255)
    lower = np.minimum(pixels.astype(np.int64), _LEVELS - 2)
    above = pixels - lower
    first = np.arange(len(images))[:, None] * _LEVELS**3
    shares = 0
    for corner in itertools.product((0, 1), repeat=3):
        weights = np.prod(np.where(corner, above, 1 - above), axis=-1)
        bins = first + (lower + corner) @ (_LEVELS**2, _LEVELS, 1)
        counts = np.bincount(bins.ravel(), weights.ravel(), len(images) * _LEVELS**3)
        shares = shares + counts.reshape(len(images), -1) / pixels.shape[1]
    return np.sqrt(shares)


def factors_to_read(factors, labels):
    """The factors that can be asked of works by several artists.

    Args:
        factors: list of a dictionary for each work, from factor to value.
        labels: int `[works]`, the artists.

    Returns:
        Dictionary from factor to the set of its values: words, whole numbers or truths, 2 to 20,
        each of five works or more, in works by two artists or more.
    """
    artists = collections.defaultdict(set)
    counts = collections.defaultdict(collections.Counter)
    for shown, label in zip(factors, labels, strict=True):
        for factor, value in shown.items():
            if isinstance(value, str | int):
                artists[factor].add(label)
                counts[factor][value] += 1
    values = {
        factor: {value for value, count in of_factor.items() if count >= _FEWEST}
        for factor, of_factor in counts.items()
    }
    return {
        factor: known
        for factor, known in values.items()
        if 2 <= len(known) <= _MOST_VALUES and len(artists[factor]) > 1
    }


class FactorProbe:
    """Reads one factor.

    Args:
        factor: its name.
        values: those that are learned.
        features: `[works, features]` of training works, see `shown_features`.
        factors: list of a dictionary for each of them.

    Source: Alain & Bengio (2017) for linear probes; ridge regression on the values, our setting.
    """

    def __init__(self, factor, values, features, factors):
        self.factor = factor
        self.values = sorted(values, key=str)
        known = self.knows(factors)
        # All features are at most one, so little shrinkage: of 420 works 1.00 of skins and .94 of
        # hair colors are read so, and .61 of what is worn, chance .47.
        self._probe = RidgeClassifier(alpha=0.1)
        self._probe.fit(features[known], self.asked(factors)[known])

    def knows(self, factors):
        """Which works show one of its values, bool `[works]`."""
        return self.asked(factors) >= 0

    def asked(self, factors):
        """Each work's value as a number, int `[works]`, -1 where it shows none that is known."""
        places = {value: place for place, value in enumerate(self.values)}
        return np.array([places.get(_scalar(shown.get(self.factor)), -1) for shown in factors])

    def read(self, features):
        """The value that each picture shows, as a number, int `[pictures]`."""
        return self._probe.predict(features)


def _scalar(value):
    """None for what is no word or number, which could be no key."""
    return value if isinstance(value, str | int) else None
