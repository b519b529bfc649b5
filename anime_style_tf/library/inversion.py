"""Inversion: codes that draw a picture as it is, found by descent from what the encoders say."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.image.pyramid import area_downscale
from anime_style_tf.layers.scaled_maps import map_distance
from anime_style_tf.losses.reconstruction import absolute_error
from anime_style_tf.pretrained.weights import is_installed
from anime_style_tf.training.terms import descend, mean_trackers
from anime_style_tf.workdir import networks

_AT_ONCE = 8  # always so many, so that a picture's codes do not depend on those beside it
_RATE = 0.05  # deviations of a code that one step moves, about
# Codes far from any work draw no portrait: what they are pulled back by, beside a distance of 1.
_PULL = 0.002
_FACTORS = (1, 2, 4)  # by which pictures are downscaled where no frozen network is at hand


class Inversion:
    """Brings codes nearer to the pictures that they are of.

    Style, content and free code move, from the encoders' and zero, down the distance between
    drawing and picture: in the maps of a frozen EfficientNet-Lite0 and by absolute error, or,
    where the package with its weights is not installed, by absolute error at three resolutions.
    The same picture gives the same codes, whatever lies beside it.

    Args:
        trained: `Trained` with a generator.

    Source: Zhu et al. (2016), "Generative Visual Manipulation on the Natural Image Manifold":
        start from an encoder, then descend. Distance, rate and pull: our settings.
    """

    def __init__(self, trained):
        self._trained = trained
        size, side = trained.generator.code_size, trained.records.image_size
        self._maps = networks.published_maps(trained.records) if is_installed("lite0") else None
        self._codes = keras.Variable(np.zeros((_AT_ONCE, size), "float32"))
        self._start = tf.Variable(self._codes.numpy())
        self._target = tf.Variable(np.zeros((_AT_ONCE, side, side, 3), "float32"))
        self._optimizer = keras.optimizers.Adam(_RATE)
        self._optimizer.build([self._codes])
        self._trackers = mean_trackers(("distance", "pull"))
        # Traced once for all pictures.
        self._step = tf.function(
            lambda: descend(
                [[(self._optimizer, [self._codes])]], self._terms, trackers=self._trackers
            ),
            autograph=False,
        )

    def refined(self, images, style, content, *, steps):
        """Codes that draw pictures better than those given.

        Args:
            images: `[pictures, height, width, 3]`, sRGB uint8.
            style: `[pictures, k_S]`, of the encoder.
            content: `[pictures, k_C]`, of the encoder.
            steps: of Adam, whose rate falls to zero; raising it comes nearer and takes longer.

        Returns:
            `(style, content, free [pictures, f])`.
        """
        start = np.concatenate(
            [style, content, np.zeros((len(images), self._trained.free_size))], 1
        )
        starts = range(0, len(images), _AT_ONCE)
        found = [
            self._found(images[i : i + _AT_ONCE], start[i : i + _AT_ONCE], steps) for i in starts
        ]
        sizes = np.cumsum([style.shape[1], content.shape[1]])
        return tuple(np.split(np.concatenate(found), sizes, axis=1))

    def _found(self, images, start, steps):
        rows = np.minimum(np.arange(_AT_ONCE), len(images) - 1)  # the last one fills up
        self._target.assign(srgb_to_lab(images[rows]))
        for variable in self._optimizer.variables:
            variable.assign(ops.zeros_like(variable))
        for variable in (self._codes, self._start):
            variable.assign(start[rows])
        for step in range(steps):
            self._optimizer.learning_rate = _RATE * (1 + math.cos(math.pi * step / steps)) / 2
            self._step()
        return self._codes.numpy()[: len(images)]

    def _terms(self):
        # As in training: fills are evened out when it is drawn.
        drawn = self._trained.generator(self._codes.value, training=True)
        moved = ops.square(self._codes.value - self._start)
        # Sums: each picture goes its own way.
        return [{"distance": ops.sum(self._distance(drawn)), "pull": _PULL * ops.sum(moved)}]

    def _distance(self, drawn):
        if self._maps is not None:
            return map_distance(self._maps(drawn), self._maps(self._target)) + absolute_error(
                drawn, self._target
            )
        scales = [
            absolute_error(area_downscale(drawn, factor), area_downscale(self._target, factor))
            for factor in _FACTORS
        ]
        return sum(scales) / len(scales)
