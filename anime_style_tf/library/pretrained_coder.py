"""Codes of pictures without any run: what pretrained maps and a color histogram tell."""

import numpy as np
import tensorflow as tf
from keras import ops

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.pretrained.weights import PUBLISHED, load_published
from anime_style_tf.style_encoder import StyleEncoder

IMAGE_SIZE = 128
_COLOR_LEVELS = 16


class PretrainedCoder:
    """Images to what a style encoder reads before anything is learned from artists.

    The color histogram, then the mean and deviation of the channels of pretrained maps, as they
    are: on drawings by named artists they weigh about the same. A code of a run is some hundred
    times shorter and tells artists better apart.

    Args:
        variant: key of `pretrained.weights.PUBLISHED`.

    Attributes:
        code_size: numbers in a code.
        image_size: height and width in pixels.
        origin: JSON values that name the encoder.

    Raises:
        InputError: the package of the weights is missing.
    """

    def __init__(self, variant="lite0"):
        encoder = StyleEncoder(
            image_size=IMAGE_SIZE, levels=(), color_levels=_COLOR_LEVELS, pretrained=variant
        )
        encoder.build()
        load_published(encoder.frozen)
        self.code_size = encoder.head.kernel.shape[0]
        self.image_size = IMAGE_SIZE
        self.origin = {
            "encoder": f"pretrained {variant}, without training",
            "weights": PUBLISHED[variant].credit(),
            "code_size": self.code_size,
        }
        size = (None, IMAGE_SIZE, IMAGE_SIZE, 3)
        self._encode = tf.function(
            lambda images: ops.concatenate(encoder.parts(srgb_to_lab(images)), axis=-1),
            autograph=False,
            input_signature=[tf.TensorSpec(size, tf.uint8)],
        )

    def __call__(self, images):
        """Encodes images.

        Args:
            images: list of uint8 `[height, width, 3]`, sRGB.

        Returns:
            float32 `[images, code_size]`.
        """
        return self._encode(np.stack(images)).numpy()
