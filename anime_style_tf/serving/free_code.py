"""The part of the generator's code that is neither style nor content."""

import tensorflow as tf


def free_code(seeds, size):
    """Draws each request's free code from its own seed.

    A row depends on its seed only, not on the batch it comes in, and the generator (Philox) is
    the same on every device.

    Args:
        seeds: `[batch]` int64.
        size: dimensions of the free code.

    Returns:
        `[batch, size]` float32, standard normal.
    """

    def draw(seed):
        pair = tf.stack([seed, tf.zeros_like(seed)])
        return tf.random.stateless_normal([size], pair, alg="philox")

    return tf.map_fn(draw, seeds, fn_output_signature=tf.TensorSpec([size], tf.float32))
