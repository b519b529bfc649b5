"""Nested dropout: the law of prefix lengths and a layer that keeps a random prefix."""

import keras
import numpy as np
from keras import ops


def prefix_law(code_size, *, keep=None):
    """Probability of each prefix length, `P(length >= d) = keep^(d-1)`.

    Args:
        code_size: D, number of dimensions.
        keep: q, probability that a prefix goes on, in [0, 1]; higher trains longer prefixes more
            often. Default `1 - 2 / D` (our setting), under which the full code comes with about
            probability e^-2.

    Returns:
        `[D]` float64, sums to 1: `w_d = q^(d-1) (1 - q)` for d < D and `w_D = q^(D-1)`.

    Raises:
        ValueError: if `keep` is outside [0, 1].

    Source: Rippel et al. (2014), nested dropout; convention of the paper's first author.
    """
    if keep is None:
        keep = max(0.0, 1.0 - 2.0 / code_size)
    if not 0.0 <= keep <= 1.0:
        raise ValueError(f"keep is a probability in [0, 1], received {keep}.")
    survival = np.power(float(keep), np.arange(code_size))
    return survival - np.append(survival[1:], 0.0)


@keras.saving.register_keras_serializable(package="anime_style_tf")
class NestedDropout(keras.layers.Layer):
    """Zeroes the suffix of each code beyond a random prefix length; only when training.

    Args:
        keep: see `prefix_law`.
        seed: whole number; the stream of prefix lengths.

    Call arguments:
        codes: `[batch, code]`.
        training: True draws one prefix length per code; False returns the codes unchanged.

    Source: Xiang & Li (2018), section 3; Rippel et al. (2014).
    """

    def __init__(self, *, keep=None, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.keep = keep
        self.seed = seed
        self.seed_generator = keras.random.SeedGenerator(seed)

    def build(self, input_shape):
        """Fixes the prefix law for the code's size."""
        self._law = prefix_law(input_shape[-1], keep=self.keep)

    def call(self, codes, training=False):
        """Applies the mask."""
        if not training:
            return codes
        size = codes.shape[-1]
        logits = ops.convert_to_tensor(np.log(np.maximum(self._law, 1e-30)), "float32")
        index = keras.random.categorical(
            logits[None, :], ops.shape(codes)[0], seed=self.seed_generator
        )[0]
        kept = ops.arange(size)[None, :] <= ops.cast(index, "int32")[:, None]
        return codes * ops.cast(kept, codes.dtype)

    def compute_output_shape(self, input_shape):
        """Returns the input's shape."""
        return input_shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"keep": self.keep, "seed": self.seed}
