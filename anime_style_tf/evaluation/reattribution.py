"""Re-attribution: is a generated image taken for the artist whose style it was given?"""

import dataclasses

import numpy as np
from sklearn import neighbors

from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Reattribution:
    """The artist asked for in each image, and the artist that a judge takes it for.

    Attributes:
        asked: int `[images]`.
        predicted: int `[images]`.
        artists: How many artists there were to choose from.
    """

    asked: np.ndarray
    predicted: np.ndarray
    artists: int

    @property
    def share(self) -> float:
        """Share of images taken for the artist asked for."""
        return float(np.mean(self.asked == self.predicted))

    @property
    def chance(self) -> float:
        """What guessing scores: one in `artists`."""
        return 1 / self.artists

    @property
    def confusion(self) -> np.ndarray:
        """Int `[artists, artists]`: images asked in row a and taken for column b."""
        matrix = np.zeros((self.artists, self.artists), dtype=np.int64)
        np.add.at(matrix, (self.asked, self.predicted), 1)
        return matrix

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float]:
        """`(low, high)`: Wilson interval of `share`, images taken as independent."""
        hits = np.count_nonzero(self.asked == self.predicted)
        low, high = intervals.wilson_interval(hits, len(self.asked), confidence=confidence)
        return float(low), float(high)


def nearest_labels(features, gallery, gallery_labels) -> np.ndarray:
    """Attributes images to the artist of the nearest work, Euclidean.

    Args:
        features: `[images, features]`, of the images that are judged.
        gallery: `[works, features]`, the same features of works.
        gallery_labels: int `[works]`, the artists of those.

    Returns:
        int `[images]`.
    """
    classifier = neighbors.KNeighborsClassifier(n_neighbors=1, algorithm="brute")
    return classifier.fit(gallery, gallery_labels).predict(features)
