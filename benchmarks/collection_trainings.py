"""Networks of their own on a small collection: a trunk and a color histogram, from scratch."""

import functools
import tempfile

import keras
import numpy as np
from PIL import Image

from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.fit import fit
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir.networks import over_images
from benchmarks.contenders.style_rival import RIVALS, StyleRival
from benchmarks.emoji_batches import batches
from benchmarks.emoji_drawings import Drawings

# As `style_emoji` trains them, with batches that 15 works an artist can fill.
SIDE = 64
ENCODER = {"levels": (16, 32, 64, 128), "code_size": 64, "pooling": "moments", "color_levels": 20}
OPTIMIZER = {"name": "adam", "warmup_steps": 20, "final_fraction": 0.05, "average": 0.98}
RATES = {"optimizer": 2e-3, "presumed_optimizer": 2e-2, "proxy_optimizer": 0.2}
RIVAL_RATE = 5e-4
WORKS_PER_ARTIST = 4
METHODS = {
    "metric learning": StyleMetricLearning,
    "classifier": StyleClassifier,
    **{rival.replace("_", " "): functools.partial(StyleRival, rival=rival) for rival in RIVALS},
}


def from_scratch(images, artists, training, *, method, steps, seed):
    """Trains on some works.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        artists: int `[works]`.
        training: rows of the training works.
        method: key of `METHODS`.
        steps: of the training.
        seed: of start, batches and augmentation.

    Returns:
        Function from the name of a version, "as it is" or a key of `PERTURBATIONS`, and rows to
        codes.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    count = int(artists.max()) + 1
    encoder = StyleEncoder(image_size=SIDE, **ENCODER)
    model = METHODS[method](encoder, artists=count, shift=SIDE // 16, seed=seed)
    rates = RATES | ({"optimizer": RIVAL_RATE} if isinstance(model, StyleRival) else {})
    model.compile(
        **{
            name: make_optimizer(steps=steps, learning_rate=rates[name], **OPTIMIZER)
            for name in model.optimized()
        }
    )
    drawings = Drawings(small(images[training]), artists[training].astype(np.int32), training)
    sizes = {"artists_per_batch": min(count, 8), "works_per_artist": WORKS_PER_ARTIST}
    with tempfile.TemporaryDirectory() as folder:
        fit(model, batches(drawings, seed, sizes), steps=steps, checkpoints=folder)

    def code(version, rows):
        change = PERTURBATIONS.get(version, np.asarray)
        return over_images(model.encoder, small(change(images[rows])))

    return code


def small(images):
    """Images with `SIDE` pixels a side."""
    if images.shape[1] == SIDE:
        return images
    size = (SIDE, SIDE)
    resized = [Image.fromarray(image).resize(size, Image.Resampling.LANCZOS) for image in images]
    return np.stack([np.asarray(image) for image in resized])
