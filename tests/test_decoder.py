import keras
import numpy as np
import pytest

from anime_style_tf.decoder import Decoder, start_from_decoder
from anime_style_tf.errors import InputError
from anime_style_tf.layers.edge_avoiding_filter import EdgeAvoidingFilter
from tests.squares import CONTENT, FREE, STYLE

RNG = np.random.default_rng(14)
SHAPE = {"image_size": 8, "levels": (4, 6), "initial_residue": 0.5}
WHOLE = 6  # Content dimensions before pruning.


def built(code_size, hidden_size, seed, **options):
    keras.utils.set_random_seed(seed)
    network = Decoder(**SHAPE, code_size=code_size, hidden_size=hidden_size, **options)
    network.build()
    for variable in network.variables:
        variable.assign(variable + RNG.normal(0, 0.2, variable.shape))
    return network


ALL_OPTIONS = {"full_features": 3, "resized": True, "modulated": True}


@pytest.mark.parametrize(("hidden_size", "options"), [(0, {}), (7, {}), (7, ALL_OPTIONS)])
@pytest.mark.parametrize("slope", [None, RNG.normal(size=(STYLE, CONTENT))])
@pytest.mark.parametrize("free", [0, FREE])
def test_a_generator_started_from_a_decoder_draws_what_it_draws_from_the_pruned_code(
    hidden_size, options, free, slope
):
    decoder = built(WHOLE + STYLE, hidden_size, 1, **options)
    generator = built(STYLE + CONTENT + free, hidden_size, 2, **options)
    mean, deviation = RNG.normal(size=CONTENT), RNG.uniform(0.2, 3, CONTENT)
    start_from_decoder(
        generator, decoder, style_size=STYLE, content_mean=mean, content_deviation=deviation,
        content_slope=slope,
    )  # fmt: skip
    style, content = RNG.normal(size=(9, STYLE)), RNG.normal(size=(9, CONTENT))
    rest = RNG.normal(size=(9, free))
    drawn = generator(np.concatenate([style, content, rest], axis=1).astype("float32"))
    pruned = np.zeros((9, WHOLE))
    pruned[:, :CONTENT] = mean + deviation * content
    if slope is not None:
        pruned[:, :CONTENT] += style @ slope
    expected = decoder(np.concatenate([pruned, style], axis=1).astype("float32"))
    assert np.ptp(expected) > 0.1
    np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_fills_are_evened_out_but_not_while_it_is_trained():
    mottled = built(5, 7, 1)
    even = Decoder.from_config(mottled.get_config() | {"even_fills": 30.0})
    even.build()
    even.set_weights(mottled.get_weights())
    codes = RNG.normal(size=(4, 5)).astype("float32")
    drawn = mottled(codes)
    np.testing.assert_array_equal(even(codes, training=True), drawn)
    np.testing.assert_allclose(even(codes), EdgeAvoidingFilter(30.0)(drawn), atol=1e-6)
    assert np.abs(even(codes) - drawn).max() > 0.01


def test_the_free_code_starts_without_effect_and_can_learn_one():
    decoder = built(WHOLE + STYLE, 7, 1)
    generator = built(STYLE + CONTENT + FREE, 7, 2)
    start_from_decoder(
        generator, decoder, style_size=STYLE,
        content_mean=np.zeros(CONTENT), content_deviation=np.ones(CONTENT),
    )  # fmt: skip
    np.testing.assert_array_equal(generator.first_layer.kernel[-FREE:], np.zeros((FREE, 7)))
    assert np.abs(generator.first_layer.gamma).min() > 0


def test_live_rows_of_the_free_code_are_a_share_of_the_contents_rows():
    decoder = built(WHOLE + STYLE, 7, 1)
    generator = built(STYLE + CONTENT + 4000, 7, 2)
    start_from_decoder(
        generator, decoder, style_size=STYLE, free_scale=0.3,
        content_mean=np.zeros(CONTENT), content_deviation=np.full(CONTENT, 2.0),
    )  # fmt: skip
    kernel = np.asarray(generator.first_layer.effective_kernel())
    content, free = kernel[STYLE : STYLE + CONTENT], kernel[STYLE + CONTENT :]
    assert np.sqrt(np.mean(free**2)) == pytest.approx(0.3 * np.sqrt(np.mean(content**2)), rel=0.02)
    # At a free code of zero the generator still draws what the decoder draws.
    codes = RNG.normal(size=(5, STYLE + CONTENT))
    drawn = generator(np.pad(codes, ((0, 0), (0, 4000))).astype("float32"))
    pruned = np.zeros((5, WHOLE))
    pruned[:, :CONTENT] = 2 * codes[:, STYLE:]
    expected = decoder(np.concatenate([pruned, codes[:, :STYLE]], axis=1).astype("float32"))
    np.testing.assert_allclose(drawn, expected, atol=1e-5)


def test_a_modulated_decoder_gives_its_hidden_layer_to_the_trunk():
    network = built(5, 7, 3, **ALL_OPTIONS)
    codes = RNG.normal(size=(3, 5)).astype("float32")
    hidden = network.hidden_activation(network.hidden(codes))
    top = network.activation(np.asarray(network.stem(hidden)).reshape(3, 2, 2, 6))
    np.testing.assert_allclose(network(codes), network.trunk(top, hidden), atol=1e-6)


def test_what_has_no_hidden_layer_is_not_modulated():
    with pytest.raises(InputError, match="hidden_size 0: give a hidden_size"):
        Decoder(**SHAPE, hidden_size=0, modulated=True)


def test_the_decoder_is_left_as_it_was():
    decoder = built(WHOLE + STYLE, 7, 1)
    before = [np.array(weight) for weight in decoder.get_weights()]
    start_from_decoder(
        built(STYLE + CONTENT, 7, 2), decoder, style_size=STYLE,
        content_mean=np.ones(CONTENT), content_deviation=np.ones(CONTENT),
    )  # fmt: skip
    for weight, old in zip(decoder.get_weights(), before, strict=True):
        np.testing.assert_array_equal(weight, old)


@pytest.mark.parametrize("hidden_size", [0, 7])
def test_a_decoder_is_dense_layers_then_its_trunk(hidden_size):
    network = Decoder(**SHAPE, code_size=5, hidden_size=hidden_size, stem_scale=0.5)
    codes = RNG.normal(size=(3, 5)).astype("float32")
    images = network(codes)
    features = codes.astype("float64")
    if hidden_size:
        features = leaky(features @ unit(network.hidden.kernel))
    features = leaky(0.5 * features @ unit(network.stem.kernel)).reshape(3, 2, 2, 6)
    np.testing.assert_allclose(images, network.trunk(features.astype("float32")), atol=1e-5)
    assert images.shape == (3, 8, 8, 3)


def unit(kernel):
    kernel = np.asarray(kernel, "float64")
    return kernel / np.linalg.norm(kernel, axis=0)


def leaky(features):
    return np.where(features >= 0, features, features / 4)


def test_images_stay_inside_the_range_of_tanh():
    images = Decoder(**SHAPE, code_size=5, hidden_size=0)(np.full((2, 5), 1e4, "float32"))
    assert np.isfinite(images).all()
    assert np.abs(images).max() <= 1.0
