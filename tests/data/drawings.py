"""A source of tiny drawings for the tests of the data package."""

import dataclasses
import os

import numpy as np

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError, Picture


@dataclasses.dataclass(frozen=True)
class Drawing(Artwork):
    """Noise that depends on the artist and the number; `fault` says how it fails."""

    number: int
    fault: str | None = None

    def render(self, image_size):
        if self.fault == "damaged":
            raise DamagedArtworkError("scribbled over")
        if self.fault == "crash":
            os._exit(3)
        name = sum(map(ord, self.artist)) * 1000 + (0 if self.fault == "twin" else self.number)
        random = np.random.default_rng(name)
        shape = (image_size, image_size)
        return Picture(
            image=random.integers(0, 256, (*shape, 3), np.uint8),
            coverage=random.integers(0, 256, shape, np.uint8),
            factors={"number": self.number},
        )


class Drawings:
    """`works` maps an artist to a number of drawings, `faults` (artist, number) to a fault."""

    def __init__(self, works, faults=None):
        self.works = works
        self.faults = faults or {}

    def artworks(self):
        for artist, count in self.works.items():
            for number in range(count):
                yield Drawing(
                    artist=artist,
                    work_id=f"{artist}/{number}",
                    reference=f"{artist} no. {number}",
                    number=number,
                    fault=self.faults.get((artist, number)),
                )

    def description(self):
        return {"name": "drawings"}

    def attribution(self):
        return None
