import ast
import functools

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.conformance.rows import ADDED, ALL, DRAWING, LAYERS, NETWORKS, SINGLE
from tests.conventions.sources import package_files, tree

EVERY = pytest.mark.parametrize("name", ALL)


def made(name):
    """A layer and its inputs, made once for each policy: no check changes its weights."""
    layer, inputs = made_under(name, keras.config.dtype_policy().name)
    rewind(layer)
    return layer, inputs


@functools.cache
def made_under(name, policy, seed=4):
    keras.utils.set_random_seed(seed)
    make, shapes = ALL[name]
    layer = make()
    rng = np.random.default_rng(seed)
    inputs = [rng.uniform(-1, 1, shape).astype("float32") for shape in shapes]
    layer(*inputs)
    for variable in layer.trainable_variables:
        # Not the values that they start with, so that what is lost is seen.
        variable.assign(variable + rng.normal(0, 0.02, variable.shape))
    return layer, inputs


def rewind(layer):
    """The same random stream again: the states of seed generators are variables."""
    for variable in layer.non_trainable_variables:
        if "seed_generator" in variable.path:
            variable.assign([1, 2])


def flat(outputs):
    return [np.asarray(tf.cast(each, tf.float32)) for each in tf.nest.flatten(outputs)]


def assert_equal(outputs, expected, **tolerance):
    for output, wanted in zip(flat(outputs), flat(expected), strict=True):
        np.testing.assert_allclose(output, wanted, **tolerance)


@EVERY
def test_its_configuration_makes_the_same_again(name):
    layer, inputs = made(name)
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    again(*inputs)
    shapes = [tuple(variable.shape) for variable in layer.variables]
    assert [tuple(variable.shape) for variable in again.variables] == shapes
    again.set_weights(layer.get_weights())
    rewind(layer), rewind(again)
    assert_equal(again(*inputs), layer(*inputs), rtol=0, atol=1e-6)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_comes_back_from_its_file(name, tmp_path):
    network, inputs = made(name)
    network.save(tmp_path / "network.keras")
    again = keras.saving.load_model(tmp_path / "network.keras")
    rewind(again)
    assert_equal(again(*inputs), network(*inputs), rtol=0, atol=0)


@pytest.mark.parametrize("name", sorted(set(NETWORKS) - DRAWING))
def test_a_file_computes_in_its_own_precision_whatever_the_program_uses(name, tmp_path):
    keras.config.set_dtype_policy("mixed_bfloat16")
    network, inputs = made(name)
    expected = flat(network(*inputs))
    network.save(tmp_path / "network.keras")
    keras.config.set_dtype_policy("float32")
    again = keras.saving.load_model(tmp_path / "network.keras")
    assert_equal(again(*inputs), expected, rtol=0, atol=0)


@EVERY
def test_a_configuration_of_an_earlier_version_makes_what_it_made(name):
    layer, _ = made(name)
    config = layer.get_config()
    earlier = {key: value for key, value in config.items() if key not in ADDED}
    unset = type(layer).from_config(config | {key: ADDED[key] for key in ADDED if key in config})
    assert type(layer).from_config(earlier).get_config() == unset.get_config()


@pytest.mark.parametrize("name", sorted(set(LAYERS) - DRAWING))
def test_a_layer_inside_a_model_comes_back_from_its_file(name, tmp_path):
    layer, arrays = made(name)
    inputs = [keras.Input(array.shape[1:]) for array in arrays]
    model = keras.Model(inputs, layer(*inputs))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert_equal(again(arrays), model(arrays), rtol=0, atol=0)


@EVERY
def test_traced_with_an_unknown_batch_it_gives_what_it_gives_eagerly(name):
    layer, inputs = made(name)
    signature = [tf.TensorSpec((None, *each.shape[1:]), tf.float32) for each in inputs]
    eager = flat(layer(*inputs))
    rewind(layer)
    traced = tf.function(lambda *tensors: layer(*tensors), input_signature=signature)
    assert_equal(traced(*inputs), eager, rtol=1e-4, atol=1e-5)


@EVERY
def test_gradients_reach_every_weight_and_input_and_are_finite(name):
    layer, inputs = made(name)
    tensors = [tf.constant(each) for each in inputs]
    weights = [variable.value for variable in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        outputs = tf.nest.flatten(layer(*tensors, **in_training(layer)))
        loss = tf.add_n([tf.reduce_sum(tf.sin(each)) for each in outputs])
    for gradient in tape.gradient(loss, weights + tensors):
        assert gradient is not None
        assert np.isfinite(gradient).all()
        assert np.any(tf.convert_to_tensor(gradient) != 0)


def in_training(layer):
    return {"training": True} if layer._call_has_training_arg else {}


@EVERY
def test_at_black_white_and_zero_outputs_and_gradients_are_finite(name):
    layer, inputs = made(name)
    weights = [variable.value for variable in layer.trainable_variables]
    for value in (-1.0, 0.0, 1.0):
        with tf.GradientTape() as tape:
            outputs = tf.nest.flatten(layer(*[np.full_like(each, value) for each in inputs]))
            loss = tf.add_n([tf.reduce_sum(each) for each in outputs])
        assert np.isfinite(loss)
        for gradient in tape.gradient(loss, weights, unconnected_gradients="zero"):
            assert np.isfinite(gradient).all()


@EVERY
def test_under_mixed_precision_it_agrees_loosely_and_its_weights_stay_single(name):
    single, inputs = made(name)
    keras.config.set_dtype_policy("mixed_bfloat16")
    mixed, _ = made(name)
    mixed.set_weights(single.get_weights())
    rewind(single), rewind(mixed)
    weights = [variable.value for variable in mixed.trainable_variables]
    with tf.GradientTape() as tape:
        outputs = tf.nest.flatten(mixed(*inputs))
        loss = tf.add_n([tf.reduce_sum(tf.cast(each, tf.float32)) for each in outputs])
    single_out = name in NETWORKS or name in SINGLE
    expected_type = tf.float32 if single_out else tf.bfloat16
    assert {output.dtype for output in outputs} == {expected_type}
    for gradient in tape.gradient(loss, weights):
        assert gradient.dtype == tf.float32
        assert np.isfinite(gradient).all()
    # Bfloat16 keeps 8 bits; a few layers in a row lose some of them.
    for output, wanted in zip(flat(outputs), flat(single(*inputs)), strict=True):
        scale = np.abs(wanted).max() + 0.05
        assert np.abs(output - wanted).max() < 0.08 * scale


@EVERY
def test_the_shape_that_it_announces_is_the_shape_that_it_gives(name):
    layer, inputs = made(name)
    symbolic = layer(*[keras.KerasTensor((None, *each.shape[1:])) for each in inputs])
    for announced, given in zip(tf.nest.flatten(symbolic), flat(layer(*inputs)), strict=True):
        assert announced.shape[1:] == given.shape[1:]
    if name in LAYERS:
        shape = layer.compute_output_shape(*[each.shape for each in inputs])
        shapes = shape if isinstance(shape[0], tuple) else [shape]
        assert [tuple(each) for each in shapes] == [each.shape for each in flat(layer(*inputs))]


@pytest.mark.parametrize("name", sorted(set(ALL) - DRAWING))
def test_outside_training_the_same_input_gives_the_same_output(name):
    layer, inputs = made(name)
    assert_equal(layer(*inputs), layer(*inputs), rtol=0, atol=0)


def test_every_layer_has_a_row():
    defined = {
        node.name
        for path in package_files()
        if "layers" in path.parts
        for node in tree(path).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    }
    assert defined == {type(ALL[name][0]()).__name__ for name in ALL} & defined
    assert len(defined) >= 12
