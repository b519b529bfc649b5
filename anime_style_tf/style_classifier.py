"""The reference for step 1: the style encoder's network, trained to name the artist."""

from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
from keras import ops

from anime_style_tf.layers.nested_dropout import NestedDropout
from anime_style_tf.layers.weight_norm import WNDense
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.trainer import Trainer


@keras.saving.register_keras_serializable(package="anime_style_tf")
class StyleClassifier(Trainer):
    """Encoder, nested dropout by sampled prefix masks, and one linear layer over artists.

    Args:
        encoder: model from normalized Lab to `[batch, D]`, as `StyleEncoder`.
        artists: number of artists, A >= 2.
        keep: q of the nested dropout, see `prefix_law`.
        shift: largest random shift of an image, pixels.
        flip: mirrors images at random.
        blur: largest standard deviation of a blur of half of the images, pixels (our setting).
        seed: whole number; augmentation and prefix lengths.

    Call arguments:
        images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8. Returns `[batch,
            artists]`, logits.

    Source: Xiang & Li (2018), section 3, the comparison of figure 1.
    """

    def __init__(
        self,
        encoder: keras.Model,
        *,
        artists: int = 2,
        keep: float | None = None,
        shift: int = 4,
        flip: bool = True,
        blur: float = 0.0,
        seed: int = 0,
        **kwargs: Any,
    ):
        super().__init__(("cross_entropy",), shift=shift, flip=flip, blur=blur, seed=seed, **kwargs)
        self.encoder = encoder
        self.artists = artists
        self.keep = keep
        self.prefix = NestedDropout(keep=keep, seed=seed + 1, dtype="float32", name="prefix")
        self.logits = WNDense(artists, affine=True, name="logits", dtype="float32")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        super().build()
        shape = (None, self.encoder.code_size)
        self.prefix.build(shape)
        self.logits.build(shape)

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        """Names artists."""
        codes = self.encoder(self.lab(images, training=training), training=training)
        return self.logits(self.prefix(codes, training=training))

    def terms(self, batch: Mapping[str, Tensor], training: bool = False) -> dict[str, Tensor]:
        """The cross-entropy of a batch with `image` and `artist`, in nats."""
        logits = self(batch["image"], training=training)
        losses = keras.losses.sparse_categorical_crossentropy(
            batch["artist"], logits, from_logits=True
        )
        return {"cross_entropy": ops.mean(losses)}

    def linear(self) -> tuple[np.ndarray, np.ndarray]:
        """The effective linear layer, `logits = codes @ kernel + bias`.

        Returns:
            `(kernel [D, artists], bias [artists])`, NumPy.
        """
        kernel = ops.convert_to_numpy(self.logits.effective_kernel())
        return kernel, ops.convert_to_numpy(self.logits.beta)
