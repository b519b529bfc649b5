"""Three networks of one structure that look at an image at three scales."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.image.patches import random_patches
from anime_style_tf.image.pyramid import area_downscale
from anime_style_tf.layers.trunk import EncoderTrunk, top_size
from anime_style_tf.layers.weight_norm import WNConv2D
from anime_style_tf.tensors import Tensor
from anime_style_tf.training.sight import Sight


@keras.saving.register_keras_serializable(package="anime_style_tf")
class Discriminator(keras.Model):
    """One member of the consortium: image to a logit, large for artworks.

    Args:
        image_size: side of the images it reads, pixels.
        levels: features of each level, from the image to the top.
        blocks: residual blocks of every level, or one number for each level.
        initial_residue: weight of each residual branch at the start.

    Call arguments:
        lab: `[batch, image_size, image_size, 3]`, normalized Lab. Returns `[batch]` float32.

    Source: Xiang & Li (2018), section 4; head of the first author's code.
    """

    def __init__(self, *, image_size=16, levels=(64, 128), blocks=1, initial_residue=0.7, **kwargs):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.initial_residue = initial_residue
        self.trunk = EncoderTrunk(
            levels,
            blocks=blocks,
            initial_residue=initial_residue,
            name="trunk",
            dtype=self.dtype_policy,
        )
        side = top_size(image_size, self.levels)
        # In single precision under a mixed policy too: the loss reads the logits.
        self.head = WNConv2D(1, side, stride=side, affine=True, name="head", dtype="float32")

    def build(self, input_shape=None):
        """Creates the weights."""
        shape = (None, self.image_size, self.image_size, 3)
        self.trunk.build(shape)
        self.head.build(self.trunk.compute_output_shape(shape))

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "initial_residue": self.initial_residue,
        }

    def call(self, lab, training=False):
        """Judges images."""
        del training
        return ops.cast(ops.reshape(self.head(self.trunk(lab)), (-1,)), "float32")


@keras.saving.register_keras_serializable(package="anime_style_tf")
class DiscriminatorConsortium(keras.Model):
    """Three networks of one structure that judge an image at three scales.

    Each reads s x s pixels: the whole image downscaled to s; random patches of the image
    downscaled half-way; random patches of the original.

    Args:
        image_size: H, side of the images, pixels.
        levels: features of each level of each member.
        blocks: residual blocks of every level, or one number for each level.
        half_patches: patches per image for the second member.
        full_patches: patches per image for the third member.
        patch_size: s, pixels, a divisor of H; None for a quarter of H. Raising it lets the members
            see more at once, and costs more.
        half_factor: the second member sees the image downscaled by this factor, a divisor of H;
            at most H / s.
        initial_residue: weight of each residual branch at the start.
        seed: whole number; positions of the patches.

    Call arguments:
        lab: `[batch, H, H, 3]`, normalized Lab. Returns three vectors of logits: `[batch]`,
            `[batch * half_patches]`, `[batch * full_patches]`.

    Attributes:
        artists: 0, it knows none; as `maps` is None, it has no frozen network.

    Raises:
        InputError: if s or the factor does not fit the image.

    Source: Xiang & Li (2018), section 4; s, scales and numbers of patches are our settings.
    """

    artists = 0
    maps = None

    def __init__(
        self,
        *,
        image_size: int = 64,
        levels: Sequence[int] = (64, 128),
        blocks: int | Sequence[int] = 1,
        half_patches: int = 4,
        full_patches: int = 16,
        patch_size: int | None = None,
        half_factor: int = 2,
        initial_residue: float = 0.7,
        seed: int = 0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.half_patches = half_patches
        self.full_patches = full_patches
        self.initial_residue = initial_residue
        self.seed = seed
        self.patch_size = image_size // 4 if patch_size is None else patch_size
        self.half_factor = half_factor
        self._check_scales()
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.members = [
            Discriminator(
                image_size=self.patch_size,
                levels=levels,
                blocks=blocks,
                initial_residue=initial_residue,
                name=name,
                dtype=self.dtype_policy,
            )
            for name in ("whole", "half", "full")
        ]

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        for member in self.members:
            member.build()

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "half_patches": self.half_patches,
            "full_patches": self.full_patches,
            "patch_size": self.patch_size,
            "half_factor": self.half_factor,
            "initial_residue": self.initial_residue,
            "seed": self.seed,
        }

    def call(self, lab: Tensor, training: bool = False) -> tuple[Tensor, ...]:
        """Judges images at three scales."""
        whole, half, full = self.members
        cut = {"size": self.patch_size, "seed_generator": self.seed_generator}
        halved = area_downscale(lab, self.half_factor)
        return (
            whole(area_downscale(lab, self.image_size // self.patch_size), training=training),
            half(random_patches(halved, count=self.half_patches, **cut), training=training),
            full(random_patches(lab, count=self.full_patches, **cut), training=training),
        )

    def sights(self, *sets: Tensor) -> list[Sight]:
        """What is seen of sets of images: the logits already, since it asks for no artist.

        Args:
            *sets: `[batch, H, H, 3]` each, normalized Lab.

        Returns:
            A `Sight` of each.
        """
        return [Sight(self(each, training=True), maps=None) for each in sets]

    def verdict(self, evidence: Any, artists: Tensor | None = None) -> Sequence[Tensor]:
        """Logits, see the class, whoever the images are said to be by."""
        del artists
        return evidence

    def _check_scales(self):
        size, patch, factor = self.image_size, self.patch_size, self.half_factor
        if patch < 1 or size % patch:
            raise InputError(f"patch_size must divide the image's {size} pixels, received {patch}.")
        if factor < 1 or size % factor or size // factor < patch:
            raise InputError(
                f"half_factor must divide the image's {size} pixels and leave at least the "
                f"{patch} of a patch, received {factor}."
            )
