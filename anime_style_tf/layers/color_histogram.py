"""Which colors an image uses, and how much of each."""

import keras
from keras import ops

from anime_style_tf.image.color import lab_to_srgb

_EPSILON = 1e-4  # added to the shares; a tenth of one pixel of a grid of 32 x 32


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ColorHistogram(keras.layers.Layer):
    """Roots of the shares of the pixels that have each of `levels^3` colors.

    The colors are all triples of equally spaced sRGB levels. A pixel between them counts in part
    for the eight around it, by trilinear interpolation, so that the shares follow a change of
    color without jumps. Roots, because rare colors tell much: distances are Hellinger distances,
    times `levels^1.5`, which brings the mean square of the values near 1. Only exact pixels are
    read, on a grid, because the means of neighboring ones are colors that nobody used; a coarser
    grid in training, which costs less and serves as augmentation.

    Args:
        levels: of each channel, 2 or more; more tell colors apart that are more alike.
        grid: at most this many rows and columns of pixels are read.
        thinning: in training each so many-th of these rows and columns; raising it saves time.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns `[batch, levels^3]`, red the
            slowest, blue the fastest, in [.01, 1] times `levels^1.5`.

    Source: Swain & Ballard (1991), Color Indexing; the roots: Arandjelovic & Zisserman (2012),
        Three things everyone should know to improve object retrieval. Our addition to the paper's
        network, see `docs/decisions`.
    """

    def __init__(self, levels=16, *, grid=32, thinning=2, **kwargs):
        super().__init__(**kwargs)
        if levels < 2:
            raise ValueError(f"A color histogram needs two levels or more, received {levels}.")
        self.levels = levels
        self.grid = grid
        self.thinning = thinning

    def call(self, lab, training=False):
        """Counts the pixels."""
        thinning = self.thinning if training else 1
        down, right = (-(-side // self.grid) * thinning for side in lab.shape[1:3])
        colors = lab_to_srgb(lab[:, ::down, ::right])
        pixels = colors.shape[1] * colors.shape[2]
        places = ops.reshape(colors, (-1, pixels, 3, 1)) * (self.levels - 1)
        near = ops.relu(1 - ops.abs(places - ops.arange(self.levels, dtype="float32")))
        red, green, blue = ops.unstack(ops.cast(near, self.compute_dtype), axis=2)
        # The sum over pixels of red x (green x blue) is one product of matrices for each image.
        others = ops.expand_dims(green, 3) * ops.expand_dims(blue, 2)
        others = ops.reshape(others, (-1, pixels, self.levels**2))
        counts = ops.cast(ops.matmul(ops.transpose(red, (0, 2, 1)), others), "float32")
        shares = ops.reshape(counts, (-1, self.levels**3)) / pixels
        return ops.cast(ops.sqrt((shares + _EPSILON) * self.levels**3), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """Returns `[batch, levels^3]`."""
        return (input_shape[0], self.levels**3)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "levels": self.levels,
            "grid": self.grid,
            "thinning": self.thinning,
        }
