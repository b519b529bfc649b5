import numpy as np
import pytest
import tensorflow as tf
import tensorflow_addons as tfa

PEER = "tfa.layers.WeightNormalization"
# Largest outputs are near 20, and float32 sums of 64 products differ in their order.
TOLERANCE = 2e-5


def peer(layer, inputs, kernel, gamma, beta):
    """Ours is `gamma v / |v|`: theirs with g = gamma, and without its data-dependent start."""
    wrapped = tfa.layers.WeightNormalization(layer, data_init=False)
    wrapped(inputs)  # builds it, and sets g to |v|, which must not happen later
    wrapped.v.assign(kernel)
    wrapped.g.assign(gamma)
    wrapped.layer.bias.assign(beta)
    return wrapped(inputs), wrapped.layer.kernel


def case(reference, name, affine):
    arrays = reference("weight_normalization")
    given = {
        key: arrays[f"{name}/{key}"] for key in ("inputs", "kernel", "gamma", "beta", "stride")
    }
    if not affine:
        given["gamma"] = np.ones_like(given["gamma"])
        given["beta"] = np.zeros_like(given["beta"])
    return given, arrays[f"{name}/{'affine' if affine else 'strict'}"]


@pytest.mark.parametrize("affine", [False, True], ids=["strict", "affine"])
@pytest.mark.parametrize("name", ["dense", "conv_3x3_stride_1", "conv_4x4_stride_2"])
def test_dense_and_convolution_agree_with_the_wrapper(name, affine, reference, compare):
    given, ours = case(reference, name, affine)
    stride = int(given.pop("stride"))
    kernel = given["kernel"]
    if name == "dense":
        layer = tf.keras.layers.Dense(kernel.shape[-1])
    else:
        layer = tf.keras.layers.Conv2D(
            kernel.shape[-1], kernel.shape[0], strides=stride, padding="same"
        )
    theirs, _ = peer(layer, **given)
    compare(f"{name} {'affine' if affine else 'strict'}", PEER, ours, theirs, TOLERANCE)


@pytest.mark.parametrize("affine", [False, True], ids=["strict", "affine"])
@pytest.mark.parametrize("name", ["transposed_3x3_stride_1", "transposed_4x4_stride_2"])
def test_transposed_convolution_agrees_with_the_wrappers_kernel(name, affine, reference, compare):
    # The wrapper normalizes over all axes but the last, which of a transposed kernel is the
    # inputs. So it wraps the convolution whose kernel has the axes exchanged, and TensorFlow
    # transposes what comes out. The squared sum divided by stride^2 is a gamma times stride.
    given, ours = case(reference, name, affine)
    stride = int(given.pop("stride"))
    height, width, units, channels = given["kernel"].shape
    layer = tf.keras.layers.Conv2D(units, (height, width), padding="same")
    normalized = peer(
        layer,
        inputs=np.zeros((1, 8, 8, channels), "float32"),
        kernel=given["kernel"].transpose(0, 1, 3, 2),
        gamma=stride * given["gamma"],
        beta=given["beta"],
    )[1]
    batch, rows, columns, _ = given["inputs"].shape
    theirs = tf.nn.conv2d_transpose(
        given["inputs"],
        tf.transpose(normalized, [0, 1, 3, 2]),
        [batch, rows * stride, columns * stride, units],
        stride,
    )
    theirs += given["beta"]
    compare(f"{name} {'affine' if affine else 'strict'}", PEER, ours, theirs, TOLERANCE)
