"""Weight-normalized residual blocks."""

import keras
from keras import ops

from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.weight_norm import WNConv2D, WNConv2DTranspose, WNResizeConv2D


def addition_shares(u, v):
    """What residue and shortcut are multiplied by in weight-normalized addition.

    Args:
        u: `[channels]`, weight of the residue.
        v: `[channels]`, weight of the shortcut.

    Returns:
        `u` and `v` over `sqrt(u^2 + v^2) + 1e-8`, so that the sum of two independent maps of unit
        variance has unit variance.

    Source: Xiang & Li (2017), weight-normalized residual blocks.
    """
    norm = ops.sqrt(ops.square(u) + ops.square(v)) + 1e-8
    return u / norm, v / norm


class _Block(keras.layers.Layer):
    """What both blocks share: arguments, the weights of the addition, the addition."""

    def __init__(self, units, *, stride=1, initial_residue=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.stride = stride
        self.initial_residue = initial_residue
        self.initial_shortcut = shortcut_weight(initial_residue)
        self.between = TPReLU(name="between", dtype=self.dtype_policy)
        self.project = None  # made where channels differ

    def _add_shares(self):
        """Creates u and v, one per output channel."""
        constant, shape = keras.initializers.Constant, (self.units,)
        self.u = self.add_weight(
            name="u", shape=shape, initializer=constant(self.initial_residue), autocast=False
        )
        self.v = self.add_weight(
            name="v", shape=shape, initializer=constant(self.initial_shortcut), autocast=False
        )

    def call(self, inputs):
        """Applies the block."""
        # A strict layer is linear in its kernel: multiplying the kernel in place of the map saves
        # passes over the map, which cost more than the convolution on a CPU.
        u, v = addition_shares(self.u, self.v)
        residue = self.second(self.between(self.first(inputs)), scale=u)
        return self.activation(residue + self._shortcut(inputs, v))

    def _projected(self, inputs, share):
        """The shortcut times its share, through a 1x1 layer where channels differ."""
        if self.project is not None:
            return self.project(inputs, scale=share)
        return inputs * ops.cast(share, self.compute_dtype)

    def _inherited(self):
        """What layers that are made while building take over from the block."""
        return {"dtype": self.dtype_policy, "trainable": self.trainable}

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "units": self.units,
            "stride": self.stride,
            "initial_residue": self.initial_residue,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class EncoderBlock(_Block):
    """Residual block that keeps the map's size or halves it.

    Args:
        units: output channels.
        stride: 1 or 2.
        initial_residue: u at the start, weight of the residual branch. The author's code has 0,
            which leaves the branch without gradient at the first step.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height / stride, width / stride, units]`.

    Source: Xiang & Li (2017).
    """

    def __init__(self, units, **kwargs):
        super().__init__(units, **kwargs)
        policy = self.dtype_policy
        self.first = WNConv2D(
            units, self.stride + 2, stride=self.stride, name="first", dtype=policy
        )
        self.second = WNConv2D(units, 3, name="second", dtype=policy)
        self.activation = TPReLU(name="activation", dtype=policy)

    def build(self, input_shape):
        """Builds the branches; the projection only where channels differ."""
        batch, height, width, channels = input_shape
        self._add_shares()
        self.first.build(input_shape)
        output_shape = self.compute_output_shape(input_shape)
        for layer in (self.between, self.second, self.activation):
            layer.build(output_shape)
        if channels != self.units:
            self.project = WNConv2D(self.units, 1, name="project", **self._inherited())
            pooled = (batch, height // self.stride, width // self.stride, channels)
            self.project.build(pooled)

    def _shortcut(self, inputs, share):
        if self.stride > 1:
            inputs = ops.average_pool(inputs, self.stride, strides=self.stride)
        return self._projected(inputs, share)

    def compute_output_shape(self, input_shape):
        """Returns the shape of the output map."""
        return self.first.compute_output_shape(input_shape)


@keras.saving.register_keras_serializable(package="anime_style_tf")
class DecoderBlock(_Block):
    """Residual block that keeps the map's size or doubles it.

    Args:
        units: output channels.
        stride: 1 or 2.
        initial_residue: u at the start, weight of the residual branch. The author's code has 0,
            which leaves the branch without gradient at the first step.
        final: True for the last block of a network: a per-channel affine in place of the
            rectifier.
        keep_width: True keeps the input's channels up to the last convolution of the residual
            branch, as the author's code; False goes over to the output's at its first, which
            costs less where a block has fewer outputs than inputs (our setting).
        resized: a block of stride 2 doubles the map by `WNResizeConv2D` in place of a free 4x4
            transposed convolution, which leaves a grid (our setting).

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height * stride, width * stride, units]`.

    Source: Xiang & Li (2017).
    """

    def __init__(self, units, *, final=False, keep_width=False, resized=False, **kwargs):
        super().__init__(units, **kwargs)
        self.final = final
        self.keep_width = keep_width
        self.resized = resized
        policy = self.dtype_policy
        if resized and self.stride == 2:
            self.second = WNResizeConv2D(units, name="second", dtype=policy)
        else:
            self.second = WNConv2DTranspose(
                units, self.stride + 2, stride=self.stride, name="second", dtype=policy
            )
        end, name = (ChannelAffine, "affine") if final else (TPReLU, "activation")
        self.activation = end(name=name, dtype=policy)

    def build(self, input_shape):
        """Builds the branches; the projection only where channels differ."""
        channels = input_shape[-1]
        self._add_shares()
        if channels != self.units:
            self.project = WNConv2DTranspose(self.units, 1, name="project", **self._inherited())
            self.project.build(input_shape)
        # A block that ends in three color channels works on full features in any case.
        first_units = channels if self.keep_width or self.final else self.units
        self.first = WNConv2DTranspose(first_units, 3, name="first", **self._inherited())
        self.first.build(input_shape)
        between_shape = self.first.compute_output_shape(input_shape)
        self.between.build(between_shape)
        self.second.build(between_shape)
        self.activation.build(self.compute_output_shape(input_shape))

    def _shortcut(self, inputs, share):
        shortcut = self._projected(inputs, share)
        if self.stride > 1:
            shortcut = ops.repeat(ops.repeat(shortcut, self.stride, 1), self.stride, 2)
        return shortcut

    def compute_output_shape(self, input_shape):
        """Returns the shape of the output map."""
        return self.second.compute_output_shape(input_shape)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "final": self.final,
            "keep_width": self.keep_width,
            "resized": self.resized,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class Modulation(keras.layers.Layer):
    """A map whose channels are scaled and shifted by a code: `x (1 + a) + b`.

    `a` and `b` are linear in the code and zero at the start, so that a network begins as it would
    without.

    Call arguments:
        features: `[batch, height, width, channels]`.
        code: `[batch, size]`. Returns the features' shape.

    Source: Huang & Belongie (2017), Karras et al. (2019): a style per layer; our setting.
    """

    def build(self, features_shape, code_shape):
        """Creates the `[size, 2 channels]` kernel."""
        self.kernel = self.add_weight(
            name="kernel", shape=(code_shape[-1], 2 * features_shape[-1]), initializer="zeros"
        )

    def call(self, features, code):
        """Applies the layer."""
        scale, shift = ops.split(ops.matmul(code, self.kernel)[:, None, None, :], 2, axis=-1)
        return features * (1 + scale) + shift

    def compute_output_shape(self, features_shape, code_shape):
        """Returns the features' shape."""
        del code_shape
        return features_shape


@keras.saving.register_keras_serializable(package="anime_style_tf")
class ChannelAffine(keras.layers.Layer):
    """`gamma x + beta` per channel; gamma starts at 1, beta at 0.

    Call arguments:
        inputs: `[batch, ..., channels]`. Returns the same shape.
    """

    def build(self, input_shape):
        """Creates gamma and beta."""
        shape = (input_shape[-1],)
        self.gamma = self.add_weight(name="gamma", shape=shape, initializer="ones")
        self.beta = self.add_weight(name="beta", shape=shape, initializer="zeros")

    def call(self, inputs):
        """Applies the affine."""
        return inputs * self.gamma + self.beta

    def compute_output_shape(self, input_shape):
        """Returns the input's shape."""
        return input_shape


def shortcut_weight(initial_residue):
    """The shortcut's weight that makes u^2 + v^2 = 1 at the start.

    Args:
        initial_residue: u, in [0, 1).

    Returns:
        v > 0.

    Raises:
        ValueError: if u is not in [0, 1).
    """
    if not 0.0 <= initial_residue < 1.0:
        raise ValueError(f"initial_residue must be in [0, 1), received {initial_residue}.")
    return (1.0 - initial_residue**2) ** 0.5
