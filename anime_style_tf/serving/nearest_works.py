"""The works of a run that are nearest in style, inside a TensorFlow graph."""

import numpy as np
import tensorflow as tf

MOST = 20  # works in an answer


class NearestWorks:
    """Finds works by Euclidean distance, as `search.StyleIndex` does, ties in the same order.

    Args:
        codes: `[works, k_S]`, not standardized.
        identities: `[works]` texts.
        artists: `[works]` names.

    Attributes:
        count: works in an answer.
    """

    def __init__(self, codes, identities, artists):
        # Sorted by identity: of equally far ones `top_k` takes the first.
        order = np.argsort(np.asarray(identities, object), kind="stable")
        self.count = min(MOST, len(order))
        self._identities = [identities[row] for row in order]
        self._artists = [artists[row] for row in order]
        # A variable, since a constant would be in the graph's own file, which ends at 2 GiB.
        self._codes = tf.Variable(np.asarray(codes, "float32")[order], trainable=False)

    def __call__(self, codes):
        """Finds the nearest works of each code, nearest first.

        Args:
            codes: float64 `[batch, k_S]`.

        Returns:
            `{"works", "artists", "distances"}`, see `signatures`.
        """
        gallery = tf.cast(self._codes, tf.float64)

        def nearest(code):
            squared = tf.reduce_sum((gallery - code) ** 2, axis=1)
            negative, rows = tf.math.top_k(-squared, self.count)
            return tf.sqrt(-negative), rows

        distances, rows = tf.map_fn(
            nearest,
            codes,
            fn_output_signature=(
                tf.TensorSpec([self.count], tf.float64),
                tf.TensorSpec([self.count], tf.int32),
            ),
        )
        return {
            "works": tf.gather(tf.constant(self._identities), rows),
            "artists": tf.gather(tf.constant(self._artists), rows),
            "distances": tf.cast(distances, tf.float32),
        }
