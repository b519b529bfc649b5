"""Weight-normalized residual blocks."""

import keras
from keras import ops

from anime_style_tf.layers.tprelu import TPReLU
from anime_style_tf.layers.weight_norm import WNConv2D, WNConv2DTranspose


@keras.saving.register_keras_serializable(package="anime_style_tf")
class WNAdd(keras.layers.Layer):
    """Weight-normalized addition, `(u r + v h) / (sqrt(u^2 + v^2) + 1e-8)` per channel.

    Args:
        initial_residue: u at the start. The author's code has 0, which leaves the residual branch
            without gradient at the first step.
        initial_shortcut: v at the start.

    Call arguments:
        residue: `[batch, height, width, channels]`.
        shortcut: the same shape. Returns the same shape.

    Source: Xiang & Li (2017), weight-normalized residual blocks.
    """

    def __init__(self, initial_residue=0.0, initial_shortcut=1.0, **kwargs):
        super().__init__(**kwargs)
        self.initial_residue = initial_residue
        self.initial_shortcut = initial_shortcut

    def build(self, residue_shape, shortcut_shape):
        """Creates u and v, one per channel."""
        del shortcut_shape
        constant = keras.initializers.Constant
        shape = (residue_shape[-1],)
        self.u = self.add_weight(
            name="u", shape=shape, initializer=constant(self.initial_residue), autocast=False
        )
        self.v = self.add_weight(
            name="v", shape=shape, initializer=constant(self.initial_shortcut), autocast=False
        )

    def call(self, residue, shortcut):
        """Adds the two."""
        norm = ops.sqrt(ops.square(self.u) + ops.square(self.v)) + 1e-8
        u = ops.cast(self.u / norm, self.compute_dtype)
        v = ops.cast(self.v / norm, self.compute_dtype)
        return u * residue + v * shortcut

    def compute_output_shape(self, residue_shape, shortcut_shape):
        """Returns the residue's shape."""
        del shortcut_shape
        return residue_shape

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "initial_residue": self.initial_residue,
            "initial_shortcut": self.initial_shortcut,
        }


class _Block(keras.layers.Layer):
    """What layers that are made while building take over from their block."""

    def _inherited(self):
        return {"dtype": self.dtype_policy, "trainable": self.trainable}


@keras.saving.register_keras_serializable(package="anime_style_tf")
class EncoderBlock(_Block):
    """Residual block that keeps the map's size or halves it.

    Args:
        units: output channels.
        stride: 1 or 2.
        initial_residue: weight of the residual branch at the start, see `WNAdd`.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height / stride, width / stride, units]`.

    Source: Xiang & Li (2017).
    """

    def __init__(self, units, *, stride=1, initial_residue=0.0, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.stride = stride
        self.initial_residue = initial_residue
        self.first = WNConv2D(units, stride + 2, stride=stride, name="first")
        self.between = TPReLU(name="between")
        self.second = WNConv2D(units, 3, name="second")
        self.add = WNAdd(initial_residue, shortcut_weight(initial_residue), name="add")
        self.activation = TPReLU(name="activation")

    def build(self, input_shape):
        """Builds the branches; the projection only where channels differ."""
        batch, height, width, channels = input_shape
        self.first.build(input_shape)
        output_shape = self.compute_output_shape(input_shape)
        for layer in (self.between, self.second, self.activation):
            layer.build(output_shape)
        self.add.build(output_shape, output_shape)
        self._projects = channels != self.units
        if self._projects:
            self.project = WNConv2D(self.units, 1, name="project", **self._inherited())
            pooled = (batch, height // self.stride, width // self.stride, channels)
            self.project.build(pooled)

    def call(self, inputs):
        """Applies the block."""
        residue = self.second(self.between(self.first(inputs)))
        shortcut = inputs
        if self.stride > 1:
            shortcut = ops.average_pool(shortcut, self.stride, strides=self.stride)
        if self._projects:
            shortcut = self.project(shortcut)
        return self.activation(self.add(residue, shortcut))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the output map."""
        return self.first.compute_output_shape(input_shape)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "units": self.units,
            "stride": self.stride,
            "initial_residue": self.initial_residue,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class DecoderBlock(_Block):
    """Residual block that keeps the map's size or doubles it.

    Args:
        units: output channels.
        stride: 1 or 2.
        initial_residue: weight of the residual branch at the start, see `WNAdd`.
        final: True for the last block of a network: a per-channel affine in place of the
            rectifier.

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height * stride, width * stride, units]`.

    Source: Xiang & Li (2017).
    """

    def __init__(self, units, *, stride=1, initial_residue=0.0, final=False, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.stride = stride
        self.initial_residue = initial_residue
        self.final = final
        self.between = TPReLU(name="between")
        self.second = WNConv2DTranspose(units, stride + 2, stride=stride, name="second")
        self.add = WNAdd(initial_residue, shortcut_weight(initial_residue), name="add")
        self.activation = ChannelAffine(name="affine") if final else TPReLU(name="activation")

    def build(self, input_shape):
        """Builds the branches; the projection only where channels differ."""
        channels = input_shape[-1]
        self._projects = channels != self.units
        if self._projects:
            self.project = WNConv2DTranspose(self.units, 1, name="project", **self._inherited())
            self.project.build(input_shape)
        # The residual branch widens to the output only at its second convolution, so that a block
        # that ends in three color channels still works on full features.
        first_units = channels if self.final else self.units
        self.first = WNConv2DTranspose(first_units, 3, name="first", **self._inherited())
        self.first.build(input_shape)
        between_shape = self.first.compute_output_shape(input_shape)
        self.between.build(between_shape)
        self.second.build(between_shape)
        output_shape = self.compute_output_shape(input_shape)
        self.add.build(output_shape, output_shape)
        self.activation.build(output_shape)

    def call(self, inputs):
        """Applies the block."""
        residue = self.second(self.between(self.first(inputs)))
        shortcut = self.project(inputs) if self._projects else inputs
        if self.stride > 1:
            shortcut = ops.repeat(ops.repeat(shortcut, self.stride, 1), self.stride, 2)
        return self.activation(self.add(residue, shortcut))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the output map."""
        return self.second.compute_output_shape(input_shape)

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "units": self.units,
            "stride": self.stride,
            "initial_residue": self.initial_residue,
            "final": self.final,
        }


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
