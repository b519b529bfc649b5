"""Sampling from a diagonal normal distribution by reparametrization."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="anime_style_tf")
class GaussianSample(keras.layers.Layer):
    """`mean + exp(log_variance / 2) * noise`; the mean when not training.

    Args:
        seed: whole number; the stream of noise.

    Call arguments:
        mean: `[batch, code]`.
        log_variance: `[batch, code]`.
        training: True adds noise. Returns `[batch, code]`.

    Source: Kingma & Welling (2014), section 2.4.
    """

    def __init__(self, *, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, mean, log_variance, training=False):
        """Draws one sample per row."""
        if not training:
            return mean
        noise = keras.random.normal(ops.shape(mean), dtype=mean.dtype, seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_variance) * noise

    def compute_output_shape(self, mean_shape, log_variance_shape):
        """Returns the mean's shape."""
        del log_variance_shape
        return mean_shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"seed": self.seed}
