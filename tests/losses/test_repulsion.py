import math

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.layers.nested_dropout import prefix_law
from anime_style_tf.losses.repulsion import (
    CHUNK,
    chunked,
    exact,
    prefix_squared_distances,
    sampled,
)
from tests.losses import triple_loop

# works, artists, dimensions of the code: chunks that are full, or not; blocks of many lengths.
SIZES = [(4, 3, 5), (6, CHUNK, 32), (3, CHUNK + 1, 33), (5, 200, 37), (8, 3 * CHUNK, 512)]
EVERY = pytest.mark.parametrize("sizes", SIZES, ids=str)


def example(works, artists, size, seed=3):
    """Codes near their artists' styles; scaled so that pairs are neither far nor near."""
    rng = np.random.default_rng(seed)
    styles = rng.normal(0, 1, (artists, size))
    own = np.arange(works) % artists
    codes = styles[own] + rng.normal(0, 0.3, (works, size))
    scales = -0.5 * np.log(np.arange(1, size + 1)) + rng.normal(0, 0.1, size)
    apart = np.ones((works, artists))
    apart[np.arange(works), own] = 0
    arrays = [each.astype("float32") for each in (codes, styles, scales, apart)]
    return *arrays, prefix_law(size).astype("float32")


def value_and_gradients(form, codes, styles, scales, apart, weights, **options):
    inputs = [tf.constant(each) for each in (codes, styles, scales)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        value = form(
            *inputs[:2], apart, prefix_weights=weights, log_scales=inputs[2], **options
        )  # fmt: skip
    return [value.numpy(), *[each.numpy() for each in tape.gradient(value, inputs)]]


def test_distances_of_all_prefixes_by_hand():
    codes, others = np.float32([[1, 2, 3]]), np.float32([[0, 0, 0], [1, 0, 5]])
    expected = [[[1, 5, 14], [0, 4, 8]]]
    np.testing.assert_allclose(prefix_squared_distances(codes, others), expected)


@pytest.mark.parametrize("form", [exact, chunked])
def test_the_value_is_the_mean_over_pairs_of_the_sum_over_prefixes(form):
    codes, styles, scales, apart, weights = example(5, 70, 6)
    _, expected = triple_loop.presumed_terms(codes, np.arange(5), styles, weights, scales)
    value = form(codes, styles, apart, prefix_weights=weights, log_scales=scales)
    assert float(value) == pytest.approx(expected, rel=1e-5)


@EVERY
def test_chunks_have_the_value_and_the_gradients_of_the_formula(sizes):
    inputs = example(*sizes)
    wanted = value_and_gradients(exact, *inputs)
    for got, expected in zip(value_and_gradients(chunked, *inputs), wanted, strict=True):
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("chunk", [1, 7, 20, 1000])
def test_the_length_of_the_chunks_changes_nothing(chunk):
    inputs = example(4, 20, 16)
    wanted = value_and_gradients(exact, *inputs)
    got = value_and_gradients(chunked, *inputs, chunk=chunk)
    for each, expected in zip(got, wanted, strict=True):
        np.testing.assert_allclose(each, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_codes_that_repel_each_other_get_both_gradients():
    codes, *_, weights = example(70, 3, 8)
    apart = np.triu(np.ones((70, 70), "float32"), k=1)
    gradients = []
    for form in (exact, chunked):
        both = tf.constant(codes)
        with tf.GradientTape() as tape:
            tape.watch(both)
            value = form(both, both, apart, prefix_weights=weights, log_scales=np.zeros(8))
        gradients.append(tape.gradient(value, both).numpy())
    np.testing.assert_allclose(*gradients, rtol=0, atol=1e-5 * np.abs(gradients[0]).max())


def test_works_of_an_unknown_number_are_taken_in_a_graph():
    codes, styles, scales, apart, weights = example(5, 200, 12)
    some, pairs = [None, 12], [None, None]

    @tf.function(input_signature=[tf.TensorSpec(each) for each in (some, some, pairs, pairs)])
    def losses(codes, others, apart_styles, apart_others):
        shared = {"prefix_weights": weights, "log_scales": scales}
        return (
            chunked(codes, tf.constant(styles), apart_styles, **shared),
            chunked(codes, others, apart_others, **shared),
        )

    expected = exact(codes, styles, apart, prefix_weights=weights, log_scales=scales)
    for value in losses(codes, styles, apart, apart):
        assert float(value) == pytest.approx(float(expected), rel=1e-5)


def test_no_array_has_the_pairs_of_all_artists_and_all_dimensions():
    works, artists, size = 64, 40 * CHUNK, 512

    @tf.function(autograph=False)
    def step(codes, styles, scales, apart):
        weights = prefix_law(size).astype("float32")
        with tf.GradientTape() as tape:
            tape.watch([codes, styles])
            value = chunked(codes, styles, apart, prefix_weights=weights, log_scales=scales)
        return tape.gradient(value, [codes, styles])

    shapes = [(works, size), (artists, size), (size,), (works, artists)]
    graph = step.get_concrete_function(*map(tf.TensorSpec, shapes)).graph
    loops = [each.graph for each in graph._functions.values() if hasattr(each, "graph")]
    sizes = [
        math.prod(output.shape)
        for each in (graph, *loops)
        for operation in each.get_operations()
        for output in operation.outputs
        if output.shape.is_fully_defined()
    ]
    assert works * CHUNK * size in sizes
    assert max(sizes) <= max(artists, works * CHUNK) * size


def test_the_mean_over_drawn_lengths_is_the_value_and_the_gradient_of_the_formula():
    inputs = example(6, 30, 16)
    rng = np.random.default_rng(1)
    wanted = value_and_gradients(exact, *inputs)
    directions = [np.ones(()), *[rng.normal(size=each.shape) for each in wanted[1:]]]
    project = [np.vdot(*each) for each in zip(directions, wanted, strict=True)]
    draws = np.array([
        [np.vdot(*each) for each in zip(directions, drawn, strict=True)]
        for drawn in (value_and_gradients(sampled, *inputs, seed=seed) for seed in range(400))
    ])  # fmt: skip
    standard_error = draws.std(axis=0) / len(draws) ** 0.5
    assert (standard_error > 0).all()
    assert (np.abs(draws.mean(axis=0) - project) < 4 * standard_error).all()


def test_with_one_possible_length_nothing_is_left_to_chance():
    codes, styles, scales, apart, _ = example(6, 30, 16)
    for length in (1, 9, 16):
        weights = np.eye(16, dtype="float32")[length - 1]
        inputs = (codes, styles, scales, apart, weights)
        wanted = value_and_gradients(exact, *inputs)
        for got, expected in zip(
            value_and_gradients(sampled, *inputs, seed=5), wanted, strict=True
        ):  # fmt: skip
            np.testing.assert_allclose(got, expected, rtol=0, atol=2e-5 * np.abs(expected).max())


@pytest.mark.parametrize("form", [exact, chunked, sampled])
def test_where_codes_coincide_the_repulsion_is_whole_and_without_direction(form):
    zeros, apart = np.zeros((3, 4), "float32"), np.ones((3, 3), "float32")
    options = {"seed": 0} if form is sampled else {}
    inputs = (zeros, zeros, np.zeros(4, "float32"), apart, prefix_law(4).astype("float32"))
    value, *gradients = value_and_gradients(form, *inputs, **options)
    assert value == pytest.approx(1.0)
    assert all((gradient == 0).all() for gradient in gradients)


@pytest.mark.parametrize("form", [exact, chunked, sampled])
def test_far_pairs_neither_add_nor_overflow(form):
    codes = np.full((2, 4), 1e6, "float32")
    options = {"seed": 0} if form is sampled else {}
    inputs = (codes, -codes, np.zeros(4, "float32"), np.ones((2, 2), "float32"))
    for each in value_and_gradients(form, *inputs, prefix_law(4).astype("float32"), **options):
        assert (each == 0).all()
