"""Style codes by name: of a run's artists, of enrolled ones, and of blends of them."""

import dataclasses
import difflib

import numpy as np

from anime_style_tf.data.sources.names import artist_name, spelled_as
from anime_style_tf.errors import InputError
from anime_style_tf.library.enrolled_artists import FOLDER, STYLES
from anime_style_tf.workdir.provenance import read_json


@dataclasses.dataclass(frozen=True)
class NamedStyles:
    """Mean style codes of artists.

    Attributes:
        codes: `{name: [k_S]}`, in the units of the generator.
    """

    codes: dict

    @classmethod
    def of_run(cls, trained):
        """Reads those of a run's own artists and of its enrolled ones.

        Args:
            trained: `Trained`.

        Returns:
            `NamedStyles`. Enrolled artists whose codes are of another length, of an encoder that
            the run has no more, are left out.
        """
        names = map(artist_name, trained.records.artists)
        codes = dict(zip(names, trained.artists["mean_styles"], strict=True))
        size = trained.style_encoder.code_size
        enrolled = read_json(trained.workdir / FOLDER / STYLES) or {"artists": {}}
        fitting = {
            name: np.asarray(code, "float32")
            for name, code in enrolled["artists"].items()
            if len(code) == size and name not in codes
        }
        return cls({**codes, **fitting})

    def of(self, artist):
        """Returns the code `[k_S]` of a name, or of a blend `{name: weight}`.

        Raises:
            InputError: no such artist, or weights that are not finite and above 0.
        """
        blend = artist if isinstance(artist, dict) else {str(artist): 1.0}
        if not blend or not all(0 < weight < np.inf for weight in blend.values()):
            raise InputError(
                f"blend: expected artists with finite weights above 0, received {artist!r}"
            )
        weights = np.array(list(blend.values()), "float32")
        return np.average(
            [self.codes[self._named(name)] for name in blend], axis=0, weights=weights
        )

    def random_blend(self, chance):
        """Returns a code between those of two artists, both by chance.

        Args:
            chance: `numpy.random.Generator`.
        """
        codes = np.stack(list(self.codes.values()))
        first, second = codes[chance.choice(len(codes), 2, replace=len(codes) < 2)]
        part = chance.uniform()
        return part * first + (1 - part) * second

    def _named(self, text):
        if name := spelled_as(str(text), self.codes):
            return name
        alike = (
            difflib.get_close_matches(artist_name(str(text)), self.codes, 3)
            or list(self.codes)[:10]
        )
        raise InputError(f"no artist is called {text!r}: give for instance {', '.join(alike)}")
