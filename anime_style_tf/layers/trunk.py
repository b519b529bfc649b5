"""The residual networks between an image and its top feature map."""

import keras
import numpy as np
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.layers.residual import DecoderBlock, EncoderBlock, Modulation
from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.weight_norm import WNConv2D


def top_size(image_size, levels):
    """Side of the top feature map, in pixels.

    Args:
        image_size: side of the image, pixels.
        levels: features of each level, from the image to the top; each level halves the side.

    Returns:
        `image_size / 2 ** len(levels)`.

    Raises:
        InputError: if the image cannot be halved that often.
    """
    factor = 2 ** len(levels)
    if not levels or image_size % factor:
        raise InputError(
            f"An image of {image_size} pixels cannot be halved {len(levels)} times, once for each "
            f"level; use sides divisible by {factor}, or fewer levels."
        )
    return image_size // factor


def blocks_of_levels(blocks, levels):
    """How many residual blocks each level has.

    Args:
        blocks: one number for all levels, or one for each, from the image to the top.
        levels: features of each level.

    Returns:
        Tuple of whole numbers >= 1, as long as `levels`.

    Raises:
        InputError: if there are not as many numbers as levels, or one is not a whole number >= 1.
    """
    each = (blocks,) * len(levels) if np.ndim(blocks) == 0 else tuple(blocks)
    whole = all(isinstance(count, int) and count >= 1 for count in each)
    if len(each) != len(levels) or not whole:
        raise InputError(
            f"blocks must be a whole number >= 1, or one for each of the {len(levels)} levels, "
            f"received {blocks!r}."
        )
    return each


@keras.saving.register_keras_serializable(package="anime_style_tf")
class EncoderTrunk(keras.layers.Layer):
    """Image to top feature map: a first convolution of stride 2, then levels of blocks.

    The first block of each level but the first has stride 2 (there the convolution has halved the
    image already); no pooling follows the first convolution.

    Args:
        levels: features of each level, from the image to the top.
        blocks: residual blocks of every level, or one number for each level.
        initial_residue: weight of each residual branch at the start.

    Call arguments:
        images: `[batch, height, width, channels]`. Returns
            `[batch, height / 2^n, width / 2^n, levels[-1]]` for n levels.

    Source: Xiang & Li (2018), section 4; blocks of Xiang & Li (2017).
    """

    def __init__(self, levels=(32, 64, 128, 256), *, blocks=1, initial_residue=0.0, **kwargs):
        super().__init__(**kwargs)
        self.levels = tuple(levels)
        self.blocks = blocks
        self.depths = blocks_of_levels(blocks, self.levels)
        self.initial_residue = initial_residue
        policy = self.dtype_policy
        self.first = WNConv2D(self.levels[0], 4, stride=2, name="first", dtype=policy)
        self.activation = TPReLU(name="activation", dtype=policy)
        self.stack = [
            EncoderBlock(
                units,
                stride=2 if index == 0 and level > 0 else 1,
                initial_residue=initial_residue,
                name=f"level_{level}_block_{index}",
                dtype=policy,
            )
            for level, units in enumerate(self.levels)
            for index in range(self.depths[level])
        ]

    def build(self, input_shape):
        """Builds every block."""
        top_size(input_shape[1], self.levels)
        self.first.build(input_shape)
        shape = self.first.compute_output_shape(input_shape)
        self.activation.build(shape)
        for block in self.stack:
            block.build(shape)
            shape = block.compute_output_shape(shape)

    def call(self, images):
        """Applies the trunk."""
        return self.maps(images)[-1]

    def maps(self, images):
        """The last map of every level, from the image to the top."""
        features = self.activation(self.first(images))
        maps, blocks = [], iter(self.stack)
        for depth in self.depths:
            for block in (next(blocks) for _ in range(depth)):
                features = block(features)
            maps.append(features)
        return maps

    def map_shapes(self, input_shape):
        """The shapes of `maps`."""
        batch, height, width, _ = input_shape
        return [
            (batch, height >> level, width >> level, units)
            for level, units in enumerate(self.levels, start=1)
        ]

    def compute_output_shape(self, input_shape):
        """Returns the shape of the top map."""
        return self.map_shapes(input_shape)[-1]

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "levels": self.levels,
            "blocks": self.blocks,
            "initial_residue": self.initial_residue,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class DecoderTrunk(keras.layers.Layer):
    """Top feature map to normalized Lab: levels of blocks, the last of each doubling the map.

    Args:
        levels: features of each level, from the image to the top (the encoder's order).
        blocks: residual blocks of every level, or one number for each level.
        initial_residue: weight of each residual branch at the start.
        keep_width: the residual branches keep their inputs' channels, see `DecoderBlock`.
        full_features: channels of one more block at the image's own resolution, without which the
            last layer is the one that doubles the map; 0 for none, as the author's code. Raising
            it draws finer lines and costs much (our setting).
        resized: how the blocks double the map, see `DecoderBlock`.
        modulated: True gives every block a `Modulation` of its input by a code.

    Call arguments:
        features: `[batch, height, width, levels[-1]]`.
        code: `[batch, size]`, only where `modulated`. Returns
            `[batch, height * 2^n, width * 2^n, 3]`, float32 in (-1, 1), normalized Lab.

    Source: Xiang & Li (2018), section 4; blocks of Xiang & Li (2017); ends in tanh.
    """

    def __init__(
        self,
        levels=(32, 64, 128, 256),
        *,
        blocks=1,
        initial_residue=0.0,
        keep_width=False,
        full_features=0,
        resized=False,
        modulated=False,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.levels = tuple(levels)
        self.blocks = blocks
        self.depths = blocks_of_levels(blocks, self.levels)
        self.initial_residue = initial_residue
        self.keep_width = keep_width
        self.full_features = full_features
        self.resized = resized
        self.modulated = modulated
        self.stack = []
        for level in reversed(range(len(self.levels))):
            below = (full_features or 3, *self.levels)[level]
            for index in range(self.depths[level]):
                rises = index == self.depths[level] - 1
                self._add_block(
                    below if rises else self.levels[level],
                    stride=2 if rises else 1,
                    final=rises and level == 0 and not full_features,
                    name=f"level_{level}_block_{index}",
                )
        if full_features:
            self._add_block(3, stride=1, final=True, name="full")
        self.modulations = [
            Modulation(name=f"modulation_{index}", dtype=self.dtype_policy)
            for index in range(len(self.stack) if modulated else 0)
        ]

    def _add_block(self, units, **options):
        self.stack.append(
            DecoderBlock(
                units,
                initial_residue=self.initial_residue,
                keep_width=self.keep_width,
                resized=self.resized,
                dtype=self.dtype_policy,
                **options,
            )
        )

    def build(self, features_shape, code_shape=None):
        """Builds every block."""
        shape = features_shape
        for index, block in enumerate(self.stack):
            if self.modulated:
                self.modulations[index].build(shape, code_shape)
            block.build(shape)
            shape = block.compute_output_shape(shape)

    def call(self, features, code=None):
        """Applies the trunk."""
        for index, block in enumerate(self.stack):
            if self.modulated:
                features = self.modulations[index](features, code)
            features = block(features)
        return ops.tanh(ops.cast(features, "float32"))

    def compute_output_shape(self, features_shape, code_shape=None):
        """Returns the shape of the image."""
        del code_shape
        batch, height, width, _ = features_shape
        factor = 2 ** len(self.levels)
        return (batch, height * factor, width * factor, 3)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "levels": self.levels,
            "blocks": self.blocks,
            "initial_residue": self.initial_residue,
            "keep_width": self.keep_width,
            "full_features": self.full_features,
            "resized": self.resized,
            "modulated": self.modulated,
        }
