"""Re-attribution: is a generated image taken for the artist whose style it was given?"""

import dataclasses

import numpy as np

from anime_style_tf.evaluation import arrays, prefixes
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Reattribution:
    """The artist asked for and the artist nearest to each generated image.

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
        """Share of images whose nearest artist is the one asked for."""
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


def reattribute(codes, asked, styles) -> Reattribution:
    """Attributes generated images to the nearest artist in the pruned, standardized space.

    Args:
        codes: `[images, code]`, style codes of the generated images.
        asked: int `[images]`, the artists whose style was given to the generator.
        styles: `[artists, code]`, one per artist in the same space: mean style codes of their
            works, or presumed styles.

    Returns:
        `Reattribution`; of equally near artists the lowest index.

    Raises:
        ValueError: arrays of the wrong shape, or an artist out of range.
    """
    code_size = arrays.as_codes(codes).shape[1]
    predicted = prefixes.nearest_styles(codes, styles, [code_size])[:, 0]
    asked = arrays.as_labels(asked, len(predicted), artists=len(styles), name="asked")
    return Reattribution(asked, predicted, len(styles))
