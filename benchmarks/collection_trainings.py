"""A network of its own on a small collection: a trunk and a color histogram, from scratch."""

import tempfile

import keras
import numpy as np

from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.fit import fit
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir.networks import over_images
from benchmarks.emoji_batches import batches
from benchmarks.emoji_drawings import Drawings

# As `style_emoji` trains it, with batches that 15 works an artist can fill.
ENCODER = {"levels": (16, 32, 64, 128), "code_size": 64, "pooling": "moments", "color_levels": 20}
OPTIMIZER = {"name": "adam", "warmup_steps": 20, "final_fraction": 0.05, "average": 0.98}
WORKS_PER_ARTIST = 4


def from_scratch(images, artists, training, *, steps, seed):
    """Trains by metric learning on some works.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        artists: int `[works]`.
        training: rows of the training works.
        steps: of the training.
        seed: of start, batches and augmentation.

    Returns:
        Function from the name of a version, "as it is" or a key of `PERTURBATIONS`, and rows to
        codes.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    count = int(artists.max()) + 1
    model = StyleMetricLearning(
        StyleEncoder(image_size=images.shape[1], **ENCODER),
        artists=count,
        shift=images.shape[1] // 16,
        seed=seed,
    )
    model.compile(
        optimizer=make_optimizer(steps=steps, learning_rate=2e-3, **OPTIMIZER),
        presumed_optimizer=make_optimizer(steps=steps, learning_rate=2e-2, **OPTIMIZER),
    )
    drawings = Drawings(images[training], artists[training].astype(np.int32), training)
    sizes = {"artists_per_batch": min(count, 8), "works_per_artist": WORKS_PER_ARTIST}
    with tempfile.TemporaryDirectory() as folder:
        fit(model, batches(drawings, seed, sizes), steps=steps, checkpoints=folder)

    def code(version, rows):
        chosen = images[rows]
        return over_images(model.encoder, PERTURBATIONS.get(version, np.asarray)(chosen))

    return code
