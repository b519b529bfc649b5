"""Fills made even, lines left alone: a filter over neighbors of nearly the same color."""

import keras
from keras import ops

from anime_style_tf.image.color import LAB_SCALE
from anime_style_tf.tensors import Tensor


@keras.saving.register_keras_serializable(package="anime_style_tf")
class EdgeAvoidingFilter(keras.layers.Layer):
    """Evens out what differs by less than an edge does.

    Convolutions draw a fill with a mottle of a few levels that an illustration's fills do not have.
    A pass puts at each pixel the mean of itself and its 8 neighbors in some distance, weighted by
    `max(0, 1 - (color distance / reach)^2)`, so that colors farther than the reach do not mix.
    Distances fall from an eighth of the side (a power of two) to 1 pixel, by halves, then again.

    Args:
        reach: color distance (CIE 1976) at which the weight becomes 0, above 0.
        rounds: how often the distances are gone through.

    Call arguments:
        lab: `[batch, height, width, 3]`, normalized Lab. Returns the same shape, float32.

    Source: Dammertz et al. (2010), "Edge-Avoiding A-Trous Wavelet Transform for fast Global
        Illumination Filtering", with the kernel of Epanechnikov, which lets nothing across an edge;
        not in Xiang & Li (2018).
    """

    def __init__(self, reach: float = 8.0, *, rounds: int = 3, **kwargs: object):
        # What it is for are differences that bfloat16 rounds away.
        super().__init__(**{"dtype": "float32"} | kwargs)
        self.reach = reach
        self.rounds = rounds

    def compute_output_shape(self, input_shape: tuple) -> tuple:
        """Returns the input's shape."""
        return input_shape

    def get_config(self) -> dict[str, object]:
        """Returns the constructor arguments."""
        return super().get_config() | {"reach": self.reach, "rounds": self.rounds}

    def call(self, lab: Tensor) -> Tensor:
        """Filters images."""
        # Channels first, so that one weight serves all three without a copy.
        scale = ops.convert_to_tensor(LAB_SCALE, "float32")[:, None, None, None] / self.reach
        maps = ops.transpose(ops.cast(lab, "float32"), (3, 0, 1, 2)) * scale
        side = min(maps.shape[2:])
        steps = [1 << power for power in reversed(range(max(1, (side // 8).bit_length())))]
        for step in steps * self.rounds:
            maps = _pass(maps, step)
        return ops.transpose(maps / scale, (1, 2, 3, 0))


def _pass(maps, step):
    """One pass over `[3, batch, height, width]` in units of the reach."""
    height, width = maps.shape[2:]
    moved, weights = 0.0, 1.0
    for down, right in ((0, step), (step, 0), (step, step), (step, -step)):
        # Each pair of neighbors once: what draws one to the other draws the other back.
        ahead, back = max(right, 0), max(-right, 0)
        first = maps[:, :, : height - down, back : width - ahead]
        other = maps[:, :, down:, ahead : width - back]
        difference = other - first
        weight = ops.relu(1.0 - ops.sum(ops.square(difference), axis=0, keepdims=True))
        pull = weight * difference
        here = ((0, 0), (0, 0), (0, down), (back, ahead))
        there = ((0, 0), (0, 0), (down, 0), (ahead, back))
        moved = moved + ops.pad(pull, here) - ops.pad(pull, there)
        weights = weights + ops.pad(weight, here) + ops.pad(weight, there)
    return maps + moved / weights
