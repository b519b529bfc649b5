"""Untrained networks of a few thousand weights, with the shapes of the real ones."""

import keras
import numpy as np

from anime_style_tf import attribution
from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.serving.known_artists import KnownArtists
from anime_style_tf.serving.nearest_works import NearestWorks
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.style_encoder import StyleEncoder

SIZE, STYLE, CONTENT, FREE = 16, 2, 3, 4
ARTISTS, WORKS = ("Ann", "Bo", "新人"), 15


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
    return Portraits(**tiny_networks(seed), image_size=SIZE, **tiny_answers())


def tiny_answers():
    chance = np.random.default_rng(8)
    means = chance.normal(size=(3, STYLE)) * 2

    def works(count):
        labels = np.repeat(range(3), count)
        return means[labels] + chance.normal(size=(len(labels), STYLE)), labels

    codes, labels = works(WORKS // 3)
    model = attribution.fit(ARTISTS, codes, labels, *works(4)).calibrate(*works(4))
    identities = [f"work {number}" for number in range(WORKS)]
    return {
        "works": NearestWorks(codes, identities, [ARTISTS[label] for label in labels]),
        "artists": KnownArtists(model.names, attribution.answering_arrays(model)),
    }
