"""A face, as a detector finds it, and what a detector is."""

import dataclasses
import math
import typing

import numpy as np


@dataclasses.dataclass(frozen=True)
class Face:
    """A face in a picture; pixels, x to the right, y down, from the upper left corner.

    Args:
        box: `(left, top, width, height)`, not turned: of a face that leans, the center and the
            size are what counts.
        left_eye: `(x, y)`, center of the eye at the left of the face when it is upright.
        right_eye: `(x, y)`, center of the eye at its right.
        likelihood: the detector's own certainty in `[0, 1]`.
    """

    box: tuple[float, float, float, float]
    left_eye: tuple[float, float]
    right_eye: tuple[float, float]
    likelihood: float

    @property
    def center(self):
        """Center `(x, y)` of the box."""
        left, top, width, height = self.box
        return left + width / 2, top + height / 2

    @property
    def roll(self):
        """Degrees in `[-180, 180]` by which the line of the eyes is turned; clockwise is > 0."""
        (left, upper), (right, lower) = self.left_eye, self.right_eye
        return math.degrees(math.atan2(lower - upper, right - left))


class Detector(typing.Protocol):
    """Finds upright faces; made once in each process."""

    def __call__(self, image: np.ndarray) -> list[Face]:
        """Returns the faces in uint8 `[height, width, 3]`, sRGB, most likely first."""
