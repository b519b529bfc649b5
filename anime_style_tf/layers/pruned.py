"""An encoder reduced to the dimensions that were kept, in standardized units."""

import keras
import numpy.typing as npt
from keras import ops

from anime_style_tf.tensors import Tensor


@keras.saving.register_keras_serializable(package="anime_style_tf")
class PrunedEncoder(keras.Model):
    """The first dimensions of an encoder's code, with zero mean and unit variance.

    Args:
        encoder: model from normalized Lab to `[batch, D]`, or to a pair whose first member is
            that (a posterior's mean; the variance is thrown away).
        code_size: k, dimensions kept.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns `[batch, k]` float32:
            `(pi_k S(x) - mean) / deviation`.

    Source: Xiang & Li (2018), sections 3 and 4: the standardized style code S^.
    """

    def __init__(self, encoder: keras.Model, *, code_size: int, **kwargs: object):
        # Under a mixed policy it would round its input, and the codes' distances with it.
        super().__init__(dtype="float32", **kwargs)
        self.encoder = encoder
        self.code_size = code_size
        self.mean = self.add_weight(
            name="mean",
            shape=(code_size,),
            initializer="zeros",
            trainable=False,
            autocast=False,
        )
        self.deviation = self.add_weight(
            name="deviation",
            shape=(code_size,),
            initializer="ones",
            trainable=False,
            autocast=False,
        )

    def standardize(self, codes: npt.ArrayLike) -> None:
        """Takes mean and deviation from codes of the training works.

        Args:
            codes: `[works, >= k]` NumPy array of the unpruned encoder.
        """
        kept = codes[:, : self.code_size]
        self.mean.assign(kept.mean(axis=0))
        self.deviation.assign(kept.std(axis=0).clip(min=1e-6))

    def build(self, input_shape: tuple | None = None) -> None:
        """Builds the encoder."""
        if not self.encoder.built:
            self.encoder.build(input_shape)

    def call(self, lab: Tensor, training: bool = False) -> Tensor:
        """Encodes images."""
        codes = self.encoder(lab, training=training)
        codes = codes[0] if isinstance(codes, (tuple, list)) else codes
        codes = ops.cast(codes[:, : self.code_size], "float32")
        return (codes - self.mean) / self.deviation

    def get_config(self) -> dict[str, object]:
        """Returns the constructor arguments."""
        return {
            "name": self.name,
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "code_size": self.code_size,
        }

    @classmethod
    def from_config(cls, config: dict[str, object]) -> "PrunedEncoder":
        """Makes the model, and its encoder, from `get_config`'s values."""
        encoder = keras.saving.deserialize_keras_object(config["encoder"])
        return cls(encoder, name=config["name"], code_size=config["code_size"])
