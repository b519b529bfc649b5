import keras
import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.serving.precision import compute_in_float32, round_to_half
from tests.serving.tiny_networks import SIZE, tiny_networks


def test_networks_of_a_mixed_policy_can_compute_in_float32():
    networks = tiny_networks()
    lab = np.random.default_rng(1).uniform(-1, 1, (2, SIZE, SIZE, 3)).astype("float32")
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        mixed = tiny_networks()["style_encoder"]
    finally:
        keras.config.set_dtype_policy(before)
    mixed.set_weights(networks["style_encoder"].get_weights())
    expected = networks["style_encoder"](lab).numpy()
    assert np.abs(mixed(lab) - expected).max() > 1e-4
    assert compute_in_float32(mixed) is mixed
    np.testing.assert_allclose(mixed(lab), expected, atol=1e-6)


def test_rounded_weights_lie_on_the_grid_of_half_precision_and_draw_nearly_the_same():
    network = tiny_networks()["generator"]
    network.build()
    before = [weight.numpy() for weight in network.weights]
    codes = np.random.default_rng(0).standard_normal((4, network.code_size)).astype("float32")
    drawn = network(codes).numpy()
    assert round_to_half(network) is network
    for old, weight in zip(before, network.weights, strict=True):
        mantissas = weight.numpy().view("uint32") & 0x1FFF if weight.dtype == "float32" else 0
        assert not np.any(mantissas)
        np.testing.assert_allclose(weight.numpy(), old, rtol=2**-11, atol=2**-25)
    assert 0 < np.abs(network(codes).numpy() - drawn).max() < 0.01


def test_a_weight_that_half_precision_cannot_hold_is_named():
    network = tiny_networks()["generator"]
    network.build()
    weight = network.trainable_variables[0]
    weight.assign(np.full(weight.shape, 7e4, "float32"))
    with pytest.raises(InputError, match=r"is above 65504 in magnitude"):
        round_to_half(network)
