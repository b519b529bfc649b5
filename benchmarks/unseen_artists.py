"""Artists that come after a training, enrolled from a few works."""

import io

import numpy as np
import resvg_py
from dicebear import Avatar
from PIL import Image
from scipy.spatial import distance

from anime_style_tf import attribution
from anime_style_tf.data.sources.dicebear import DicebearSource, load_style
from anime_style_tf.data.sources.dicebear_content import STYLES, subject_factors
from anime_style_tf.evaluation.uncertainty import calibration
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval
from anime_style_tf.training.closed_form import linear_discriminants
from benchmarks.collection_parts import Parts
from benchmarks.unseen_works import first_half

SIDE, SUBJECTS = 64, 40
ENROLLED, ASKED = 5, 20
KNOWN_WORKS = 45  # of each known artist, at most, so that none outweighs the others


def new_style(style):
    """Drawings of a style that the source does not have, uint8, and their subjects."""
    images = []
    for subject in range(SUBJECTS):
        factors = subject_factors(0, subject)
        options = {"backgroundColor": factors["background"], "flip": factors["flip"]}
        avatar = Avatar(load_style(style), {**options, "seed": f"{subject} {style}"})
        side = 2 * SIDE
        svg = avatar.to_string().replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
        png = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True)
        images.append(np.asarray(Image.open(io.BytesIO(png)).convert("RGB").reduce(2)))
    return np.stack(images), [f"subject {subject}" for subject in range(SUBJECTS)]


def known_styles():
    """Drawings of the styles that the source has, as `read_folder` gives a set."""
    works = list(DicebearSource(works_per_artist=SUBJECTS, seed=1).artworks())
    images = [
        work.decode(work.read()[0], image_size=SIDE, max_pixels=10**8).convert("RGB")
        for work in works
    ]
    artists = [list(STYLES).index(work.artist) for work in works]
    return np.stack(images), np.array(artists), np.array([work.work_id for work in works])


def features(images, training):
    """Colors and maps, `[works, features]` each, and the same of changed versions of some."""
    parts = Parts(images, "lite0", training=training, queries=())
    kinds = ("colors", "maps")
    everything = parts("as it is", np.arange(len(images)), kinds)
    return everything, [parts(name, training, kinds) for name in parts.changed]


def some_of_each(artists, rng):
    """Rows of at most `KNOWN_WORKS` works of each known artist."""
    rows = [
        rng.permutation(np.flatnonzero(artists == artist))[:KNOWN_WORKS]
        for artist in range(artists.max() + 1)
    ]
    return np.sort(np.concatenate(rows))


class World:
    """Codes of known works and of the ten artists' under one linear code."""

    def __init__(self, known, artists, families, new, directions):
        back = first_half(families, "back") & first_half(families, "further")
        learned = np.flatnonzero(~back)
        works = [part[learned] for part in known[0]]
        changed = [[part[learned] for part in version] for version in known[1]]
        kernel, bias = linear_discriminants(
            works, artists[learned], changed=changed, directions=directions
        )
        codes = np.concatenate(known[0], 1) @ kernel + bias
        spread = back & first_half(families, "spread")
        names = [str(artist) for artist in range(artists.max() + 1)]
        self.model = attribution.fit(
            names, codes[learned], artists[learned], codes[spread], artists[spread]
        )
        self.codes, self.artists = codes[back & ~spread], artists[back & ~spread]
        self.new = [np.concatenate(parts, 1) @ kernel + bias for parts in new]

    def of_known(self):
        """How right the attribution is before anybody is enrolled."""
        probabilities = self.model.attribute(self.codes).probabilities[:, :-1]
        probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
        right = probabilities.argmax(axis=1) == self.artists
        confidence = probabilities.max(axis=1)
        strange = -self.model.familiarity(np.concatenate([self.codes, *self.new]))
        return {
            "works": len(right),
            "accuracy": float(right.mean()),
            "calibration_error": calibration.reliability(confidence, right).error,
            "calibration_error_if_calibrated": calibration.error_if_calibrated(confidence)[0],
            "auroc_of_unknown": calibration.separation(
                strange, np.arange(len(strange)) >= len(right)
            ),
        }

    def of_new(self, families, draws):
        """How right it is among the ten, each known by five works."""
        right, nearest, confidence, clusters = [], [], [], []
        for seed in range(draws):
            rng = np.random.default_rng(seed)
            model, means, asked, owners = self.model, [], [], []
            for artist, codes in enumerate(self.new):
                order = rng.permutation(len(codes))
                enrolled, others = order[:ENROLLED], order[ENROLLED:]
                others = others[~np.isin(families[artist][others], families[artist][enrolled])]
                model = model.enroll(f"new {artist}", codes[enrolled])
                means.append(codes[enrolled].mean(axis=0))
                asked.append(codes[others[:ASKED]])
                owners += [artist] * len(asked[-1])
            asked, owners = np.concatenate(asked), np.array(owners)
            probabilities = model.attribute(asked).probabilities[:, -1 - len(self.new) : -1]
            probabilities = probabilities / probabilities.sum(axis=1, keepdims=True)
            right.append(probabilities.argmax(axis=1) == owners)
            confidence.append(probabilities.max(axis=1))
            nearest.append(distance.cdist(asked, np.stack(means)).argmin(axis=1) == owners)
            clusters.append(owners)
        right, nearest, confidence, clusters = map(
            np.concatenate, (right, nearest, confidence, clusters)
        )
        return {
            "accuracy": float(right.mean()),
            "interval": [float(end) for end in mean_interval(right, clusters)],
            "accuracy_by_artist": [
                float(right[clusters == artist].mean()) for artist in range(len(self.new))
            ],
            "accuracy_of_nearest_means": float(nearest.mean()),
            "calibration_error": calibration.reliability(confidence, right).error,
        }
