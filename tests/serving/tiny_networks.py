"""Untrained networks of a few thousand weights, with the shapes of the real ones."""

import keras

from anime_style_tf.serving.portraits import Portraits

SIZE, STYLE, CONTENT, FREE = 16, 2, 3, 4


def tiny_networks(seed=3):
    keras.utils.set_random_seed(seed)
    return {
        "style_encoder": _encoder(STYLE),
        "content_encoder": _encoder(CONTENT),
        "generator": keras.Sequential(
            [
                keras.Input((STYLE + CONTENT + FREE,)),
                keras.layers.Dense(SIZE * SIZE * 3, activation="tanh"),
                keras.layers.Reshape((SIZE, SIZE, 3)),
            ]
        ),
    }


def tiny_portraits(seed=3):
    return Portraits(**tiny_networks(seed), image_size=SIZE, free_size=FREE)


def _encoder(code_size):
    return keras.Sequential(
        [
            keras.Input((SIZE, SIZE, 3)),
            keras.layers.Conv2D(4, 3, strides=2, activation="tanh"),
            keras.layers.Flatten(),
            keras.layers.Dense(code_size),
        ]
    )
