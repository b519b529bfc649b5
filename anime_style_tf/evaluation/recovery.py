"""Recovery: do the frozen encoders find in a generated image the code it was asked for?"""

import dataclasses

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Recovery:
    """Squared errors of recovered codes, in units of the code's variance.

    Attributes:
        squared_error: `[images, code]`.
    """

    squared_error: np.ndarray

    @property
    def per_dimension(self) -> np.ndarray:
        """`[code]`: mean over images."""
        return self.squared_error.mean(axis=0)

    @property
    def mean(self) -> float:
        """Mean over images and dimensions."""
        return float(self.squared_error.mean())

    def interval(self, *, confidence: float = 0.95) -> tuple[float, float]:
        """`(low, high)`: Student's interval of `mean`, images taken as independent."""
        low, high = intervals.mean_interval(self.squared_error.mean(axis=1), confidence=confidence)
        return float(low), float(high)


def recovery_error(asked, recovered) -> Recovery:
    """Squared difference between asked and recovered codes, both standardized.

    The asked code is drawn from N(0, I) and the encoder's output is standardized with
    training-set statistics. So 0 is perfect, an encoder that gives one constant, the mean,
    scores 1 per dimension, and one that gives an unrelated code of the right spread scores 2.

    Args:
        asked: `[images, code]`, z_S or z_C as given to the generator.
        recovered: `[images, code]`, the standardized S or C of the generated images.

    Returns:
        `Recovery`.

    Raises:
        ValueError: the shapes differ.

    Source: the code-recovery terms of the generator's loss, Xiang & Li (2018).
    """
    asked = arrays.as_codes(asked, "asked")
    recovered = arrays.as_codes(recovered, "recovered")
    if asked.shape != recovered.shape:
        raise ValueError(
            f"recovered must have the shape of asked, {asked.shape}; received "
            f"{recovered.shape}: compare the pruned codes of the same images."
        )
    return Recovery((asked - recovered) ** 2)
