"""The works of `style_emoji_unseen.py`: who is known, who is not, what fits and what reports."""

import dataclasses
import hashlib

import numpy as np

from anime_style_tf import attribution
from anime_style_tf.errors import InputError


@dataclasses.dataclass(frozen=True)
class Works:
    """Codes `[works, code]`, artists `[works]`, subjects `[works]`."""

    codes: np.ndarray
    artists: np.ndarray
    subjects: np.ndarray

    def select(self, rows):
        """The works where `rows` is true, or with these indices."""
        return Works(self.codes[rows], self.artists[rows], self.subjects[rows])


def load(path, length=None):
    """Reads the codes.

    Returns:
        `(names, training, held_out, enrollable, queries)`: names of all artists and `Works`; the
        unseen artists are numbered after the known ones.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            found = dict(file)
        parts = [
            Works(
                found[f"{part}_codes"][:, :length].astype(np.float64),
                found[f"{part}_artists"].astype(np.int64),
                found[f"{part}_subjects"],
            )
            for part in ("train", "test", "unseen")
        ]
        names, is_test = tuple(found["artist_names"].tolist()), found["unseen_is_test"]
    except (OSError, KeyError, ValueError) as error:
        raise InputError(f"--codes: expected style codes, received {path}: {error}.") from error
    known = int(parts[0].artists.max()) + 1
    unseen = dataclasses.replace(parts[2], artists=parts[2].artists + known)
    return names, *parts[:2], unseen.select(~is_test), unseen.select(is_test)


def first_half(subjects, purpose):
    """Bool `[works]`: a fair half of the subjects, the same on every machine."""
    digests = [hashlib.sha256(f"{purpose} {subject}".encode()).digest() for subject in subjects]
    return np.array([digest[0] % 2 == 0 for digest in digests])


def fit(names, training, held_out):
    """The attribution of the known artists, and the works that report."""
    calibrating = first_half(held_out.subjects, "calibrate")
    fitting = first_half(held_out.subjects, "fit")
    shape = held_out.select(calibrating & fitting)
    threshold = held_out.select(calibrating & ~fitting)
    known = names[: training.artists.max() + 1]
    model = attribution.fit(
        known, training.codes, training.artists, shape.codes, shape.artists
    ).calibrate(threshold.codes, threshold.artists)
    return model, held_out.select(~calibrating)
