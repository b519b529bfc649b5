import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.layers.trunk import DecoderTrunk, EncoderTrunk, blocks_of_levels, top_size
from tests.layers import explicit

RNG = np.random.default_rng(9)


@pytest.mark.parametrize("levels", [(4,), (4, 6), (3, 4, 5, 6)])
@pytest.mark.parametrize("blocks", [1, 2])
def test_each_level_of_an_encoder_halves_the_map_and_has_its_features(levels, blocks):
    trunk = EncoderTrunk(levels, blocks=blocks)
    images = RNG.normal(size=(2, 32, 32, 3)).astype("float32")
    side = 32 // 2 ** len(levels)
    assert trunk(images).shape == (2, side, side, levels[-1])
    sides = [32 >> level for level in range(1, len(levels) + 1)]
    shapes = [(2, side, side, units) for side, units in zip(sides, levels, strict=True)]
    assert [tuple(each.shape) for each in trunk.maps(images)] == shapes
    assert trunk.map_shapes(images.shape) == shapes
    assert [block.units for block in trunk.stack] == [u for u in levels for _ in range(blocks)]
    strides = [block.stride for block in trunk.stack]
    # The first convolution has halved the image for the first level.
    assert strides == [1] * blocks + ([2] + [1] * (blocks - 1)) * (len(levels) - 1)


@pytest.mark.parametrize("levels", [(4,), (4, 6), (3, 4, 5, 6)])
@pytest.mark.parametrize("blocks", [1, 2])
def test_the_last_block_of_each_level_of_a_decoder_doubles_the_map(levels, blocks):
    trunk = DecoderTrunk(levels, blocks=blocks)
    images = trunk(RNG.normal(size=(2, 2, 2, levels[-1])).astype("float32"))
    side = 2 * 2 ** len(levels)
    assert images.shape == (2, side, side, 3)
    assert np.abs(images).max() < 1.0
    assert [block.stride for block in trunk.stack] == ([1] * (blocks - 1) + [2]) * len(levels)
    below = (3, *levels[:-1])
    expected = [
        units
        for level in reversed(range(len(levels)))
        for units in [levels[level]] * (blocks - 1) + [below[level]]
    ]
    assert [block.units for block in trunk.stack] == expected
    assert [block.final for block in trunk.stack] == [False] * (len(trunk.stack) - 1) + [True]


def test_an_encoder_trunk_is_a_convolution_of_stride_two_then_its_blocks():
    trunk = EncoderTrunk((4, 5), initial_residue=0.5)
    images = RNG.normal(size=(1, 8, 8, 3)).astype("float32")
    trunk.build(images.shape)
    explicit.scramble(trunk)
    first = explicit.convolve(trunk.first, images.astype("float64"))
    assert trunk.first.kernel.shape == (4, 4, 3, 4)
    features = explicit.rectify(trunk.activation, first).astype("float32")
    for block in trunk.stack:
        features = block(features)
    np.testing.assert_allclose(trunk(images), features, atol=5e-5)


def test_a_decoder_trunk_is_its_blocks_then_tanh():
    trunk = DecoderTrunk((4, 5), initial_residue=0.5)
    top = RNG.normal(size=(1, 2, 2, 5)).astype("float32")
    trunk.build(top.shape)
    explicit.scramble(trunk)
    features = top
    for block in trunk.stack:
        features = block(features)
    np.testing.assert_allclose(trunk(top), np.tanh(np.asarray(features, "float64")), atol=1e-6)


def test_the_top_is_the_image_halved_once_for_each_level():
    assert top_size(256, (64, 128, 256, 384, 512, 512)) == 4
    assert top_size(64, (32,)) == 32


@pytest.mark.parametrize(("size", "levels"), [(24, (1, 2, 3, 4)), (16, ())])
def test_an_image_that_cannot_be_halved_so_often_is_refused(size, levels):
    with pytest.raises(ValueError, match="cannot be halved"):
        top_size(size, levels)


def test_each_level_may_have_its_own_number_of_blocks():
    encoder, decoder = (make((4, 5, 6), blocks=(1, 3, 2)) for make in (EncoderTrunk, DecoderTrunk))
    images = RNG.normal(size=(2, 16, 16, 3)).astype("float32")
    assert decoder(encoder(images)).shape == images.shape
    shapes = [(2, 8, 8, 4), (2, 4, 4, 5), (2, 2, 2, 6)]
    assert [tuple(each.shape) for each in encoder.maps(images)] == shapes
    assert [block.units for block in encoder.stack] == [4, 5, 5, 5, 6, 6]
    assert [block.stride for block in encoder.stack] == [1, 2, 1, 1, 2, 1]
    assert [block.units for block in decoder.stack] == [6, 5, 5, 5, 4, 3]
    assert [block.stride for block in decoder.stack] == [1, 2, 1, 1, 2, 2]


def test_one_number_of_blocks_is_that_number_for_every_level():
    assert blocks_of_levels(2, (4, 5, 6)) == (2, 2, 2)
    assert blocks_of_levels([1, 2], (4, 5)) == (1, 2)


@pytest.mark.parametrize("blocks", [0, 1.5, "2", (1,), (1, 2, 3), (1, 0), (1, 1.5)])
def test_numbers_of_blocks_that_are_not_one_for_each_level_are_refused(blocks):
    for make in (EncoderTrunk, DecoderTrunk):
        with pytest.raises(InputError, match=r"one for each of the 2 levels, received"):
            make((4, 6), blocks=blocks)


def test_a_decoder_of_the_authors_form_keeps_the_width_of_its_inputs():
    trunk = DecoderTrunk((4, 5), blocks=2, keep_width=True)
    trunk.build((1, 2, 2, 5))
    first = [(3, 3, units, units) for units in (5, 5, 4, 4)]
    assert [tuple(block.first.kernel.shape) for block in trunk.stack] == first
    second = [(3, 3, 5, 5), (4, 4, 4, 5), (3, 3, 4, 4), (4, 4, 3, 4)]
    assert [tuple(block.second.kernel.shape) for block in trunk.stack] == second


def test_a_block_at_full_resolution_takes_the_last_layer_from_the_one_that_doubles():
    trunk = DecoderTrunk((4, 5), full_features=6)
    trunk.build((1, 2, 2, 5))
    assert [(b.units, b.stride, b.final) for b in trunk.stack] == [
        (4, 2, False), (6, 2, False), (3, 1, True),
    ]  # fmt: skip
    assert trunk(RNG.normal(size=(2, 2, 2, 5)).astype("float32")).shape == (2, 8, 8, 3)


def test_a_modulated_trunk_modulates_the_input_of_every_block():
    trunk = DecoderTrunk((4, 5), full_features=6, modulated=True, initial_residue=0.5)
    features = RNG.normal(size=(2, 2, 2, 5)).astype("float32")
    code = RNG.normal(size=(2, 3)).astype("float32")
    trunk.build(features.shape, code.shape)
    plain = DecoderTrunk((4, 5), full_features=6, initial_residue=0.5)
    plain.build(features.shape)
    for block, source in zip(plain.stack, trunk.stack, strict=True):
        block.set_weights(source.get_weights())
    np.testing.assert_array_equal(trunk(features, code), plain(features))
    expected = features
    for modulation, block in zip(trunk.modulations, trunk.stack, strict=True):
        modulation.kernel.assign(RNG.normal(size=modulation.kernel.shape))
        expected = block(modulation(expected, code))
    np.testing.assert_allclose(trunk(features, code), np.tanh(expected), atol=1e-5)
