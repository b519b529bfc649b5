"""Channel statistics of a feature map: what a drawing has everywhere, not where it has it."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ChannelMoments(keras.layers.Layer):
    """Mean and standard deviation of every channel over positions.

    Args:
        epsilon: added to the variance, so that the root of a constant channel has a gradient.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns `[batch, 2 * channels]`, the means, then
            the deviations, computed in float32.

    Source: Huang & Belongie (2017), adaptive instance normalization: these statistics carry style.
    """

    def __init__(self, epsilon=1e-3, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, inputs):
        """Pools."""
        mean, variance = ops.moments(ops.cast(inputs, "float32"), axes=(1, 2))
        moments = ops.concatenate([mean, ops.sqrt(variance + self.epsilon)], axis=-1)
        return ops.cast(moments, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """Returns `[batch, 2 * channels]`."""
        return (input_shape[0], 2 * input_shape[-1])

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"epsilon": self.epsilon}
