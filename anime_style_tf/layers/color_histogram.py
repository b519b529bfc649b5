"""Which colors an image uses, and how much of each: a histogram whose bins are learned."""

import keras
import numpy as np
from keras import ops

from anime_style_tf.image.color import srgb_to_lab


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ColorHistogram(keras.layers.Layer):
    """Share of the pixels that is near each of some learned colors.

    A pixel counts for every bin by `softmax(-sharpness |color - center|^2)`; the shares are the
    means over pixels and their roots are given, in which rare colors count more. Only exact pixels
    are read, on a grid, because the means of neighboring ones are colors that nobody used; a
    coarser one in training, which costs less and serves as augmentation.

    Args:
        bins: number of learned colors; more tell nearer colors apart and cost more.
        grid: at most this many rows and columns of pixels are read.
        thinning: in training each so many-th of these rows and columns; raising it saves time.
        sharpness: at the start, in inverse squared units of normalized Lab; learned for each bin.
        seed: of the colors at the start, uniform in sRGB.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns `[batch, bins]` in [0, 1],
            computed in float32.

    Source: Wang et al. (2016), Learnable Histogram; the roots: Arandjelovic & Zisserman (2012).
        Our addition to the paper's network, see `docs/decisions`.
    """

    def __init__(self, bins=512, *, grid=32, thinning=2, sharpness=400.0, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.bins = bins
        self.grid = grid
        self.thinning = thinning
        self.sharpness = sharpness
        self.seed = seed

    def build(self, input_shape):
        """Creates the colors and their sharpness."""
        del input_shape
        colors = np.random.default_rng(self.seed).uniform(size=(self.bins, 3)).astype("float32")
        centers = ops.convert_to_numpy(srgb_to_lab(colors))
        self.centers = self.add_weight(
            name="centers",
            shape=(self.bins, 3),
            initializer=lambda shape, dtype: ops.convert_to_tensor(centers, dtype),
            autocast=False,
        )
        self.log_sharpness = self.add_weight(
            name="log_sharpness",
            shape=(self.bins,),
            initializer=keras.initializers.Constant(float(np.log(self.sharpness))),
            autocast=False,
        )

    def call(self, lab, training=False):
        """Counts the pixels."""
        thinning = self.thinning if training else 1
        down, right = (-(-side // self.grid) * thinning for side in lab.shape[1:3])
        lab = ops.cast(lab[:, ::down, ::right], "float32")
        pixels = ops.reshape(lab, (-1, 3))
        # -s |x - c|^2 is linear in (x, |x|^2, 1): one product, one pass over pixels x bins.
        squares = ops.sum(ops.square(pixels), axis=-1, keepdims=True)
        pixels = ops.concatenate([pixels, squares, ops.ones_like(squares)], axis=-1)
        sharpness = ops.exp(self.log_sharpness)
        centers = ops.transpose(self.centers)
        norms = ops.sum(ops.square(centers), axis=0)
        linear = ops.concatenate(
            [2.0 * sharpness * centers, ops.stack([-sharpness, -sharpness * norms])], axis=0
        )
        near = ops.softmax(ops.matmul(pixels, linear), axis=-1)
        shares = ops.mean(ops.reshape(near, (-1, lab.shape[1] * lab.shape[2], self.bins)), axis=1)
        return ops.cast(ops.sqrt(shares + 1e-5), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        """Returns `[batch, bins]`."""
        return (input_shape[0], self.bins)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "bins": self.bins,
            "grid": self.grid,
            "thinning": self.thinning,
            "sharpness": self.sharpness,
            "seed": self.seed,
        }
