"""A small classifier that names the artist from a code."""

import keras

from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.weight_norm import WNDense


@keras.saving.register_keras_serializable(package="anime_style_tf")
class CodeReader(keras.layers.Layer):
    """Two hidden layers and a logit for each artist.

    Args:
        artists: number of artists, >= 2.
        hidden_size: outputs of each hidden layer; raising it finds more in the code.

    Call arguments:
        codes: `[batch, code]`. Returns `[batch, artists]` float32, logits.

    Source: our setting.
    """

    def __init__(self, artists, *, hidden_size=256, **kwargs):
        # Under a mixed policy the codes would be rounded to 8 bits.
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.artists = artists
        self.hidden_size = hidden_size
        policy = self.dtype_policy
        self.hidden = [
            (
                WNDense(hidden_size, affine=True, name=name, dtype=policy),
                TPReLU(name=f"{name}_activation", dtype=policy),
            )
            for name in ("first", "second")
        ]
        self.logits = WNDense(artists, affine=True, name="logits", dtype=policy)

    def build(self, input_shape):
        """Creates the weights."""
        shape = input_shape
        for dense, activation in self.hidden:
            dense.build(shape)
            shape = (*shape[:-1], self.hidden_size)
            activation.build(shape)
        self.logits.build(shape)

    def call(self, codes):
        """Names artists."""
        for dense, activation in self.hidden:
            codes = activation(dense(codes))
        return self.logits(codes)

    def compute_output_shape(self, input_shape):
        """Returns the shape of the logits."""
        return (*input_shape[:-1], self.artists)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"artists": self.artists, "hidden_size": self.hidden_size}
