"""A discriminator that sees through a frozen pretrained network, and knows the artists."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from anime_style_tf.image.augment import style_preserving
from anime_style_tf.layers.scaled_maps import ScaledMaps
from anime_style_tf.layers.weight_norm import WNConv2D
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.sight import Sight


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ProjectedDiscriminator(keras.Model):
    """Small heads on fixed random mixtures of a frozen network's maps, and one on the pixels.

    What it has to learn is little, so it judges well after a few hundred steps and needs few works
    and no penalty. Each map goes through a fixed random 1x1 convolution, then from the deepest up
    through fixed random 3x3 convolutions, each with what lies above it; so no head can go by a few
    channels, and all see what the deep maps know. The pixels' own head sees what the frozen
    network's first convolution, of stride 2, does not.

    Before it judges, `adapt` takes the scale of the maps from works, and
    `pretrained.weights.load_published` fills in `maps.network`.

    Args:
        image_size: side of the images, pixels.
        variant: of the frozen network, see `EfficientNetLite`.
        stages: which of its maps are read; the first has stride 2. More see finer and coarser
            things, and cost more.
        resolution: side in pixels at which the frozen network sees the images; None for their own.
            Doubling it makes the judge sharper and costs four times as much.
        channels: of each mixture.
        features: of each head; raising it makes the judge stronger.
        artists: how many there are to know: a logit then says, too, how well an image fits the
            artist that it is said to be by. 0 for a judge that knows none.
        shift: images are shifted at random by up to this many pixels, works and generated ones
            alike, so that the few works are not learned by heart.
        seed: whole number; mixtures and shifts.

    Call arguments:
        lab: `[batch, H, H, 3]`, normalized Lab.
        artists: int `[batch]`, -1 where the style is nobody's; None for all of them. Returns a
            list of logits `[batch, h, w]` float32, one map for each head, large for artworks.

    Source: Sauer et al. (2021), "Projected GANs Converge Faster"; the artist enters by projection,
        Miyato & Koyama (2018). Heads, sizes and the pixels' head: our settings.
    """

    def __init__(
        self,
        *,
        image_size: int = 64,
        variant: str = "lite0",
        stages: Sequence[int] = (1, 2, 3, 5),
        resolution: int | None = None,
        channels: int = 32,
        features: int = 64,
        artists: int = 0,
        shift: int = 6,
        seed: int = 0,
        **kwargs: Any,
    ):
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.image_size = image_size
        self.variant = variant
        self.stages = tuple(stages)
        self.resolution = resolution
        self.channels = channels
        self.features = features
        self.artists = artists
        self.shift = shift
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.maps = ScaledMaps(variant, stages=stages, resolution=resolution, name="maps")
        names = [*(f"stage_{stage}" for stage in self.stages), "pixels"]
        # In single precision under a mixed policy too: the loss reads the logits.
        self.heads = [
            ProjectedHead(features, artists, name=name, dtype="float32") for name in names
        ]

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights, the fixed mixtures among them."""
        shape = (None, self.image_size, self.image_size, 3)
        self.maps.build(shape)
        shapes = self.maps.compute_output_shape(shape)
        self.mixing = [
            self._fixed(f"mixing_{index}", (1, 1, map_shape[-1], self.channels), index)
            for index, map_shape in enumerate(shapes)
        ]
        self.descent = [
            self._fixed(f"descent_{index}", (3, 3, self.channels, self.channels), 100 + index)
            for index in range(len(shapes) - 1)
        ]
        for head, map_shape in zip(self.heads, [*shapes, shape], strict=True):
            last = self.channels if head is not self.heads[-1] else 3
            head.build((*map_shape[:-1], last))

    def _fixed(self, name, shape, index):
        """A random kernel that stays as it is; it keeps variances."""
        fan_in = shape[0] * shape[1] * shape[2]
        normal = keras.initializers.RandomNormal(stddev=fan_in**-0.5, seed=1000 * self.seed + index)
        return self.add_weight(name=name, shape=shape, initializer=normal, trainable=False)

    def adapt(self, lab: Tensor) -> None:
        """Takes the scale of the frozen maps from works, see `ScaledMaps.adapt`."""
        self.maps.adapt(lab)

    def call(
        self, lab: Tensor, artists: Tensor | None = None, training: bool = False
    ) -> list[Tensor]:
        """Judges images."""
        if training:
            (lab,) = self.shifted(lab)
        return self.verdict(self.evidence(lab, self.maps(lab)), artists)

    def sights(self, *sets: Tensor) -> list[Sight]:
        """What is seen of sets of images in training, those of a row shifted alike to compare.

        Args:
            *sets: `[batch, H, H, 3]` each, normalized Lab.

        Returns:
            A `Sight` of each.
        """
        seen = [(lab, self.maps(lab)) for lab in self.shifted(*sets)]
        return [Sight(self.evidence(lab, maps), maps) for lab, maps in seen]

    def shifted(self, *sets: Tensor) -> list[Tensor]:
        """Shifts images at random; the first of each set alike, the second of each, and so on.

        Args:
            *sets: `[batch, H, H, 3]` each, normalized Lab.

        Returns:
            List of the same shapes.
        """
        beside = style_preserving(
            ops.concatenate(sets, axis=-1),
            shift=self.shift, flip=False, seed_generator=self.seed_generator,
        )  # fmt: skip
        return ops.split(beside, len(sets), axis=-1)

    def evidence(self, lab: Tensor, maps: list[Tensor]) -> list[Tensor]:
        """What the heads see, before they are told whose style it is said to be.

        Args:
            lab: `[batch, H, H, 3]`, normalized Lab.
            maps: the frozen `maps` of these images.

        Returns:
            List of `[batch, h, w, features]`, one for each head.
        """
        seen = [*self._mixtures(maps), lab]
        return [head(each) for head, each in zip(self.heads, seen, strict=True)]

    def verdict(self, evidence: Any, artists: Tensor | None = None) -> list[Tensor]:
        """Logits, see the class.

        Args:
            evidence: of `evidence`.
            artists: int `[batch]`, see the class.
        """
        return [head.logits(each, artists) for head, each in zip(self.heads, evidence, strict=True)]

    def _mixtures(self, maps):
        mixed = [
            ops.conv(each, kernel, padding="same")
            for each, kernel in zip(maps, self.mixing, strict=True)
        ]
        above = mixed[-1]
        mixtures = [above]
        for here, kernel in zip(reversed(mixed[:-1]), reversed(self.descent), strict=True):
            # Of an odd side the smaller map has half a pixel more, which is cut off.
            side = here.shape[1]
            times = -(-side // above.shape[1])
            above = ops.repeat(ops.repeat(above, times, axis=1), times, axis=2)
            above = above[:, :side, :side]
            # The sum of two maps has twice their variance.
            above = 0.5**0.5 * ops.conv(here + above, kernel, padding="same")
            mixtures.insert(0, above)
        return mixtures

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "variant": self.variant,
            "stages": self.stages,
            "resolution": self.resolution,
            "channels": self.channels,
            "features": self.features,
            "artists": self.artists,
            "shift": self.shift,
            "seed": self.seed,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ProjectedHead(keras.layers.Layer):
    """Two convolutions of stride 2 and a logit at each position that is left.

    Args:
        features: of both convolutions.
        artists: see `ProjectedDiscriminator`; their vectors start at zero.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns `[batch, h, w, features]`; `logits`
            makes logits of that.

    Source: our setting; Miyato & Koyama (2018) for the artists.
    """

    def __init__(self, features=64, artists=0, **kwargs):
        super().__init__(**kwargs)
        self.features = features
        self.artists = artists
        policy = self.dtype_policy
        self.convolutions = [
            WNConv2D(features, 4, stride=2, name=name, dtype=policy) for name in ("first", "second")
        ]
        self.logit = WNConv2D(1, 1, affine=True, name="logit", dtype=policy)

    def build(self, input_shape):
        """Creates the weights."""
        shape = input_shape
        for convolution in self.convolutions:
            convolution.build(shape)
            shape = convolution.compute_output_shape(shape)
        self.logit.build(shape)
        if self.artists:
            self.vectors = self.add_weight(
                name="vectors", shape=(self.artists, self.features), initializer="zeros"
            )

    def call(self, inputs):
        """Applies the convolutions."""
        for convolution in self.convolutions:
            inputs = ops.leaky_relu(convolution(inputs), 0.2)
        return inputs

    def logits(self, features, artists=None):
        """Logits `[batch, h, w]` of `[batch, h, w, features]`; an artist of -1 adds nothing."""
        logits = ops.cast(self.logit(features)[..., 0], "float32")
        if artists is None or not self.artists:
            return logits
        # One-hot rows of -1 are zero.
        vectors = ops.matmul(ops.one_hot(artists, self.artists), self.vectors)
        return logits + ops.einsum("bhwc,bc->bhw", features, vectors)

    def compute_output_shape(self, input_shape):
        """Returns the shape of what `call` gives."""
        shape = input_shape
        for convolution in self.convolutions:
            shape = convolution.compute_output_shape(shape)
        return shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"features": self.features, "artists": self.artists}
