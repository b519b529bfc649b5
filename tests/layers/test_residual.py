import functools

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.layers.residual import (
    ChannelAffine,
    DecoderBlock,
    EncoderBlock,
    Modulation,
    addition_shares,
    shortcut_weight,
)
from tests.layers import explicit

RNG = np.random.default_rng(8)
MAP = RNG.normal(size=(2, 6, 8, 3)).astype("float32")
EXACT = MAP.astype("float64")
STRIDES = pytest.mark.parametrize("stride", [1, 2])
UNITS = pytest.mark.parametrize("units", [3, 5])


def test_the_addition_is_normalized_per_channel():
    u, v = addition_shares(np.float32([3.0, 0.0, -1.0, 1e-3]), np.float32([4.0, 2.0, 1.0, 0.0]))
    half = np.sqrt(0.5)
    np.testing.assert_allclose(u, [0.6, 0.0, -half, 1e-3 / (1e-3 + 1e-8)], rtol=1e-6)
    np.testing.assert_allclose(v, [0.8, 1.0, half, 0.0], rtol=1e-6)


@STRIDES
@UNITS
def test_an_encoder_block_is_its_parts(stride, units):
    block = EncoderBlock(units, stride=stride, initial_residue=0.5)
    block.build(MAP.shape)
    explicit.scramble(block)
    residue = explicit.convolve(block.first, EXACT)
    residue = explicit.convolve(block.second, explicit.rectify(block.between, residue))
    shortcut = explicit.halved(EXACT) if stride == 2 else EXACT
    if units != 3:
        shortcut = explicit.convolve(block.project, shortcut)
    expected = explicit.rectify(block.activation, explicit.add(block, residue, shortcut))
    assert expected.shape == (2, 6 // stride, 8 // stride, units)
    np.testing.assert_allclose(block(MAP), expected, atol=5e-5)


@STRIDES
@UNITS
@pytest.mark.parametrize("final", [False, True])
@pytest.mark.parametrize("keep_width", [False, True])
def test_a_decoder_block_is_its_parts(stride, units, final, keep_width):
    options = {"stride": stride, "final": final, "keep_width": keep_width}
    block = DecoderBlock(units, initial_residue=0.5, **options)
    block.build(MAP.shape)
    explicit.scramble(block)
    residue = explicit.transpose(block.first, EXACT)
    assert residue.shape[-1] == (3 if keep_width or final else units)
    residue = explicit.transpose(block.second, explicit.rectify(block.between, residue))
    shortcut = EXACT if units == 3 else explicit.transpose(block.project, EXACT)
    shortcut = explicit.doubled(shortcut) if stride == 2 else shortcut
    expected = explicit.add(block, residue, shortcut)
    if final:
        affine = block.activation
        expected = explicit.array(affine.gamma) * expected + explicit.array(affine.beta)
    else:
        expected = explicit.rectify(block.activation, expected)
    assert expected.shape == (2, 6 * stride, 8 * stride, units)
    np.testing.assert_allclose(block(MAP), expected, atol=5e-5)


def test_a_resized_block_doubles_pixels_before_its_last_convolution():
    block = DecoderBlock(2, stride=2, initial_residue=0.5, resized=True)
    block.build(MAP.shape)
    explicit.scramble(block)
    residue = explicit.rectify(block.between, explicit.transpose(block.first, EXACT))
    kernel = explicit.unit_kernel(explicit.array(block.second.kernel), (0, 1, 3))
    residue = explicit.transposed_convolution(explicit.doubled(residue), kernel)
    shortcut = explicit.doubled(explicit.transpose(block.project, EXACT))
    expected = explicit.rectify(block.activation, explicit.add(block, residue, shortcut))
    np.testing.assert_allclose(block(MAP), expected, atol=5e-5)


def test_a_modulation_begins_as_nothing_and_then_scales_and_shifts_each_channel():
    features = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    code = RNG.normal(size=(2, 7)).astype("float32")
    layer = Modulation()
    np.testing.assert_array_equal(layer(features, code), features)
    kernel = RNG.normal(size=(7, 10))
    layer.kernel.assign(kernel)
    a, b = (code @ kernel)[:, None, None, :5], (code @ kernel)[:, None, None, 5:]
    np.testing.assert_allclose(layer(features, code), features * (1 + a) + b, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "kernels"),
    [(EncoderBlock, [(4, 4, 3, 5), (3, 3, 5, 5), (1, 1, 3, 5)]),
     (DecoderBlock, [(3, 3, 5, 3), (4, 4, 5, 5), (1, 1, 5, 3)]),
     (functools.partial(DecoderBlock, keep_width=True),
      [(3, 3, 3, 3), (4, 4, 5, 3), (1, 1, 5, 3)])],
)  # fmt: skip
def test_the_kernel_that_strides_is_two_wider_than_the_stride(make, kernels):
    block = make(5, stride=2)
    block.build(MAP.shape)
    layers = (block.first, block.second, block.project)
    assert [tuple(layer.kernel.shape) for layer in layers] == kernels


@pytest.mark.parametrize("make", [EncoderBlock, DecoderBlock])
def test_a_block_that_starts_without_residue_passes_its_shortcut_and_learns_no_branch(make):
    block = make(3)
    block.build(MAP.shape)
    with tf.GradientTape() as tape:
        outputs = block(MAP)
        loss = tf.reduce_sum(tf.square(outputs))
    np.testing.assert_allclose(outputs, np.where(MAP >= 0, MAP, MAP / 4), atol=1e-6)
    branch = [block.first.kernel.value, block.second.kernel.value]
    gradients = tape.gradient(loss, [*branch, block.u.value])
    assert [float(tf.norm(each)) for each in gradients[:2]] == [0.0, 0.0]
    assert float(tf.norm(gradients[2])) > 0


def test_u_and_v_start_on_the_unit_circle():
    assert shortcut_weight(0.6) == pytest.approx(0.8)
    assert shortcut_weight(0.0) == 1.0
    with pytest.raises(ValueError, match=r"\[0, 1\), received 1.0"):
        shortcut_weight(1.0)


def test_a_channel_affine_scales_and_shifts_each_channel():
    layer = ChannelAffine()
    np.testing.assert_array_equal(layer(MAP), MAP)
    layer.gamma.assign([2.0, 0.0, -1.0])
    layer.beta.assign([0.0, 1.0, 0.5])
    np.testing.assert_allclose(layer(MAP), EXACT * [2, 0, -1] + [0, 1, 0.5], atol=1e-6)


@pytest.mark.parametrize("make", [EncoderBlock, DecoderBlock])
def test_a_block_frozen_before_it_is_built_has_nothing_to_train(make):
    block = make(5)
    block.trainable = False
    block.build(MAP.shape)
    assert block.trainable_variables == []
