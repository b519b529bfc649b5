"""Which steps of lightness a reconstruction keeps: those up and down, those sideways.

Light on drawn hair often falls in a horizontal band, a step of lightness on the way down. The paper
saw that its generator varies light sideways and loses such bands (section 6.4).
"""

import dataclasses

import numpy as np

from anime_style_tf.evaluation.image_properties import srgb_to_cielab
from anime_style_tf.evaluation.uncertainty import intervals

_CHUNK = 64  # images at once


@dataclasses.dataclass(frozen=True)
class KeptSteps:
    """Energies of steps in works and in their reconstructions.

    Attributes:
        works: `[works, 2]`, `step_energies` of the works.
        reconstructions: The same of their reconstructions.
    """

    works: np.ndarray
    reconstructions: np.ndarray

    @property
    def down(self) -> float:
        """Energy of the steps down in all reconstructions over that in all works."""
        return self._ratio([1, 0])

    @property
    def sideways(self) -> float:
        """The same of the steps sideways."""
        return self._ratio([0, 1])

    @property
    def down_over_sideways(self) -> float:
        """`down / sideways`: 1 keeps both alike, less loses horizontal bands more."""
        return self._ratio([1, -1])

    def down_interval(self) -> tuple[float, float]:
        """95 % interval of `down`; works taken as independent, its logarithm as normal."""
        return self._interval([1, 0])

    def sideways_interval(self) -> tuple[float, float]:
        """The same of `sideways`."""
        return self._interval([0, 1])

    def down_over_sideways_interval(self) -> tuple[float, float]:
        """The same of `down_over_sideways`; all four energies of a work go together."""
        return self._interval([1, -1])

    def _ratio(self, powers):
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = self.reconstructions.mean(axis=0) / self.works.mean(axis=0)
            return float(np.prod(kept ** np.array(powers, dtype=np.float64)))

    def _interval(self, powers):
        if len(self.works) < 2:
            return np.nan, np.nan
        # The logarithm of a mean moves by a work's share of it (the delta method).
        with np.errstate(divide="ignore", invalid="ignore"):
            moved = self.reconstructions / self.reconstructions.mean(axis=0)
            moved = (moved - self.works / self.works.mean(axis=0)) @ np.array(powers)
        low, high = np.exp(intervals.mean_interval(moved))
        ratio = self._ratio(powers)
        return float(ratio * low), float(ratio * high)


def step_energies(images) -> np.ndarray:
    """Mean squared difference of L* to the pixel below, and to the pixel on the right.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8, both sides 2 pixels or more.

    Returns:
        Float64 `[images, 2]`: down, sideways; L* is in [0, 100].

    Raises:
        ValueError: images of another shape or type.
    """
    images = np.asarray(images)
    if images.ndim != 4 or images.shape[-1] != 3 or min(images.shape[1:3]) < 2:
        raise ValueError(
            "images must be [images, height, width, 3] of 2 x 2 pixels or more; received "
            f"{images.shape}."
        )
    if images.dtype != np.uint8:
        raise ValueError(
            f"images must be uint8, received {images.dtype}: round sRGB in [0, 1] times 255."
        )
    energies = np.empty((len(images), 2))
    for start in range(0, len(images), _CHUNK):
        part = slice(start, start + _CHUNK)
        lightness = srgb_to_cielab(images[part])[..., 0].astype(np.float64)
        energies[part, 0] = np.square(np.diff(lightness, axis=1)).mean(axis=(1, 2))
        energies[part, 1] = np.square(np.diff(lightness, axis=2)).mean(axis=(1, 2))
    return energies


def kept_steps(works, reconstructions) -> KeptSteps:
    """How much of the works' steps of lightness their reconstructions have.

    Args:
        works: `[works, height, width, 3]`, sRGB uint8.
        reconstructions: The same shape, of the same works in the same order.

    Returns:
        `KeptSteps`.

    Raises:
        ValueError: the shapes differ, or no work.

    Source: our measure of what section 6.4 of Xiang & Li (2018) describes.
    """
    works, reconstructions = np.asarray(works), np.asarray(reconstructions)
    if works.shape != reconstructions.shape or not len(works):
        raise ValueError(
            f"reconstructions must have the shape of works, one work or more; received "
            f"{reconstructions.shape} and {works.shape}."
        )
    return KeptSteps(step_energies(works), step_energies(reconstructions))
