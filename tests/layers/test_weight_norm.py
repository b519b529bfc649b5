import keras
import numpy as np
import pytest
import scipy.signal
import tensorflow as tf

from anime_style_tf.layers.weight_norm import (
    WNConv2D,
    WNConv2DTranspose,
    WNDense,
    WNResizeConv2D,
    normalized_kernel,
)
from tests.layers import explicit

RNG = np.random.default_rng(6)
MAP = RNG.normal(size=(2, 6, 8, 3)).astype("float32")
ROWS = RNG.normal(size=(5, 7)).astype("float32")

LAYERS = {
    "dense": (lambda **k: WNDense(4, **k), ROWS, (0,), 1.0),
    "conv_3": (lambda **k: WNConv2D(4, 3, **k), MAP, (0, 1, 2), 1.0),
    "conv_1": (lambda **k: WNConv2D(4, 1, **k), MAP, (0, 1, 2), 1.0),
    "conv_4_stride_2": (lambda **k: WNConv2D(4, 4, stride=2, **k), MAP, (0, 1, 2), 1.0),
    "transpose_3": (lambda **k: WNConv2DTranspose(4, 3, **k), MAP, (0, 1, 3), 1.0),
    "transpose_1": (lambda **k: WNConv2DTranspose(4, 1, **k), MAP, (0, 1, 3), 1.0),
    "transpose_4_stride_2": (
        lambda **k: WNConv2DTranspose(4, 4, stride=2, **k), MAP, (0, 1, 3), 4.0
    ),
    "resize_3": (lambda **k: WNResizeConv2D(4, **k), MAP, (0, 1, 3), 1.0),
}  # fmt: skip
ALL = pytest.mark.parametrize("name", LAYERS)


def built(name, **options):
    make, inputs, axes, divisor = LAYERS[name]
    layer = make(**options)
    layer.build(inputs.shape)
    layer.kernel.assign(RNG.normal(size=layer.kernel.shape))
    return layer, inputs, axes, divisor


def by_hand(layer, inputs, axes, divisor):
    kernel = explicit.unit_kernel(explicit.array(layer.kernel), axes, divisor)
    inputs = inputs.astype("float64")
    if isinstance(layer, WNDense):
        return np.array([[row @ column for column in kernel.T] for row in inputs])
    if isinstance(layer, WNConv2D):
        return explicit.convolution(inputs, kernel, layer.stride)
    if isinstance(layer, WNResizeConv2D):
        return explicit.transposed_convolution(explicit.doubled(inputs), kernel)
    return explicit.transposed_convolution(inputs, kernel, layer.stride)


@ALL
def test_the_strict_layer_is_the_sum_written_out(name):
    layer, inputs, axes, divisor = built(name)
    np.testing.assert_allclose(layer(inputs), by_hand(layer, inputs, axes, divisor), atol=2e-5)


@ALL
def test_the_affine_layer_scales_and_shifts_the_strict_one(name):
    layer, inputs, axes, divisor = built(name, affine=True, initial_scale=0.01)
    strict = by_hand(layer, inputs, axes, divisor)
    np.testing.assert_allclose(layer(inputs), 0.01 * strict, atol=1e-6)
    layer.gamma.assign([1.0, -2.0, 0.5, 3.0])
    layer.beta.assign([0.1, 0.2, 0.3, 0.4])
    expected = strict * [1.0, -2.0, 0.5, 3.0] + [0.1, 0.2, 0.3, 0.4]
    np.testing.assert_allclose(layer(inputs), expected, atol=5e-5)


@ALL
def test_the_output_does_not_depend_on_the_length_of_the_weights(name):
    layer, inputs, _, _ = built(name)
    before = layer(inputs).numpy()
    layer.kernel.assign(layer.kernel * 37.0)
    np.testing.assert_allclose(layer(inputs), before, atol=1e-5)


@ALL
def test_the_gradient_is_orthogonal_to_the_weights_of_each_output(name):
    layer, inputs, axes, _ = built(name)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.sin(layer(inputs)))
    gradient = tape.gradient(loss, layer.kernel.value).numpy().astype("float64")
    kernel = explicit.array(layer.kernel)
    along = (gradient * kernel).sum(axis=axes)
    lengths = np.sqrt(np.square(gradient).sum(axis=axes) * np.square(kernel).sum(axis=axes))
    assert (lengths > 0).all()
    assert np.abs(along / lengths).max() < 1e-5


@ALL
def test_unit_variance_in_gives_about_unit_variance_out(name):
    make, inputs, _, _ = LAYERS[name]
    keras.utils.set_random_seed(1)  # few outputs: their shares of the norm differ with the kernel
    layer = make()
    shape = (4096, 40) if inputs.ndim == 2 else (16, 24, 24, 8)
    outputs = layer(np.random.default_rng(1).normal(size=shape).astype("float32")).numpy()
    inside = outputs if inputs.ndim == 2 else outputs[:, 2:-2, 2:-2]
    # A stride of two meets kernel parts whose shares of the norm differ: unity on average only.
    assert inside.var() == pytest.approx(1.0, abs=0.12)


def test_the_convolution_agrees_with_scipy():
    layer, inputs, axes, divisor = built("conv_3")
    kernel = explicit.unit_kernel(explicit.array(layer.kernel), axes, divisor)
    expected = sum(
        scipy.signal.correlate2d(inputs[0, ..., i], kernel[..., i, 1], mode="same")
        for i in range(3)
    )
    np.testing.assert_allclose(layer(inputs)[0, ..., 1], expected, atol=1e-5)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_transposed_convolution_is_the_adjoint_of_tensorflows_convolution(stride):
    layer = WNConv2DTranspose(4, stride + 2, stride=stride)
    layer.build(MAP.shape)
    large = RNG.normal(size=(2, 6 * stride, 8 * stride, 4)).astype("float32")
    kernel = explicit.array(layer.kernel)
    kernel = explicit.unit_kernel(kernel, (0, 1, 3), stride**2).astype("float32")
    down = tf.nn.conv2d(large, kernel, stride, "SAME")
    forward = np.vdot(layer(MAP).numpy(), large)
    assert forward == pytest.approx(np.vdot(MAP, down.numpy()), rel=1e-4)


def test_the_divisor_counts_the_positions_of_a_stride():
    kernel = np.full((4, 4, 1, 1), 2.0, "float32")
    # 16 weights of 2: squared sum 64, over 4 positions 16, square root 4.
    np.testing.assert_allclose(normalized_kernel(kernel, axes=(0, 1, 3), divisor=4.0), 0.5)
    np.testing.assert_allclose(normalized_kernel(kernel, axes=(0, 1, 3)), 0.25)


def test_weights_of_zero_give_zero_and_finite_gradients():
    layer = WNDense(3)
    layer.build((None, 7))
    layer.kernel.assign(np.zeros((7, 3)))
    with tf.GradientTape() as tape:
        outputs = layer(ROWS)
        loss = tf.reduce_sum(outputs)
    np.testing.assert_array_equal(outputs, np.zeros((5, 3)))
    assert np.isfinite(tape.gradient(loss, layer.kernel.value)).all()


def test_an_affine_dense_layer_can_be_made_to_compute_a_given_map():
    layer = WNDense(4, affine=True)
    layer.build((None, 7))
    kernel, bias = RNG.normal(size=(7, 4)), RNG.normal(size=4)
    layer.set_effective(kernel, bias)
    np.testing.assert_allclose(layer(ROWS), ROWS @ kernel + bias, atol=1e-5)
    np.testing.assert_allclose(layer.effective_kernel(), kernel, atol=1e-6)


def test_only_affine_layers_have_more_than_a_kernel():
    names = {affine: [v.name for v in built("conv_3", affine=affine)[0].weights]
             for affine in (False, True)}  # fmt: skip
    assert names == {False: ["kernel"], True: ["kernel", "gamma", "beta"]}


def test_a_layer_without_outputs_is_refused():
    with pytest.raises(ValueError, match="at least one output, received 0"):
        WNDense(0)


def test_the_norm_is_taken_in_single_precision_under_a_mixed_policy():
    keras.config.set_dtype_policy("mixed_bfloat16")
    layer, _, _, _ = built("dense")
    # Bfloat16 would lose all but 8 bits of the squares' sum.
    kernel = np.float32(RNG.normal(size=(7, 4)))
    layer.kernel.assign(kernel)
    expected = tf.cast(explicit.unit_kernel(kernel.astype("float64"), 0), tf.bfloat16)
    np.testing.assert_array_equal(
        tf.cast(normalized_kernel(layer.kernel, axes=(0,)), tf.bfloat16), expected
    )


def test_a_flat_map_is_doubled_without_a_grid():
    flat = np.ones((1, 6, 6, 3), "float32")
    layer, *_ = built("resize_3")
    inside = np.asarray(layer(flat))[:, 2:-2, 2:-2]
    assert np.ptp(inside, axis=(1, 2)).max() < 1e-5
    layer, *_ = built("transpose_4_stride_2")
    inside = np.asarray(layer(flat))[:, 2:-2, 2:-2]
    assert np.ptp(inside, axis=(1, 2)).max() > 0.1
