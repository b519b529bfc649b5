"""The linear code of frozen maps and colors on the emoji: what small collections start from."""

import math
import time

import keras

from anime_style_tf.stages.linear_start import start_from_images
from anime_style_tf.style_encoder import StyleEncoder
from benchmarks.style_emoji_scores import scores

CLOSED_FORM = "closed_form"
# As `configs/collection.py`, but that artists need not survive changes of the file, as no rival's
# do here, and with larger maps, chosen by validation; of eight artists seven directions differ.
LINEAR = {
    "levels": (), "code_size": 7, "color_levels": 16, "pretrained": "lite0",
    "pretrained_resolution": 192, "changes": 0,
}  # fmt: skip


def closed_form(training, held_out, settings, *, seed, cores):
    """Makes the code of all training drawings and measures it.

    Args:
        training: `Drawings`.
        held_out: `Drawings`.
        settings: of `StyleEncoder`, and `changes` of `start_from_images`.
        seed: of the changes that drawings undergo.
        cores: by which processor seconds become minutes.

    Returns:
        Dictionary as a row of `style_emoji.train`: `minutes` are those that it
            took, rounded up.
    """
    keras.utils.clear_session()
    started = time.process_time()
    of_encoder = dict(settings)
    changes = of_encoder.pop("changes")
    encoder = StyleEncoder(**of_encoder)
    encoder.build()
    start_from_images(encoder, training.images, training.artists, seed=seed, changes=changes)
    seconds = time.process_time() - started
    row = {"step": 0, "seconds": seconds, "minutes": math.ceil(seconds / (60 * cores))}
    return row | scores(encoder, training, held_out)
