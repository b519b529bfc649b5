"""A source of tiny drawings for the tests of the data package."""

import dataclasses
import os
import time

import numpy as np
from PIL import Image

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError
from anime_style_tf.data.pictures import fit_square


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawing(Artwork):
    """Noise that depends on the artist and the number; `fault` says how it fails."""

    number: int
    fault: str | None = None
    version: int = 0

    def stamp(self):
        return f"version {self.version}, {self.fault}"

    def read(self):
        if self.fault == "damaged":
            raise DamagedArtworkError("scribbled over")
        if self.fault == "crash":
            os._exit(3)
        if self.fault == "stuck":
            print("stuck", flush=True)  # noqa: T201 - read by the test that waits for it
            time.sleep(90)
        seed = sum(map(ord, self.artist)) * 1000 + (0 if self.fault == "twin" else self.number)
        return f"{seed} {self.version}".encode(), {"number": self.number}

    def decode(self, data, *, image_size, max_pixels):
        random = np.random.default_rng([int(word) for word in data.split()])
        shape = (image_size, image_size)
        image = Image.fromarray(random.integers(0, 256, (*shape, 3), np.uint8)).convert("RGBA")
        image.putalpha(Image.fromarray(random.integers(0, 256, shape, np.uint8)))
        return image

    def portrait(self, image_size):
        """What a record of it holds: image and coverage."""
        data, _ = self.read()
        return fit_square(self.decode(data, image_size=image_size, max_pixels=None), image_size)


def drawing(artist, number):
    return Drawing(artist=artist, work_id="", reference="", number=number)


class Drawings:
    """`works` maps an artist to a number of drawings, `faults` (artist, number) to a fault."""

    def __init__(self, works, faults=None, name="drawings", **fields):
        self.works = works
        self.faults = faults or {}
        self.name = name
        self.fields = fields

    def artworks(self):
        for artist, count in self.works.items():
            for number in range(count):
                yield Drawing(
                    artist=artist,
                    work_id=f"{artist}/{number}",
                    reference=f"{artist} no. {number}",
                    number=number,
                    fault=self.faults.get((artist, number)),
                    **self.fields,
                )

    def description(self):
        return {"name": self.name}

    def attribution(self):
        return None
