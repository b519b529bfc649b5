"""Separable pictures: each artist paints squares in a color of its own."""

import numpy as np
import tensorflow as tf

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.style_encoder import StyleEncoder

SIZE = 16
COLORS = np.array([[220, 40, 40], [40, 200, 60], [50, 60, 220], [230, 210, 60]])
NETWORK = {"image_size": SIZE, "levels": (6, 8)}
STYLE, CONTENT, FREE = 2, 3, 4


def squares(works, seed=0):
    """`works` per artist: uint8 images with a square somewhere, and their artists."""
    rng = np.random.default_rng(seed)
    artists = np.tile(np.arange(len(COLORS)), works)
    images = np.full((len(artists), SIZE, SIZE, 3), 128)
    for image, artist in zip(images, artists, strict=True):
        top, left = rng.integers(0, SIZE // 2, 2)
        side = rng.integers(5, SIZE // 2 + 1)
        image[top : top + side, left : left + side] = COLORS[artist]
    images = np.clip(images + rng.integers(-15, 16, images.shape), 0, 255)
    return {"image": images.astype("uint8"), "artist": artists.astype("int32")}


def dataset(works, batch_size=16, seed=0):
    return tf.data.Dataset.from_tensor_slices(squares(works, seed)).batch(batch_size)


def style_encoder(code_size=4):
    return StyleEncoder(**NETWORK, code_size=code_size)


def pruned_style():
    return PrunedEncoder(style_encoder(), code_size=STYLE)


def content_encoder(code_size=5):
    return ContentEncoder(**NETWORK, code_size=code_size, hidden_size=8)


def pruned_content():
    return PrunedEncoder(content_encoder(), code_size=CONTENT)


def decoder(code_size):
    return Decoder(**NETWORK, code_size=code_size, hidden_size=8)


def copies(model):
    return [np.array(weight) for weight in model.get_weights()]


def same(before, model):
    return [np.array_equal(a, b) for a, b in zip(before, copies(model), strict=True)]
