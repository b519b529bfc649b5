"""Untrained networks of a few thousand weights, with the shapes of the real ones."""

import keras
import numpy as np

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.style_encoder import StyleEncoder

SIZE, STYLE, CONTENT, FREE = 16, 2, 3, 4


def tiny_networks(seed=3):
    keras.utils.set_random_seed(seed)
    shape = {"image_size": SIZE, "levels": (4, 8)}
    encoders = {
        "style_encoder": PrunedEncoder(StyleEncoder(**shape, code_size=4), code_size=STYLE),
        "content_encoder": PrunedEncoder(
            ContentEncoder(**shape, code_size=5, hidden_size=8), code_size=CONTENT
        ),
    }
    generator = np.random.default_rng(seed)
    for encoder in encoders.values():
        encoder.build((None, SIZE, SIZE, 3))
        encoder.standardize(generator.normal(size=(20, encoder.code_size)))
    return encoders | {
        "generator": Decoder(**shape, code_size=STYLE + CONTENT + FREE, hidden_size=0)
    }


def tiny_portraits(seed=3):
    return Portraits(**tiny_networks(seed), image_size=SIZE)
