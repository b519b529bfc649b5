"""Code to image: the decoder of step 2 and the generator of step 3."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from anime_style_tf.errors import InputError
from anime_style_tf.layers.edge_avoiding_filter import EdgeAvoidingFilter
from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.trunk import DecoderTrunk, top_size
from anime_style_tf.layers.weight_norm import WNDense
from anime_style_tf.tensors import Tensor


@keras.saving.register_keras_serializable(package="anime_style_tf")
class Decoder(keras.Model):
    """Code to image: fully connected layers, then the decoder trunk.

    The generator of step 3 has the same form, so that it can start from a trained decoder.

    Args:
        code_size: dimensions of the whole input code.
        image_size: side of the images, pixels.
        levels: features of each level, from the image to the top.
        blocks: residual blocks of every level, or one number for each level.
        hidden_size: outputs of the fully connected layer between code and top map; 0 for none.
        initial_residue: weight of each residual branch at the start.
        stem_scale: scale at the start of the layer that makes the top map.
        keep_width: the residual branches keep their inputs' channels up to their last convolution,
            as the author's code; False halves most of them sooner and costs less (our setting).
        full_features: channels of one more block at the image's own resolution; 0 for none.
        resized: doubles maps by convolving doubled pixels, which leaves no grid.
        modulated: the hidden layer scales and shifts the channels of every block's input too,
            zero at the start; it needs a hidden layer (this and the two above are our settings).
        even_fills: color distance (CIE 1976) below which neighboring pixels are evened out by an
            `EdgeAvoidingFilter`, but not while it is trained; 0 for none (our setting).

    Call arguments:
        codes: `[batch, code_size]`. Returns `[batch, image_size, image_size, 3]` float32 in
            (-1, 1), normalized Lab.

    Raises:
        InputError: `modulated` without a hidden layer.

    Source: Xiang & Li (2018), sections 3 and 4; stem of the first author's code.
    """

    def __init__(
        self,
        *,
        code_size: int = 80,
        image_size: int = 64,
        levels: Sequence[int] = (32, 64, 128, 256),
        blocks: int | Sequence[int] = 1,
        hidden_size: int = 256,
        initial_residue: float = 0.7,
        stem_scale: float = 1.0,
        keep_width: bool = False,
        full_features: int = 0,
        resized: bool = False,
        modulated: bool = False,
        even_fills: float = 0.0,
        **kwargs: Any,
    ):
        super().__init__(**kwargs)
        if modulated and not hidden_size:
            raise InputError(
                "modulated: expected a hidden layer that modulates the blocks, received "
                "hidden_size 0: give a hidden_size, or leave modulated out."
            )
        self.code_size = code_size
        self.image_size = image_size
        self.levels = tuple(levels)
        self.blocks = blocks
        self.hidden_size = hidden_size
        self.initial_residue = initial_residue
        self.stem_scale = stem_scale
        self.keep_width = keep_width
        self.full_features = full_features
        self.resized = resized
        self.modulated = modulated
        self.even_fills = even_fills
        side = top_size(image_size, self.levels)
        policy = self.dtype_policy  # A file's own, whatever the one of the program that reads it.
        self.top_shape = (side, side, self.levels[-1])
        if hidden_size:
            self.hidden = WNDense(hidden_size, affine=True, name="hidden", dtype=policy)
            self.hidden_activation = TPReLU(name="hidden_activation", dtype=policy)
        top_features = side * side * self.levels[-1]
        self.stem = WNDense(
            top_features, affine=True, initial_scale=stem_scale, name="stem", dtype=policy
        )
        self.activation = keras.layers.PReLU(
            alpha_initializer=keras.initializers.Constant(0.25), shared_axes=[1, 2], dtype=policy
        )
        self.trunk = DecoderTrunk(
            levels,
            blocks=blocks,
            initial_residue=initial_residue,
            keep_width=keep_width,
            full_features=full_features,
            resized=resized,
            modulated=modulated,
            name="trunk",
            dtype=policy,
        )
        self.filter = EdgeAvoidingFilter(even_fills, name="filter") if even_fills else None

    def build(self, input_shape: Any = None) -> None:
        """Creates the weights."""
        if self.hidden_size:
            self.hidden.build((None, self.code_size))
            self.hidden_activation.build((None, self.hidden_size))
        self.stem.build((None, self.hidden_size or self.code_size))
        self.activation.build((None, *self.top_shape))
        hidden = ((None, self.hidden_size),) if self.modulated else ()
        self.trunk.build((None, *self.top_shape), *hidden)

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return super().get_config() | {
            "code_size": self.code_size,
            "image_size": self.image_size,
            "levels": self.levels,
            "blocks": self.blocks,
            "hidden_size": self.hidden_size,
            "initial_residue": self.initial_residue,
            "stem_scale": self.stem_scale,
            "keep_width": self.keep_width,
            "full_features": self.full_features,
            "resized": self.resized,
            "modulated": self.modulated,
            "even_fills": self.even_fills,
        }

    def call(self, codes: Tensor, training: bool = False) -> Tensor:
        """Decodes codes."""
        hidden = codes
        if self.hidden_size:
            hidden = self.hidden_activation(self.hidden(codes))
        features = self.activation(ops.reshape(self.stem(hidden), (-1, *self.top_shape)))
        lab = self.trunk(features, hidden) if self.modulated else self.trunk(features)
        return lab if training or self.filter is None else self.filter(lab)

    @property
    def first_layer(self) -> keras.layers.Layer:
        """The fully connected layer that reads the code."""
        return self.hidden if self.hidden_size else self.stem


def start_from_decoder(
    generator,
    decoder,
    *,
    style_size,
    content_mean,
    content_deviation,
    content_slope=None,
    free_scale=0.0,
    seed=0,
):
    """Gives a generator the weights of a decoder that reads the same codes in another order.

    The decoder reads `[content, not pruned | style]`, the generator `[style | content | free]`
    with the content pruned and standardized. Only the first layer differs: its rows are reordered,
    the content's scaled by the deviations and its means moved into the bias, the rows of pruned
    dimensions are dropped. The generator then draws exactly what the decoder draws from the pruned
    code, whatever the free code if its rows start at zero, at a free code of zero in any case.

    Args:
        generator: built `Decoder` over `[style | content | free]`.
        decoder: built `Decoder` over `[content | style]`, with the same inner sizes.
        style_size: k_S.
        content_mean: `[k_C]` NumPy, the mean of the pruned content encoder.
        content_deviation: `[k_C]`, its deviation.
        content_slope: `[k_S, k_C]`, of what it took off for the style; None for nothing.
        free_scale: size of the free dimensions' rows, as a share of that of the content's rows
            (root mean square). At 0 the free code begins without effect, and hardly gets one.
        seed: whole number; the free rows.

    Source: our setting (`docs/decisions`); the paper starts the generator at random.
    """
    kernel = ops.convert_to_numpy(decoder.first_layer.effective_kernel())
    bias = ops.convert_to_numpy(decoder.first_layer.beta)
    style = kernel[-style_size:]
    kept = kernel[: len(content_mean)]
    if content_slope is not None:
        style = style + content_slope @ kept  # which gives it back
    content = kept * content_deviation[:, None]
    free_size = generator.code_size - style_size - len(content)
    free = np.random.default_rng(seed).standard_normal((free_size, kernel.shape[1]))
    free *= free_scale * np.sqrt(np.mean(content**2))
    for target, source in zip(_after_first(generator), _after_first(decoder), strict=True):
        target.assign(source)
    generator.first_layer.set_effective(
        np.concatenate([style, content, free]),
        bias + content_mean @ kept,
    )


def _after_first(network):
    """All variables of a decoder but those of its first layer."""
    first = {id(variable) for variable in network.first_layer.variables}
    return [variable for variable in network.variables if id(variable) not in first]
