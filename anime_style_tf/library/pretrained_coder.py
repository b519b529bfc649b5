"""Codes of pictures without any run: what pretrained maps and a color histogram tell."""

from keras import ops

from anime_style_tf.library.embedding import Coder
from anime_style_tf.pretrained.weights import PUBLISHED, load_published
from anime_style_tf.style_encoder import StyleEncoder

IMAGE_SIZE = 128
_COLOR_LEVELS = 16


class PretrainedCoder(Coder):
    """Images to what a style encoder reads before anything is learned from artists.

    The color histogram, then the mean and deviation of the channels of pretrained maps, as they
    are: on drawings by named artists they weigh about the same. A code of a run is some hundred
    times shorter and tells artists better apart.

    Args:
        variant: key of `pretrained.weights.PUBLISHED`.

    Raises:
        InputError: the package of the weights is missing.
    """

    def __init__(self, variant="lite0"):
        encoder = StyleEncoder(
            image_size=IMAGE_SIZE, levels=(), color_levels=_COLOR_LEVELS, pretrained=variant
        )
        encoder.build()
        load_published(encoder.frozen)
        code_size = encoder.head.kernel.shape[0]
        super().__init__(
            lambda lab: ops.concatenate(encoder.parts(lab), axis=-1),
            image_size=IMAGE_SIZE,
            code_size=code_size,
            origin={
                "encoder": f"pretrained {variant}, without training",
                "weights": PUBLISHED[variant].credit(),
                "code_size": code_size,
            },
        )
