"""An artwork: what a source yields and the writer stores."""

import abc
import dataclasses

import numpy as np


class DamagedArtworkError(Exception):
    """This artwork cannot be used: it is set aside, and the message is the reason given."""


@dataclasses.dataclass(frozen=True)
class Picture:
    """A rendered artwork.

    Args:
        image: uint8 `[image_size, image_size, 3]`, sRGB, black where nothing is drawn.
        coverage: uint8 `[image_size, image_size]`, 255 = drawn, 0 = padding.
        factors: what is known about the content; JSON values.
    """

    image: np.ndarray
    coverage: np.ndarray
    factors: dict


@dataclasses.dataclass(frozen=True)
class Artwork(abc.ABC):
    """One work by one artist, not yet rendered. Small and picklable.

    Args:
        artist: name of the artist.
        work_id: identity that decides between training and test, unique within the artist.
            Artists who drew the same subject on purpose share it, so that a subject is never
            on both sides of the split.
        reference: where it comes from (a path, a recipe), for a person to find it.
    """

    artist: str
    work_id: str
    reference: str

    @abc.abstractmethod
    def render(self, image_size):
        """Draws or decodes the work.

        Args:
            image_size: height and width of the result in pixels.

        Returns:
            A `Picture`.

        Raises:
            DamagedArtworkError: the work cannot be read; it is set aside with this reason.
        """
