import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.layers.nested_dropout import NestedDropout, prefix_law
from anime_style_tf.losses.metric_learning import pair_terms, presumed_terms
from tests.losses import triple_loop

RNG = np.random.default_rng(13)
SIZE = 5
BATCHES = {
    "three_artists_alike": [0, 0, 1, 1, 2, 2],
    "unequal_numbers_of_works": [0, 0, 0, 0, 1, 1, 2],
    "one_work_each": [0, 1, 2, 3],
    "one_artist": [1, 1, 1],
    "one_work": [2],
    "out_of_order": [2, 0, 2, 1, 0, 2],
}
EVERY = pytest.mark.parametrize("artists", BATCHES.values(), ids=BATCHES.keys())
SCALES = pytest.mark.parametrize("scales", ["at_start", "learned"])


def example(artists, scales="learned", people=4):
    return {
        "codes": RNG.normal(0, 0.7, (len(artists), SIZE)).astype("float32"),
        "presumed": RNG.normal(0, 0.7, (people, SIZE)).astype("float32"),
        "weights": prefix_law(SIZE, keep=0.6).astype("float32"),
        "scales": np.zeros(SIZE, "float32")
        if scales == "at_start"
        else RNG.normal(0, 0.6, SIZE).astype("float32"),
    }


@EVERY
@SCALES
def test_pair_terms_are_the_sums_over_pairs_and_prefixes(artists, scales):
    e = example(artists, scales)
    terms = pair_terms(
        e["codes"], np.array(artists), prefix_weights=e["weights"], log_scales=e["scales"]
    )
    expected = triple_loop.pair_terms(e["codes"], artists, e["weights"], e["scales"])
    np.testing.assert_allclose(terms, expected, rtol=1e-4, atol=1e-7)


@EVERY
@SCALES
def test_presumed_terms_are_the_sums_over_works_artists_and_prefixes(artists, scales):
    e = example(artists, scales)
    terms = presumed_terms(
        e["codes"], np.array(artists), e["presumed"],
        prefix_weights=e["weights"], log_scales=e["scales"],
    )  # fmt: skip
    expected = triple_loop.presumed_terms(
        e["codes"], artists, e["presumed"], e["weights"], e["scales"]
    )
    np.testing.assert_allclose(terms, expected, rtol=1e-4, atol=1e-7)


def test_a_single_presumed_style_has_nothing_to_be_pushed_from():
    e = example([0, 0], people=1)
    _, push = presumed_terms(
        e["codes"], np.array([0, 0]), e["presumed"],
        prefix_weights=e["weights"], log_scales=e["scales"],
    )  # fmt: skip
    assert float(push) == 0.0


def losses(codes, presumed, scales, artists, weights):
    shared = {"prefix_weights": weights, "log_scales": scales}
    return [
        *pair_terms(codes, artists, **shared),
        *presumed_terms(codes, artists, presumed, **shared),
    ]


@EVERY
def test_gradients_are_those_of_finite_differences(artists):
    e = example(artists)
    factors = np.array([1.0, 3.0, 0.5, 2.0])
    inputs = [tf.constant(e[key]) for key in ("codes", "presumed", "scales")]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        terms = losses(*inputs, np.array(artists), e["weights"])
        loss = tf.add_n([factor * term for factor, term in zip(factors, terms, strict=True)])
    gradients = tape.gradient(loss, inputs)

    def reference(codes, presumed, scales):
        pair = triple_loop.pair_terms(codes, artists, e["weights"], scales)
        own = triple_loop.presumed_terms(codes, artists, presumed, e["weights"], scales)
        return factors @ [*pair, *own]

    values = [np.asarray(value, "float64") for value in inputs]
    for position, gradient in enumerate(gradients):
        assert np.isfinite(gradient).all()
        direction = RNG.normal(size=gradient.shape)
        ends = []
        for step in (1e-5, -1e-5):
            moved = [*values]
            moved[position] = values[position] + step * direction
            ends.append(reference(*moved))
        slope = (ends[0] - ends[1]) / 2e-5
        assert (gradient.numpy() * direction).sum() == pytest.approx(slope, rel=2e-3, abs=1e-5)


def test_gradients_are_finite_where_all_codes_coincide():
    inputs = [tf.zeros((4, SIZE)), tf.zeros((3, SIZE)), tf.zeros(SIZE)]
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        weights = prefix_law(SIZE).astype("float32")
        loss = tf.add_n(losses(*inputs, np.array([0, 0, 1, 1]), weights))
    assert all(np.isfinite(gradient).all() for gradient in tape.gradient(loss, inputs))


def test_the_expectation_is_the_mean_over_sampled_prefix_lengths():
    """One length a batch, drawn by the layer that masks codes, as nested dropout would train."""
    artists = np.array([0, 0, 1, 1, 2, 2])
    e = example(artists)
    masks = NestedDropout(keep=0.6, seed=9)(np.ones((4000, SIZE), "float32"), training=True)
    lengths = masks.numpy().sum(axis=1).astype(int)
    full_code_only = np.eye(SIZE)[-1].astype("float32")
    per_length = []
    for length in range(1, SIZE + 1):
        kept = (np.arange(SIZE) < length).astype("float32")
        scale = np.full(SIZE, e["scales"][length - 1])
        masked = (e["codes"] * kept, e["presumed"] * kept, scale)
        per_length.append([float(term) for term in losses(*masked, artists, full_code_only)])
    sampled = np.array(per_length)[lengths - 1]
    standard_error = sampled.std(axis=0) / len(sampled) ** 0.5
    exact = losses(e["codes"], e["presumed"], e["scales"], artists, e["weights"])
    assert (np.abs(sampled.mean(axis=0) - exact) < 4 * standard_error).all()


def test_moving_and_mirroring_all_codes_changes_nothing():
    artists = np.array([0, 0, 1, 1])
    e = example(artists)
    before = losses(e["codes"], e["presumed"], e["scales"], artists, e["weights"])
    signs = np.float32([1, -1, 1, -1, -1])
    moved = [signs * value + np.float32(0.5) for value in (e["codes"], e["presumed"])]
    after = losses(*moved, e["scales"], artists, e["weights"])
    np.testing.assert_allclose(after, before, rtol=1e-4)


def test_codes_of_half_precision_are_compared_in_single():
    artists = np.array([0, 0, 1, 1])
    e = example(artists)
    codes = tf.cast(e["codes"], tf.bfloat16)
    terms = losses(codes, e["presumed"], e["scales"], artists, e["weights"])
    assert {term.dtype for term in terms} == {tf.float32}
