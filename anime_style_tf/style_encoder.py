"""Image to style code, by metric learning over artists with presumed styles."""

import functools
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from anime_style_tf.image.checked import check_lab
from anime_style_tf.image.color import lab_to_srgb
from anime_style_tf.layers.color_histogram import ColorHistogram
from anime_style_tf.layers.efficientnet_lite import EfficientNetLite
from anime_style_tf.layers.moments import ChannelMoments
from anime_style_tf.layers.nested_dropout import prefix_law
from anime_style_tf.layers.trunk import EncoderTrunk
from anime_style_tf.layers.weight_norm import WNDense
from anime_style_tf.losses.metric_learning import pair_terms, presumed_terms
from anime_style_tf.losses.repulsion import chunked, sampled
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.trainer import Trainer

POOLINGS = {
    "moments": ChannelMoments,
    "average": keras.layers.GlobalAveragePooling2D,
    "flatten": keras.layers.Flatten,
}
_QUIET = 0.01
TERMS = ("pair_pull", "pair_push", "presumed_pull", "presumed_push")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class StyleEncoder(keras.Model):
    """Image to ordered style code.

    Args:
        image_size: side of the images, pixels.
        levels: features of each level, from the image to the top; more levels see more context.
            None at all, `()`, leaves the encoder without a trunk of its own: the head alone is
            trained on what the other two parts read.
        blocks: residual blocks of every level, or one number for each level.
        code_size: D, dimensions of the code before pruning.
        pooling: what the head reads: "moments" the mean and deviation of every channel of every
            level, "average" the mean of the top map, "flatten" all of the top map, as the paper.
            The first two generalize better on small data (our setting, `docs/decisions`).
        color_levels: levels of each channel of a color histogram that the head reads beside the
            maps; 0 for none, as the paper (our addition, `docs/decisions`).
        pretrained: variant of a frozen `EfficientNetLite`; the head reads the mean and deviation of
            every channel of its maps beside the rest. None for none, as the paper. For its weights
            see `pretrained.weights.load_published` (our addition, `docs/decisions`).
        pretrained_stages: whose maps are read.
        pretrained_resolution: side in pixels that images have there; raising it costs time.
        initial_residue: weight of each residual branch at the start.

    Call arguments:
        lab: `[batch, image_size, image_size, 3]`, normalized Lab. Returns `[batch, D]` float32.

    Source: Xiang & Li (2018), section 3.
    """

    def __init__(
        self,
        *,
        image_size: int = 64,
        levels: Sequence[int] = (32, 64, 128, 256),
        blocks: int | Sequence[int] = 1,
        code_size: int = 64,
        pooling: str = "average",
        color_levels: int = 0,
        pretrained: str | None = None,
        pretrained_stages: Sequence[int] = (2, 3, 4, 5, 6),
        pretrained_resolution: int | None = 192,
        initial_residue: float = 0.7,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if not (levels or color_levels or pretrained):
            raise ValueError(
                "one of levels, color_levels and pretrained must be set, received none."
            )
        if pooling not in POOLINGS:
            raise ValueError(f"pooling must be one of {sorted(POOLINGS)}, received {pooling!r}.")
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.code_size = code_size
        self.pooling = pooling
        self.color_levels = color_levels
        self.pretrained = pretrained
        self.pretrained_stages = tuple(pretrained_stages)
        self.pretrained_resolution = pretrained_resolution
        self.initial_residue = initial_residue
        policy = self.dtype_policy  # A file's own, whatever the one of the program that reads it.
        self.trunk = self.histogram = self.frozen = None
        if levels:
            self.trunk = EncoderTrunk(
                levels, blocks=blocks, initial_residue=initial_residue, name="trunk", dtype=policy
            )
        if color_levels:
            self.histogram = ColorHistogram(color_levels, name="histogram", dtype=policy)
        if pretrained:
            self.frozen = EfficientNetLite(
                pretrained,
                stages=pretrained_stages,
                resolution=pretrained_resolution,
                name="frozen",
                dtype=policy,
            )
            self.moments = ChannelMoments(name="moments", dtype="float32")
        # In single precision under a mixed policy too: half of it would round the code to 8 bits,
        # and distances between alike works are small differences of codes.
        self.pool = POOLINGS[pooling](name="pool", dtype="float32")
        self.head = WNDense(code_size, affine=True, name="head", dtype="float32")

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        shape = (None, self.image_size, self.image_size, 3)
        features = self.color_levels**3
        if self.trunk is not None:
            self.trunk.build(shape)
            read = self._read(self.trunk.map_shapes(shape))
            features += sum(self.pool.compute_output_shape(each)[-1] for each in read)
        if self.frozen is not None:
            self.frozen.build(shape)
            read = self.frozen.map_shapes(shape)
            features += sum(self.moments.compute_output_shape(each)[-1] for each in read)
        self.head.build((None, features))

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "code_size": self.code_size,
            "pooling": self.pooling,
            "color_levels": self.color_levels,
            "pretrained": self.pretrained,
            "pretrained_stages": self.pretrained_stages,
            "pretrained_resolution": self.pretrained_resolution,
            "initial_residue": self.initial_residue,
        }

    def call(self, lab: Tensor, training: bool = False) -> Tensor:
        """Encodes images."""
        check_lab(lab, self.image_size)
        parts = self.parts(lab, training=training)
        return ops.cast(self.head(ops.concatenate(parts, axis=-1)), "float32")

    def parts(self, lab: Tensor, training: bool = False) -> list[Tensor]:
        """What the head reads: of each map of the trunk, the histogram, of all frozen maps.

        Args:
            lab: as for a call.
            training: thins the histogram's grid.

        Returns:
            List of `[batch, features]`, in the order of the head's inputs.
        """
        parts = []
        if self.trunk is not None:
            parts += [self.pool(features) for features in self._read(self.trunk.maps(lab))]
        if self.histogram is not None:
            parts.append(self.histogram(lab, training=training))
        if self.frozen is not None:
            moments = [self.moments(each) for each in self.frozen.maps(lab_to_srgb(lab))]
            parts.append(ops.concatenate(moments, axis=-1))
        return parts

    def start_from(self, kernel: npt.ArrayLike, bias: npt.ArrayLike) -> None:
        """Gives the head its first directions; those beyond stay as they were drawn, but quiet.

        Args:
            kernel: `[features, directions]` NumPy array, see `training.closed_form`.
            bias: `[directions]` NumPy array.
        """
        count = min(kernel.shape[1], self.code_size)
        start = _QUIET * ops.convert_to_numpy(self.head.effective_kernel())
        start[:, :count] = kernel[:, :count]
        self.head.set_effective(start, np.pad(bias[:count], (0, self.code_size - count)))
        # The code depends on the kernel's direction alone, and one step of an optimizer should not
        # be as long as all of a kernel whose features are many and large.
        lengths = np.linalg.norm(start, axis=0) / np.sqrt(len(start))
        self.head.kernel.assign(start / lengths)

    def _read(self, maps):
        """Which maps are pooled, of every level's or of their shapes."""
        return maps if self.pooling == "moments" else maps[-1:]


@keras.saving.register_keras_serializable(package="anime_style_tf")
class StyleMetricLearning(Trainer):
    """Trains a style encoder together with one presumed style per artist.

    `fit` takes batches of several works of several artists (`Records.artist_batches`). Compile
    it with the network's optimizer and, beside it, the one of the presumed styles and scales,
    whose learning rate is meant to be many times higher.

    Args:
        encoder: `StyleEncoder`.
        artists: number of artists, A >= 2.
        push: weight of the repulsion: "sum" weighs it by A - 1, which reads the formula as a
            sum over the other artists; a number is the weight itself. Raising it spreads artists
            further apart against the pull on works of one artist.
        presumed_weight: weight of the presumed-style term beside the pair term.
        keep: q of the nested dropout, see `prefix_law`.
        sample_prefixes: in training the push from the presumed styles takes one random prefix
            length per work in place of the mean over all: unbiased, noisier, and of small cost
            with tens of thousands of artists (our setting, `benchmarks/objective.py`).
        initial_presumed_deviation: standard deviation of the presumed styles at the start.
        shift: largest random shift of an image, pixels.
        flip: mirrors images at random.
        blur: largest standard deviation of a blur of half of the images, pixels (our setting).
        seed: whole number; augmentation, sampled prefixes and the presumed styles' start.

    Call arguments:
        images: `[batch, height, width, 3]`, sRGB in [0, 1] or uint8. Returns `[batch, D]`.

    Source: Xiang & Li (2018), section 3; `docs/method.md` section 2.
    """

    def __init__(
        self,
        encoder: keras.Model = None,
        *,
        artists: int = 2,
        push: str = "sum",
        presumed_weight: float = 1.0,
        keep: float | None = None,
        sample_prefixes: bool = False,
        initial_presumed_deviation: float = 0.05,
        shift: int = 4,
        flip: bool = True,
        blur: float = 0.0,
        seed: int = 0,
        **kwargs: Any,
    ):
        super().__init__(TERMS, shift=shift, flip=flip, blur=blur, seed=seed, **kwargs)
        if artists < 2:
            raise ValueError(f"Metric learning needs two artists or more, received {artists}.")
        self.encoder = encoder or StyleEncoder()
        self.artists = artists
        self.push = push
        self.push_weight = float(artists - 1) if push == "sum" else float(push)
        self.presumed_weight = presumed_weight
        self.keep = keep
        self.sample_prefixes = sample_prefixes
        self.initial_presumed_deviation = initial_presumed_deviation
        size = self.encoder.code_size
        self.prefix_weights = prefix_law(size, keep=keep).astype(np.float32)
        self.presumed_styles = self.add_weight(
            name="presumed_styles",
            shape=(artists, size),
            initializer=keras.initializers.RandomNormal(
                stddev=initial_presumed_deviation, seed=seed
            ),
            autocast=False,
        )
        self.log_scales = self.add_weight(
            name="log_scales", shape=(size,), initializer="zeros", autocast=False
        )

    def optimized(self) -> dict[str, list[keras.Variable]]:
        """The encoder by one optimizer (the paper: Adam), presumed styles and scales by another."""
        return {
            "optimizer": self.encoder.trainable_variables,
            "presumed_optimizer": [self.presumed_styles, self.log_scales],
        }

    def call(self, images: Tensor, training: bool = False) -> Tensor:
        """Encodes images."""
        return self.encoder(self.lab(images, training=training), training=training)

    def terms(self, batch: Mapping[str, Tensor], training: bool = False) -> dict[str, Tensor]:
        """Weighted loss terms of a batch.

        Args:
            batch: dictionary with `image` and `artist`.
            training: augments the images, samples prefixes if the model does.

        Returns:
            Dictionary of scalars named as `TERMS`; their sum is the loss.
        """
        codes = self(batch["image"], training=training)
        shared = {"prefix_weights": self.prefix_weights, "log_scales": self.log_scales}
        pull, push = pair_terms(codes, batch["artist"], **shared)
        draws = training and self.sample_prefixes
        repulsion = functools.partial(sampled, seed=self.seed_generator) if draws else chunked
        presumed_pull, presumed_push = presumed_terms(
            codes, batch["artist"], self.presumed_styles, repulsion=repulsion, **shared
        )
        values = (
            pull,
            self.push_weight * push,
            self.presumed_weight * presumed_pull,
            self.presumed_weight * self.push_weight * presumed_push,
        )
        return dict(zip(TERMS, values, strict=True))
