"""Batches of the emoji archive's training drawings."""

import numpy as np
import tensorflow as tf

from anime_style_tf.data.sampling import ArtistSampler


def batches(drawings, seed, sizes):
    """Function from a step to the endless dataset of P artists x K drawings from there."""
    sampler = ArtistSampler(drawings.artists, seed=seed, **sizes)

    def draw(step):
        rows = sampler.batch(int(step))
        return drawings.images[rows], drawings.artists[rows]

    def load_batch(step):
        images, artists = tf.numpy_function(draw, [step], (tf.uint8, tf.int32))
        size = sizes["artists_per_batch"] * sizes["works_per_artist"]
        images = tf.ensure_shape(images, (size, *drawings.images.shape[1:]))
        return {"image": images, "artist": tf.ensure_shape(artists, (size,))}

    return lambda step: (
        tf.data.Dataset.range(step, np.iinfo(np.int64).max).map(load_batch).prefetch(2)
    )
