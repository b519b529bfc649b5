"""What the linear code reads of a set: colors and frozen maps, each version of a work read once."""

import functools
import time

import keras
import numpy as np

from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.pretrained.weights import load_published
from anime_style_tf.stages.linear_start import changed_versions
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir.networks import image_function

# As `configs/collection.py`.
ENCODER = {"levels": (), "color_levels": 16, "pretrained_resolution": 128}
CHANGES = ("half size and back", "JPEG 50", "blur of 0.6 pixels")


class Parts:
    """Features of the works of a set.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        variant: of the pretrained maps.
        training: rows that may be trained on, of which changed versions are read.
        queries: rows that may be asked for, of which what `CHANGES` makes of them is read.
    """

    def __init__(self, images, variant, *, training, queries):
        self._images, self._variant = images, variant
        self._training, self._queries = training, queries

    @functools.cached_property
    def _features(self):
        """Name of a version -> rows that were read, colors, maps; and seconds for one picture."""
        keras.utils.clear_session()
        encoder = StyleEncoder(pretrained=self._variant, **ENCODER)
        encoder.build()
        load_published(encoder.frozen)
        images, training, queries = self._images, self._training, self._queries
        read = {"as it is": (np.arange(len(images)), images)}
        if len(training):
            for number, changed in enumerate(changed_versions(images[training], seed=0)):
                read[f"changed {number}"] = (training, changed)
        if len(queries):
            read |= {name: (queries, PERTURBATIONS[name](images[queries])) for name in CHANGES}
        parts = image_function(lambda lab: tuple(encoder.parts(lab)))
        started = time.process_time()
        features = {name: (rows, *parts(pictures)) for name, (rows, pictures) in read.items()}
        pictures = sum(len(rows) for rows, _ in read.values())
        return features, (time.process_time() - started) / pictures

    @property
    def changed(self):
        """Names of the changed versions of the training works."""
        return [name for name in self._features[0] if name.startswith("changed")]

    @property
    def seconds(self):
        """Processor seconds that one picture took."""
        return self._features[1]

    def __call__(self, version, rows, kinds):
        """List of `[rows, features]`: `kinds` names "colors", "maps" or both."""
        read, *features = self._features[0][version]
        parts = dict(zip(("colors", "maps"), features, strict=True))
        places = np.searchsorted(read, rows)
        return [parts[kind][places].astype(np.float64) for kind in kinds]
