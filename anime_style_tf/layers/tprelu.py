"""Translated parametric rectifier."""

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="anime_style_tf")
class TPReLU(keras.layers.Layer):
    """`x` where `x >= alpha`, else `a (x - alpha) + alpha`; alpha and a learned per channel.

    The slope a is clipped to [0, 1] in the forward pass.

    Args:
        initial_slope: a at the start.

    Call arguments:
        inputs: `[batch, ..., channels]`. Returns the same shape.

    Source: Xiang & Li (2017), translated PReLU; start values after the first author's code.
    """

    def __init__(self, initial_slope=0.25, **kwargs):
        super().__init__(**kwargs)
        self.initial_slope = initial_slope

    def build(self, input_shape):
        """Creates alpha and a, one per channel."""
        shape = (input_shape[-1],)
        self.alpha = self.add_weight(name="alpha", shape=shape, initializer="zeros")
        self.slope = self.add_weight(
            name="slope",
            shape=shape,
            initializer=keras.initializers.Constant(self.initial_slope),
        )

    def call(self, inputs):
        """Applies the rectifier."""
        # The identity plus what lies below alpha, whose gradient is one pass over the map; that of
        # a maximum of two lines is four.
        slope = ops.clip(self.slope, 0.0, 1.0)
        return inputs + (1.0 - slope) * ops.relu(self.alpha - inputs)

    def compute_output_shape(self, input_shape):
        """Returns the input's shape."""
        return input_shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"initial_slope": self.initial_slope}
