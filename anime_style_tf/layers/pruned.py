"""An encoder reduced to the dimensions that were kept, in standardized units."""

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from anime_style_tf.tensors import Tensor

# Of the variance of a style dimension, which is 1. Along some directions artists hardly differ;
# without it the slope is steep there, and a style between artists shifts the content anywhere.
_RIDGE = 0.01


@keras.saving.register_keras_serializable(package="anime_style_tf")
class PrunedEncoder(keras.Model):
    """The first dimensions of an encoder's code, with zero mean and unit variance.

    Args:
        encoder: model from normalized Lab to `[batch, D]`, or to a pair whose first member is
            that (a posterior's mean; the variance is thrown away).
        code_size: k, dimensions kept.
        style_encoder: pruned S^, of which what it says of the code is taken off; None for nothing.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns `[batch, k]` float32:
            `(pi_k S(x) - mean) / deviation`, of content `(pi_k C(x) - S^(x) slope - mean) /
            deviation`.
        style: `[batch, k_S]`, S^(x) where it is known already; None computes it, if it is needed.

    Source: Xiang & Li (2018), sections 3 and 4: the standardized style code S^; taking the style
        off is our setting.
    """

    def __init__(
        self,
        encoder: keras.Model,
        *,
        code_size: int,
        style_encoder: keras.Model | None = None,
        **kwargs: object,
    ):
        # Under a mixed policy it would round its input, and the codes' distances with it.
        super().__init__(dtype="float32", **kwargs)
        self.encoder = encoder
        self.code_size = code_size
        self.style_encoder = style_encoder
        self.slope = None
        if style_encoder is not None:
            self.slope = self.add_weight(
                name="slope",
                shape=(style_encoder.code_size, code_size),
                initializer="zeros",
                trainable=False,
                autocast=False,
            )
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

    def standardize(self, codes: npt.ArrayLike, styles: npt.ArrayLike | None = None) -> None:
        """Takes mean, deviation and slope from codes of the training works.

        Args:
            codes: `[works, >= k]` NumPy array of the unpruned encoder.
            styles: `[works, k_S]`, their codes of `style_encoder`: the slope is that of a ridge
                regression; None leaves it as it is.
        """
        kept = np.asarray(codes, "float64")[:, : self.code_size]
        if styles is not None:
            styles = np.asarray(styles, "float64")
            from_mean = styles - styles.mean(axis=0)
            scatter = from_mean.T @ from_mean + _RIDGE * len(styles) * np.eye(styles.shape[1])
            slope = np.linalg.solve(scatter, from_mean.T @ kept)
            self.slope.assign(slope)
            kept = kept - styles @ slope
        self.mean.assign(kept.mean(axis=0))
        self.deviation.assign(kept.std(axis=0).clip(min=1e-6))

    def build(self, input_shape: tuple | None = None) -> None:
        """Builds the encoder."""
        if not self.encoder.built:
            self.encoder.build(input_shape)
        if self.style_encoder is not None and not self.style_encoder.built:
            self.style_encoder.build(input_shape)

    def call(self, lab: Tensor, style: Tensor | None = None, training: bool = False) -> Tensor:
        """Encodes images."""
        codes = self.encoder(lab, training=training)
        codes = codes[0] if isinstance(codes, (tuple, list)) else codes
        codes = ops.cast(codes[:, : self.code_size], "float32")
        if self.style_encoder is not None:
            style = self.style_encoder(lab, training=training) if style is None else style
            codes = codes - ops.matmul(style, self.slope)
        return (codes - self.mean) / self.deviation

    def get_config(self) -> dict[str, object]:
        """Returns the constructor arguments."""
        return {
            "name": self.name,
            "encoder": keras.saving.serialize_keras_object(self.encoder),
            "code_size": self.code_size,
            "style_encoder": keras.saving.serialize_keras_object(self.style_encoder),
        }

    @classmethod
    def from_config(cls, config: dict[str, object]) -> "PrunedEncoder":
        """Makes the model, and its encoder, from `get_config`'s values."""
        networks = {
            name: keras.saving.deserialize_keras_object(config.get(name))
            for name in ("encoder", "style_encoder")
        }
        return cls(**networks, name=config["name"], code_size=config["code_size"])
