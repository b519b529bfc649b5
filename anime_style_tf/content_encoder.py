"""What style does not say, by a VAE whose decoder gets the style for free."""

from collections.abc import Mapping, Sequence
from typing import Any

import keras
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.image.checked import check_lab
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.gaussian import GaussianSample
from anime_style_tf.layers.nested_dropout import NestedDropout
from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.trunk import EncoderTrunk
from anime_style_tf.layers.weight_norm import WNDense
from anime_style_tf.losses.dependence import distance_covariance
from anime_style_tf.losses.reconstruction import absolute_error, squared_error
from anime_style_tf.losses.variational import kl_divergence
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.trainer import Trainer

TERMS = ("reconstruction", "kl_divergence")
ERRORS = {"squared": squared_error, "absolute": absolute_error}


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ContentEncoder(keras.Model):
    """Image to the posterior of an ordered content code.

    Args:
        image_size: side of the images, pixels.
        levels: features of each level, from the image to the top.
        blocks: residual blocks of every level, or one number for each level.
        code_size: dimensions of the code before pruning.
        hidden_size: outputs of the fully connected layer between top map and code.
        initial_residue: weight of each residual branch at the start.

    Call arguments:
        lab: `[batch, image_size, image_size, 3]`, normalized Lab. Returns `(mean,
            log_variance)`, each `[batch, code_size]` float32.

    Source: Xiang & Li (2018), section 3: the extra fully connected layer.
    """

    def __init__(
        self,
        *,
        image_size: int = 64,
        levels: Sequence[int] = (32, 64, 128, 256),
        blocks: int | Sequence[int] = 1,
        code_size: int = 64,
        hidden_size: int = 256,
        initial_residue: float = 0.7,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.code_size = code_size
        self.hidden_size = hidden_size
        self.initial_residue = initial_residue
        policy = self.dtype_policy  # A file's own, whatever the one of the program that reads it.
        self.trunk = EncoderTrunk(
            levels, blocks=blocks, initial_residue=initial_residue, name="trunk", dtype=policy
        )
        self.flatten = keras.layers.Flatten(dtype=policy)
        self.hidden = WNDense(hidden_size, affine=True, name="hidden", dtype=policy)
        self.activation = TPReLU(name="activation", dtype=policy)
        # In single precision under a mixed policy too, which would round the code to 8 bits.
        self.head = WNDense(2 * code_size, affine=True, name="head", dtype="float32")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        shape = (None, self.image_size, self.image_size, 3)
        self.trunk.build(shape)
        self.hidden.build(self.flatten.compute_output_shape(self.trunk.compute_output_shape(shape)))
        self.activation.build((None, self.hidden_size))
        self.head.build((None, self.hidden_size))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "code_size": self.code_size,
            "hidden_size": self.hidden_size,
            "initial_residue": self.initial_residue,
        }

    def call(self, lab: Tensor, training: bool = False) -> tuple[Tensor, Tensor]:
        """Encodes images."""
        check_lab(lab, self.image_size)
        del training
        hidden = self.activation(self.hidden(self.flatten(self.trunk(lab))))
        moments = ops.cast(self.head(hidden), "float32")
        return moments[:, : self.code_size], moments[:, self.code_size :]


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ContentVAE(Trainer):
    """Content encoder and decoder, trained with the frozen style code given to the decoder.

    The decoder reads `[pi_m z | zeros | S(x)]`: z is drawn from the posterior first, then the
    suffix beyond a random prefix length is zeroed, then the style code, never masked, is
    appended. The divergence is neither masked nor reweighted.

    One optimizer moves encoder and decoder (the paper: RMSprop).

    Args:
        encoder: `ContentEncoder`.
        decoder: `Decoder` of `content code + style code` dimensions.
        style_encoder: frozen; normalized Lab to `[batch, style code]`.
        divergence_weight: beta; raising it makes codes more alike and images blurrier.
        error: key of `ERRORS`. "absolute" draws sharper edges (our setting); its gradients are
            larger, and so the divergence needs a larger weight.
        perceptual_weight: weight of the distance in `maps`; 0 for none, as the paper. Raising it
            draws lines where the error alone draws the mean of them (our setting).
        maps: `ScaledMaps`, adapted; None where the weight is 0.
        dependence_weight: weight of the `distance_covariance` of code and artist; 0 for none, as
            the paper. Raising it makes a code tell less of its artist, and of the work (our
            setting). It needs batches with several works by one artist.
        keep: q of the nested dropout, see `prefix_law`.
        flip: mirrors images at random.
        seed: whole number; posterior noise, prefix lengths, augmentation.

    Call arguments:
        images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8. Returns reconstructions in
            normalized Lab.

    Source: Xiang & Li (2018), section 3.
    """

    def __init__(
        self,
        encoder: keras.Model,
        decoder: keras.Model,
        style_encoder: keras.Model,
        *,
        divergence_weight: float = 1e-4,
        error: str = "squared",
        perceptual_weight: float = 0.0,
        maps: keras.layers.Layer | None = None,
        dependence_weight: float = 0.0,
        keep: float | None = None,
        flip: bool = True,
        seed: int = 0,
        **kwargs: Any,
    ):
        if error not in ERRORS:
            raise InputError(f"error must be one of {sorted(ERRORS)}, received {error!r}.")
        options = {"perceptual": perceptual_weight, "dependence": dependence_weight}
        names = [*TERMS, *(name for name, weight in options.items() if weight)]
        super().__init__(names, flip=flip, seed=seed, **kwargs)
        self.encoder = encoder
        self.decoder = decoder
        self.style_encoder = style_encoder
        self.style_encoder.trainable = False
        self.divergence_weight = divergence_weight
        self.error = error
        self.perceptual_weight = perceptual_weight
        self.maps = maps
        self.dependence_weight = dependence_weight
        self.keep = keep
        self.sample = GaussianSample(seed=seed + 1, dtype="float32", name="sample")
        self.prefix = NestedDropout(keep=keep, seed=seed + 2, dtype="float32", name="prefix")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        super().build()
        self.prefix.build((None, self.encoder.code_size))

    def optimized(self) -> dict[str, list[keras.Variable]]:
        """Encoder and decoder by one optimizer."""
        # By name: the variables of an encoder read from a file still call themselves trainable.
        variables = [*self.encoder.trainable_variables, *self.decoder.trainable_variables]
        return {"optimizer": variables}

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        """Reconstructs images."""
        return self._reconstruct(srgb_to_lab(images), training=training)[0]

    def prefix_errors(self, lab: Tensor, prefixes: Sequence[int]) -> Tensor:
        """Errors of the reconstructions from prefixes of the posterior's mean.

        Args:
            lab: `[batch, height, width, 3]`, normalized Lab.
            prefixes: numbers of leading content dimensions to keep.

        Returns:
            `[batch, prefixes]`, squared error of each image in normalized Lab.
        """
        mean, _ = self.encoder(lab)
        style = ops.cast(self.style_encoder(lab), "float32")
        place = ops.arange(self.encoder.code_size)

        def error(length):
            code = mean * ops.cast(place < length, "float32")
            image = self.decoder(ops.concatenate([code, style], axis=-1))
            return squared_error(lab, image)

        # Mapped, not unrolled: one copy of the decoder in the graph serves every length.
        errors = ops.map(error, ops.convert_to_tensor(prefixes, "int32"))
        return ops.transpose(errors)

    def terms(self, batch: Mapping[str, Tensor], training: bool = False) -> dict[str, Tensor]:
        """Weighted loss terms of a batch with `image`; their sum is the loss.

        With a `dependence_weight` it needs `artist` as well.
        """
        lab = self.lab(batch["image"], training=training)
        reconstruction, code, mean, log_variance = self._reconstruct(lab, training=training)
        terms = {
            "reconstruction": ops.mean(ERRORS[self.error](lab, reconstruction)),
            "kl_divergence": self.divergence_weight * ops.mean(kl_divergence(mean, log_variance)),
        }
        if self.perceptual_weight:
            distance = self.maps.distance(lab, reconstruction)
            terms["perceptual"] = self.perceptual_weight * ops.mean(distance)
        if self.dependence_weight:
            # Of the code with its noise: means alone, near zero at first, would not grow.
            told = distance_covariance(code, batch["artist"])
            terms["dependence"] = self.dependence_weight * told
        return terms

    def _reconstruct(self, lab, *, training):
        mean, log_variance = self.encoder(lab, training=training)
        code = self.sample(mean, log_variance, training=training)
        prefix = self.prefix(code, training=training)
        style = ops.stop_gradient(ops.cast(self.style_encoder(lab), "float32"))
        image = self.decoder(ops.concatenate([prefix, style], axis=-1), training=training)
        return image, code, mean, log_variance
