"""Works and artists that an exported bundle knows, asked as a run's `Catalog` is."""

import numpy as np

from anime_style_tf.data.pictures import encode_png
from anime_style_tf.errors import InputError

ERROR_RATE = 0.05  # as the bundle's own p-values are read


class BundledCatalog:
    """The signatures `attribute_bytes` and `nearest_bytes` of a bundle.

    Args:
        answers: function of the name of a signature and its inputs by name, to its outputs.
    """

    def __init__(self, answers):
        self._answers = answers

    @staticmethod
    def coder(images):
        """What the signatures take: PNG files `[images]` of uint8 `[images, height, width, 3]`."""
        return np.array([encode_png(image) for image in images], object)

    def who_drew(self, files):
        """Ranks the artists for each file, as `Catalog.who_drew` does, without distances."""
        found = self._answers("attribute_bytes", files=files)
        answers = []
        for ranked, chances, p_value in zip(
            _texts(found["artists"]),
            found["probabilities"].tolist(),
            found["p_value"].tolist(),
            strict=True,
        ):
            attribution = {
                "artist": ranked[0],
                "probability": chances[0],
                "p_value": p_value,
                "unknown": p_value <= ERROR_RATE,
            }
            rows = zip(ranked, chances, strict=True)
            each = [{"artist": name, "probability": chance} for name, chance in rows]
            answers.append((attribution, each))
        return answers

    def named(self, artists):
        """Returns None.

        Raises:
            InputError: artists are given, among whom no signature searches.
        """
        if artists:
            raise InputError(
                "artists: an exported model searches among all works; open the folder that was "
                'given as --workdir, anime_style_tf.load("runs/demo")'
            )

    def nearest_works(self, files, count, *, artists=None):
        """Finds works as `Catalog.nearest_works` does; each has `artist`, `work`, `distance`.

        Raises:
            InputError: more are asked for than a signature answers.
        """
        found = self._answers("nearest_bytes", files=files)
        most = found["works"].shape[1]
        if not 1 <= count <= most:
            raise InputError(f"count: expected 1 to {most} of an exported model, received {count}")
        texts = [_texts(found[name]) for name in ("artists", "works")]
        rows = zip(*texts, found["distances"].tolist(), strict=True)
        return [
            [
                {"artist": artist, "work": work, "distance": distance}
                for artist, work, distance in list(zip(*row, strict=True))[:count]
            ]
            for row in rows
        ]


def _texts(values):
    """Lists of str of an array of bytes in UTF-8."""
    return np.strings.decode(values.astype("S"), "utf-8").tolist()
