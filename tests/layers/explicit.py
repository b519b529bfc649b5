"""The layers' sums written out in NumPy float64, one multiplication at a time."""

import numpy as np


def unit_kernel(kernel, axes, divisor=1.0):
    norm = np.sqrt(np.square(kernel).sum(axis=axes, keepdims=True) / divisor)
    return kernel / norm


def convolution(inputs, kernel, stride=1, pad=None):
    """`kernel` `[height, width, inputs, outputs]`; zeros outside the map."""
    size = len(kernel)
    pad = (size - stride) // 2 if pad is None else pad
    batch, height, width, _ = inputs.shape
    padded = np.pad(inputs, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    outputs = np.zeros((batch, height // stride, width // stride, kernel.shape[3]))
    for row in range(outputs.shape[1]):
        for column in range(outputs.shape[2]):
            top, left = row * stride, column * stride
            window = padded[:, top : top + size, left : left + size]
            outputs[:, row, column] = np.einsum("bhwi,hwio->bo", window, kernel)
    return outputs


def transposed_convolution(inputs, kernel, stride=1):
    """`kernel` `[height, width, outputs, inputs]`; each input pixel paints one kernel."""
    size = len(kernel)
    crop = (size - stride) // 2
    batch, height, width, _ = inputs.shape
    canvas = np.zeros(
        (batch, (height - 1) * stride + size, (width - 1) * stride + size, kernel.shape[2])
    )
    for row in range(height):
        for column in range(width):
            top, left = row * stride, column * stride
            painted = np.einsum("bi,hwoi->bhwo", inputs[:, row, column], kernel)
            canvas[:, top : top + size, left : left + size] += painted
    return canvas[:, crop : crop + height * stride, crop : crop + width * stride]


def rectifier(inputs, alpha, slope):
    slope = np.clip(slope, 0.0, 1.0)
    return np.where(inputs >= alpha, inputs, slope * (inputs - alpha) + alpha)


def weighted_sum(residue, shortcut, u, v):
    return (u * residue + v * shortcut) / (np.sqrt(u**2 + v**2) + 1e-8)


def halved(inputs):
    batch, height, width, channels = inputs.shape
    return inputs.reshape(batch, height // 2, 2, width // 2, 2, channels).mean(axis=(2, 4))


def doubled(inputs):
    return inputs.repeat(2, axis=1).repeat(2, axis=2)


def array(variable):
    return np.asarray(variable, "float64")


def convolve(layer, inputs):
    kernel = unit_kernel(array(layer.kernel), (0, 1, 2))
    return convolution(inputs, kernel, layer.stride)


def transpose(layer, inputs):
    kernel = unit_kernel(array(layer.kernel), (0, 1, 3), layer.stride**2)
    return transposed_convolution(inputs, kernel, layer.stride)


def rectify(layer, inputs):
    return rectifier(inputs, array(layer.alpha), array(layer.slope))


def add(block, residue, shortcut):
    return weighted_sum(residue, shortcut, array(block.u), array(block.v))


def scramble(layer, seed=0):
    """Gives every weight a value that its start does not have."""
    rng = np.random.default_rng(seed)
    for variable in layer.trainable_variables:
        variable.assign(rng.normal(0.3, 0.4, variable.shape))
