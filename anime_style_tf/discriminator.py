"""Step 3's judge: three networks of one structure that look at an image at three scales."""

import keras
from keras import ops

from anime_style_tf.image.patches import random_patches
from anime_style_tf.image.pyramid import area_downscale
from anime_style_tf.layers.trunk import EncoderTrunk, top_size
from anime_style_tf.layers.weight_norm import WNConv2D


@keras.saving.register_keras_serializable(package="anime_style_tf")
class Discriminator(keras.Model):
    """One member of the consortium: image to a logit, large for artworks.

    Args:
        image_size: side of the images it reads, pixels.
        levels: features of each level, from the image to the top.
        blocks: residual blocks per level.
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
            levels, blocks=blocks, initial_residue=initial_residue, name="trunk"
        )
        side = top_size(image_size, self.levels)
        self.head = WNConv2D(1, side, stride=side, affine=True, name="head")

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

    Each reads s x s pixels, s a quarter of the image: the whole image downscaled to s; random
    patches of the image downscaled half-way; random patches of the original.

    Args:
        image_size: H, side of the images, pixels.
        levels: features of each level of each member.
        blocks: residual blocks per level.
        half_patches: patches per image for the second member.
        full_patches: patches per image for the third member.
        initial_residue: weight of each residual branch at the start.
        seed: whole number; positions of the patches.

    Call arguments:
        lab: `[batch, H, H, 3]`, normalized Lab. Returns three vectors of logits: `[batch]`,
            `[batch * half_patches]`, `[batch * full_patches]`.

    Source: Xiang & Li (2018), section 4; s, scales and numbers of patches are our settings.
    """

    def __init__(
        self,
        *,
        image_size=64,
        levels=(64, 128),
        blocks=1,
        half_patches=4,
        full_patches=16,
        initial_residue=0.7,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.half_patches = half_patches
        self.full_patches = full_patches
        self.initial_residue = initial_residue
        self.seed = seed
        self.patch_size = image_size // 4
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.members = [
            Discriminator(
                image_size=self.patch_size,
                levels=levels,
                blocks=blocks,
                initial_residue=initial_residue,
                name=name,
            )
            for name in ("whole", "half", "full")
        ]

    def build(self, input_shape=None):
        """Creates the weights."""
        for member in self.members:
            member.build()

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "half_patches": self.half_patches,
            "full_patches": self.full_patches,
            "initial_residue": self.initial_residue,
            "seed": self.seed,
        }

    def call(self, lab, training=False):
        """Judges images at three scales."""
        whole, half, full = self.members
        cut = {"size": self.patch_size, "seed_generator": self.seed_generator}
        halved = area_downscale(lab, 2)
        return (
            whole(area_downscale(lab, 4), training=training),
            half(random_patches(halved, count=self.half_patches, **cut), training=training),
            full(random_patches(lab, count=self.full_patches, **cut), training=training),
        )
