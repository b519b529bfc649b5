"""Weight-normalized dense, convolution and transposed convolution layers.

*Strict* weight normalization divides by the weights' norm and has neither scale nor bias:
`y = w x / |w|`. *Affine* adds a scale gamma and a bias beta per output; only the last layer of a
network is affine. Source: Xiang & Li (2017), "On the effects of batch and weight normalization in
generative adversarial networks", and the first author's published code.
"""

import keras
import numpy as np
from keras import ops

EPSILON = 1e-8


def normalized_kernel(kernel, *, axes, divisor=1.0):
    """Divides a kernel by its norm, `w / sqrt(sum(w^2) / divisor + 1e-8)`.

    Args:
        kernel: any shape.
        axes: the axes that belong to one output.
        divisor: what the squared sum is divided by: 1, or the number of positions per stride of a
            transposed convolution (stride_height * stride_width), because each output pixel sees
            only that fraction of the kernel.

    Returns:
        The kernel's shape.

    Source: Xiang & Li (2017), strict weight normalization.
    """
    squares = ops.sum(ops.square(kernel), axis=axes, keepdims=True)
    return kernel * ops.rsqrt(squares / divisor + EPSILON)


class _WeightNorm(keras.layers.Layer):
    """What the three layers share: normalized kernel, optional affine."""

    def __init__(self, units, *, affine=False, initial_scale=1.0, **kwargs):
        super().__init__(**kwargs)
        if units < 1:
            raise ValueError(f"A layer needs at least one output, received {units}.")
        self.units = units
        self.affine = affine
        self.initial_scale = initial_scale

    def _add_weights(self, kernel_shape):
        # autocast=False: the norm is taken in float32 under a mixed policy.
        self.kernel = self.add_weight(
            name="kernel",
            shape=kernel_shape,
            initializer=keras.initializers.RandomNormal(stddev=0.05),
            autocast=False,
        )
        if self.affine:
            self.gamma = self.add_weight(
                name="gamma",
                shape=(self.units,),
                initializer=keras.initializers.Constant(self.initial_scale),
            )
            self.beta = self.add_weight(name="beta", shape=(self.units,), initializer="zeros")

    def _kernel(self, axes, divisor=1.0, scale=None):
        """The normalized kernel, its outputs multiplied by `scale`, broadcast over `axes`."""
        kernel = normalized_kernel(self.kernel, axes=axes, divisor=divisor)
        if scale is not None:
            kernel = kernel * ops.cast(ops.expand_dims(scale, axes), kernel.dtype)
        return ops.cast(kernel, self.compute_dtype)

    def _finish(self, outputs):
        return outputs * self.gamma + self.beta if self.affine else outputs

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {
            "units": self.units,
            "affine": self.affine,
            "initial_scale": self.initial_scale,
        }


@keras.saving.register_keras_serializable(package="anime_style_tf")
class WNDense(_WeightNorm):
    """Weight-normalized dense layer, `y_j = w_j . x / |w_j|`.

    Args:
        units: number of outputs.
        affine: adds a scale and a bias per output.
        initial_scale: gamma at the start (affine only).

    Call arguments:
        inputs: `[batch, inputs]`. Returns `[batch, units]`.
    """

    def build(self, input_shape):
        """Creates the `[inputs, units]` kernel."""
        self._add_weights((input_shape[-1], self.units))

    def call(self, inputs):
        """Applies the layer."""
        return self._finish(ops.matmul(inputs, self._kernel(axes=(0,))))

    def effective_kernel(self):
        """The `[inputs, units]` kernel that multiplies the inputs, gamma included."""
        kernel = normalized_kernel(self.kernel, axes=(0,))
        return kernel * self.gamma if self.affine else kernel

    def set_effective(self, kernel, bias):
        """Makes an affine layer compute `x @ kernel + bias`.

        Args:
            kernel: `[inputs, units]` NumPy array without an all-zero column.
            bias: `[units]` NumPy array.
        """
        self.kernel.assign(kernel)
        self.gamma.assign(np.sqrt(np.square(kernel).sum(axis=0) + EPSILON))
        self.beta.assign(bias)

    def compute_output_shape(self, input_shape):
        """Returns `[batch, units]`."""
        return (*input_shape[:-1], self.units)


class _WNConvolution(_WeightNorm):
    """A weight-normalized convolution of either direction; "same" padding."""

    def __init__(self, units, kernel_size=3, *, stride=1, **kwargs):
        super().__init__(units, **kwargs)
        self.kernel_size = kernel_size
        self.stride = stride

    def get_config(self):
        """Returns the constructor arguments."""
        return super().get_config() | {"kernel_size": self.kernel_size, "stride": self.stride}


@keras.saving.register_keras_serializable(package="anime_style_tf")
class WNConv2D(_WNConvolution):
    """Weight-normalized convolution; the norm is over (height, width, inputs) per output.

    Args:
        units: output channels.
        kernel_size: side of the kernel, pixels.
        stride: pixels between outputs.
        affine: adds a scale and a bias per output channel.
        initial_scale: gamma at the start (affine only).

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height / stride, width / stride, units]`.
        scale: `[units]` that the outputs are multiplied by; default 1.
    """

    def build(self, input_shape):
        """Creates the `[height, width, inputs, units]` kernel."""
        self._add_weights((self.kernel_size, self.kernel_size, input_shape[-1], self.units))

    def call(self, inputs, scale=None):
        """Applies the layer."""
        kernel = self._kernel(axes=(0, 1, 2), scale=scale)
        return self._finish(ops.conv(inputs, kernel, strides=self.stride, padding="same"))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the smaller map."""
        batch, height, width, _ = input_shape
        return (batch, -(-height // self.stride), -(-width // self.stride), self.units)


@keras.saving.register_keras_serializable(package="anime_style_tf")
class WNConv2DTranspose(_WNConvolution):
    """Weight-normalized transposed convolution.

    The norm is over (inputs, height, width) per output, its squared sum divided by the square of
    the stride.

    Args:
        units: output channels.
        kernel_size: side of the kernel, pixels.
        stride: outputs per input pixel and side.
        affine: adds a scale and a bias per output channel.
        initial_scale: gamma at the start (affine only).

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns
            `[batch, height * stride, width * stride, units]`.
        scale: `[units]` that the outputs are multiplied by; default 1.
    """

    def build(self, input_shape):
        """Creates the `[height, width, units, inputs]` kernel."""
        self._add_weights((self.kernel_size, self.kernel_size, self.units, input_shape[-1]))

    def call(self, inputs, scale=None):
        """Applies the layer."""
        kernel = self._kernel(axes=(0, 1, 3), divisor=float(self.stride**2), scale=scale)
        outputs = ops.conv_transpose(inputs, kernel, strides=self.stride, padding="same")
        return self._finish(outputs)

    def compute_output_shape(self, input_shape):
        """Returns the shape of the larger map."""
        batch, height, width, _ = input_shape
        return (batch, height * self.stride, width * self.stride, self.units)


@keras.saving.register_keras_serializable(package="anime_style_tf")
class WNResizeConv2D(_WNConvolution):
    """Weight-normalized 3x3 transposed convolution of a map with its pixels doubled, in one step.

    It is a 4x4 transposed convolution of stride 2 whose kernel is the 3x3 one spread over 2x2
    squares: 16 multiplications in place of 36, and none of the checks that a free 4x4 kernel
    draws. The norm is over (height, width, inputs) of the 3x3 kernel per output.

    Args:
        units: output channels.
        affine: adds a scale and a bias per output channel.
        initial_scale: gamma at the start (affine only).

    Call arguments:
        inputs: `[batch, height, width, channels]`. Returns `[batch, 2 height, 2 width, units]`.
        scale: `[units]` that the outputs are multiplied by; default 1.

    Source: Odena et al. (2016), "Deconvolution and Checkerboard Artifacts"; our setting.
    """

    def __init__(self, units, **kwargs):
        super().__init__(units, **{"kernel_size": 3, "stride": 2} | kwargs)

    def build(self, input_shape):
        """Creates the `[3, 3, units, inputs]` kernel."""
        self._add_weights((3, 3, self.units, input_shape[-1]))

    def call(self, inputs, scale=None):
        """Applies the layer."""
        kernel = self._kernel(axes=(0, 1, 3), scale=scale)
        # Sums of each 2x2 square of the padded kernel: its full convolution with ones(2, 2).
        rows = ops.pad(kernel, ((0, 1), (0, 0), (0, 0), (0, 0)))
        rows = rows + ops.pad(kernel, ((1, 0), (0, 0), (0, 0), (0, 0)))
        spread = ops.pad(rows, ((0, 0), (0, 1), (0, 0), (0, 0)))
        spread = spread + ops.pad(rows, ((0, 0), (1, 0), (0, 0), (0, 0)))
        return self._finish(ops.conv_transpose(inputs, spread, strides=2, padding="same"))

    def compute_output_shape(self, input_shape):
        """Returns the shape of the larger map."""
        batch, height, width, _ = input_shape
        return (batch, height * 2, width * 2, self.units)
