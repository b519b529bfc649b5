"""What every loss must do; a new one joins with its row."""

import ast
import inspect
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.layers.nested_dropout import prefix_law
from anime_style_tf.losses import (
    adversarial,
    dependence,
    diversity,
    metric_learning,
    reconstruction,
    recovery,
    repulsion,
    variational,
)
from tests.conventions.sources import package_files, tree

BATCH, OTHERS, CODE = "batch", 5, 6
CODES, IMAGES = (BATCH, CODE), (BATCH, 4, 4, 3)

# Function: shapes of the arguments that have gradients.
LOSSES = {
    adversarial.discriminator_loss: {"real_logits": (BATCH,), "fake_logits": (BATCH,)},
    adversarial.generator_loss: {"fake_logits": (BATCH,)},
    adversarial.discriminator_hinge: {"real_logits": (BATCH,), "fake_logits": (BATCH,)},
    adversarial.generator_hinge: {"fake_logits": (BATCH,)},
    adversarial.refusal_loss: {"logits": (BATCH,)},
    adversarial.refusal_hinge: {"logits": (BATCH,)},
    dependence.distance_covariance: {"codes": CODES},
    diversity.diversity_shortfall: {"images": IMAGES, "others": IMAGES},
    metric_learning.pair_terms: {"codes": CODES, "log_scales": (CODE,)},
    metric_learning.presumed_terms: {
        "codes": CODES, "presumed_styles": (OTHERS, CODE), "log_scales": (CODE,)
    },
    reconstruction.absolute_error: {"images": IMAGES, "reconstructions": IMAGES},
    reconstruction.squared_error: {"images": IMAGES, "reconstructions": IMAGES},
    reconstruction.mean_or_zero: {"errors": (BATCH,)},
    recovery.code_recovery: {"recovered": CODES, "codes": CODES},
    repulsion.prefix_squared_distances: {"codes": CODES, "others": (OTHERS, CODE)},
    repulsion.exact: {"codes": CODES, "others": (OTHERS, CODE), "log_scales": (CODE,)},
    repulsion.chunked: {"codes": CODES, "others": (OTHERS, CODE), "log_scales": (CODE,)},
    repulsion.sampled: {"codes": CODES, "others": (OTHERS, CODE), "log_scales": (CODE,)},
    variational.kl_divergence: {"mean": CODES, "log_variance": CODES},
}  # fmt: skip
EVERY = pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.__name__)


def beside(loss, batch):
    """The arguments without gradients, of those that the function has."""
    artists = np.arange(batch) % 3
    values = {
        "artists": artists.astype("int32"),
        "apart": (artists[:, None] != np.arange(OTHERS)).astype("float32"),
        "prefix_weights": prefix_law(CODE, keep=0.7).astype("float32"),
        "seed": 3,
        "least": 0.08,
    }
    return {name: values[name] for name in inspect.signature(loss).parameters if name in values}


def arguments(loss, batch):
    rng = np.random.default_rng(batch)
    shapes = {
        name: [batch if size is BATCH else size for size in shape]
        for name, shape in LOSSES[loss].items()
    }
    return {name: rng.normal(size=shape).astype("float32") for name, shape in shapes.items()}


def value_and_gradients(loss, given):
    batch = len(next(iter(given.values())))
    tensors = {name: tf.convert_to_tensor(array) for name, array in given.items()}
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        outputs = tf.nest.flatten(loss(**tensors, **beside(loss, batch)))
        total = tf.add_n([tf.reduce_sum(output) for output in outputs])
    return outputs, tape.gradient(total, tensors)


def assert_finite(loss, given):
    outputs, gradients = value_and_gradients(loss, given)
    for output in outputs:
        assert np.isfinite(output).all()
    for name, gradient in gradients.items():
        assert gradient.shape == given[name].shape
        assert np.isfinite(tf.cast(gradient, tf.float32)).all(), name


@EVERY
def test_at_zero_distance_far_apart_black_and_saturated_all_is_finite(loss):
    """In float32 a logit saturates beyond 17; its square and exponential at 50 are no overflow."""
    given = arguments(loss, 4)
    compared = [name for name in given if name != "log_scales"]
    for corner in itertools.product((-50.0, -1.0, 0.0, 1.0, 50.0), repeat=len(compared)):
        for name, value in zip(compared, corner, strict=True):
            given[name] = np.full_like(given[name], value)
        assert_finite(loss, given)


@pytest.mark.parametrize("batch", [1, 2, 7])
@EVERY
def test_any_number_of_works_has_a_value_and_gradients(loss, batch):
    given = arguments(loss, batch)
    assert_finite(loss, given)
    for output in value_and_gradients(loss, given)[0]:
        assert output.shape.rank == 0 or output.shape[0] == batch


@EVERY
def test_the_same_input_gives_the_same_output_and_stays_as_it_was(loss):
    given = arguments(loss, 6)
    before = {name: array.copy() for name, array in given.items()}
    first, _ = value_and_gradients(loss, given)
    tf.random.uniform((3,)), keras.random.uniform((3,))
    again, _ = value_and_gradients(loss, given)
    for output, expected in zip(again, first, strict=True):
        np.testing.assert_array_equal(output, expected)
    np.testing.assert_equal(given, before)


@EVERY
def test_traced_with_an_unknown_batch_it_gives_what_it_gives_eagerly(loss):
    given = arguments(loss, 6)
    fixed = beside(loss, 6)
    eager = tf.nest.flatten(loss(**given, **fixed))
    signature = {
        name: tf.TensorSpec([None if size is BATCH else size for size in shape], tf.float32)
        for name, shape in LOSSES[loss].items()
    }
    traced = tf.function(lambda tensors: loss(**tensors, **fixed), input_signature=[signature])
    for output, expected in zip(tf.nest.flatten(traced(given)), eager, strict=True):
        np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-6)


@EVERY
def test_of_bfloat16_it_computes_in_float32(loss):
    """The value is that of the rounded inputs: nothing on the way is rounded again."""
    rounded = {name: tf.cast(array, tf.bfloat16) for name, array in arguments(loss, 6).items()}
    single = {name: tf.cast(tensor, tf.float32) for name, tensor in rounded.items()}
    outputs, gradients = value_and_gradients(loss, rounded)
    expected, _ = value_and_gradients(loss, single)
    for output, wanted in zip(outputs, expected, strict=True):
        assert output.dtype == tf.float32
        np.testing.assert_allclose(output, wanted, rtol=1e-5, atol=1e-6)
    assert {gradient.dtype for gradient in gradients.values()} == {tf.bfloat16}


def test_every_loss_has_a_row():
    defined = {
        (path.stem, node.name)
        for path in package_files()
        if "losses" in path.parts
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert defined == {(loss.__module__.rpartition(".")[2], loss.__name__) for loss in LOSSES}
