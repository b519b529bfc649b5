"""Who may have drawn a work, inside a TensorFlow graph."""

import tensorflow as tf


class KnownArtists:
    """Attributes codes as `attribution.Attribution` does, in float64.

    A calibration work that is asked again is as familiar as itself: rounding decides that tie, and
    with it one step of its p-value.

    Args:
        names: of the artists.
        arrays: what `attribution.answering_arrays` gives.

    Attributes:
        count: how many artists.
    """

    def __init__(self, names, arrays):
        self.count = len(names)
        self._names, self._arrays = list(names), arrays

    def __call__(self, codes):
        """Ranks the artists for each work, the likeliest first.

        Args:
            codes: float64 `[batch, k_S]`, as the style encoder gives them, not standardized.

        Returns:
            `{"artists", "probabilities", "p_value"}`, see `signatures`.
        """
        known, familiarity = self._densities_and_familiarity(codes)
        chances = tf.nn.softmax(known)
        order = tf.argsort(chances, direction="DESCENDING", stable=True)
        familiar = self._arrays["familiar"]
        stranger = tf.searchsorted(tf.constant(familiar), familiarity, side="right")
        p_value = (1 + tf.cast(stranger, tf.float64)) / (1 + len(familiar))
        return {
            "artists": tf.gather(tf.constant(self._names), order),
            "probabilities": tf.cast(tf.gather(chances, order, batch_dims=1), tf.float32),
            "p_value": tf.cast(p_value, tf.float32),
        }

    def _densities_and_familiarity(self, codes):
        # See Attribution.distances, tempered_density, Attribution.familiarity, agreement_odds.
        of = self._arrays
        points = (codes - of["center"]) @ of["basis"]
        squares = points**2 @ of["precisions"] - 2 * points @ of["pulls"] + of["offsets"]
        densities = self._density(tf.maximum(squares, 0), of["log_volumes"])
        known, unseen = densities[:, :-1], densities[:, -1]

        measured = tf.boolean_mask(known, of["measured"], axis=1)
        enrolled = tf.reduce_max(tf.boolean_mask(known, ~of["measured"], axis=1), axis=1)
        best = tf.reduce_max(measured, axis=1)
        nearest = tf.gather(tf.constant(of["means"]), tf.argmax(measured, axis=1))
        apart = tf.reduce_sum((nearest[:, None] - of["means"]) ** 2, axis=2) / 4
        agreement = tf.reduce_sum(tf.nn.softmax(measured) * tf.exp(self._density(apart, 0.0)), 1)
        agreement = tf.minimum(agreement, of["surest"])
        odds = tf.math.log(agreement) - tf.math.log1p(-agreement)
        infinite = tf.fill(tf.shape(best), tf.constant(float("inf"), tf.float64))
        return known, tf.where(enrolled > tf.maximum(best, unseen), infinite, best + odds)

    def _density(self, squares, log_volumes):
        of = self._arrays
        half = (of["tail"] + len(of["center"])) / 2
        return (-half * tf.math.log1p(squares / of["tail"]) - log_volumes) / of["temperature"]
