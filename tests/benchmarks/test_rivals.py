import json
import pathlib

import numpy as np
import pytest
import tensorflow as tf

from benchmarks.contenders.rivals import proxy_anchor, supervised_contrastive, triplet_semi_hard
from tests.benchmarks import rival_loops

RNG = np.random.default_rng(31)
REFERENCES = json.loads((pathlib.Path(__file__).parent / "rival_references.json").read_text())
CODES, PROXIES = np.float32(REFERENCES["codes"]), np.float32(REFERENCES["proxies"])
ARTISTS = np.array(REFERENCES["artists"])
BATCHES = {
    "three_artists_alike": [0, 0, 1, 1, 2, 2],
    "unequal_numbers_of_works": [0, 0, 0, 0, 1, 1, 2],
    "one_work_each": [0, 1, 2, 3],
    "one_artist": [1, 1, 1],
    "one_work": [2],
    "out_of_order": [2, 0, 2, 1, 0, 2],
}
EVERY = pytest.mark.parametrize("artists", BATCHES.values(), ids=BATCHES.keys())
RIVALS = {
    "triplet": triplet_semi_hard,
    "supervised_contrastive": supervised_contrastive,
    "proxy_anchor": lambda codes, artists: proxy_anchor(codes, artists, PROXIES),
}
RIVAL = pytest.mark.parametrize("rival", RIVALS.values(), ids=RIVALS.keys())


def example(artists):
    return RNG.normal(size=(len(artists), 4)).astype("float32"), np.array(artists)


def with_gradient(loss, codes):
    codes = tf.constant(codes)
    with tf.GradientTape() as tape:
        tape.watch(codes)
        value = loss(codes)
    return float(value), tape.gradient(value, codes).numpy()


@EVERY
@pytest.mark.parametrize("margin", [0.2, 1.0])
def test_the_triplet_loss_is_the_mean_over_pairs_with_their_semi_hard_negative(artists, margin):
    for _ in range(5):
        codes, artists = example(artists)
        expected = rival_loops.triplet_semi_hard(codes, artists, margin)
        loss = triplet_semi_hard(codes, artists, margin=margin)
        assert float(loss) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_the_triplet_loss_by_hand():
    # Directions at 0 and 90 degrees by one artist, 180 by another: squared distances 2, 4 and 2.
    codes = np.float32([[3, 0], [0, 1], [-2, 0]])
    # 0 -> 90: the other is further (2 - 4 + 0.2 < 0); 90 -> 0: it is as far (2 - 2 + 0.2).
    assert float(triplet_semi_hard(codes, np.array([0, 0, 1]))) == pytest.approx(0.1)
    # With margin 2.5: 0.5 and 2.5.
    assert float(triplet_semi_hard(codes, np.array([0, 0, 1]), margin=2.5)) == pytest.approx(1.5)


@EVERY
@pytest.mark.parametrize("temperature", [0.1, 0.7])
def test_the_contrastive_loss_is_the_mean_over_works_and_their_partners(artists, temperature):
    codes, artists = example(artists)
    expected = rival_loops.supervised_contrastive(codes, artists, temperature)
    loss = supervised_contrastive(codes, artists, temperature=temperature)
    assert float(loss) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_the_contrastive_loss_by_hand():
    # All cosines are 1: of three others each is picked with probability 1/3.
    codes = np.float32([[1, 1], [2, 2], [3, 3], [4, 4]])
    loss = supervised_contrastive(codes, np.array([0, 0, 1, 1]))
    assert float(loss) == pytest.approx(np.log(3), rel=1e-6)


@EVERY
@pytest.mark.parametrize("options", [{}, {"margin": 0.3, "scale": 4.0}])
def test_the_proxy_loss_is_the_sum_over_proxies_and_works(artists, options):
    codes, artists = example(artists)
    expected = rival_loops.proxy_anchor(codes, artists, PROXIES, **options)
    loss = proxy_anchor(codes, artists, PROXIES, **options)
    assert float(loss) == pytest.approx(expected, rel=1e-5)


def test_the_proxy_loss_by_hand():
    # The work lies on its own proxy and at a right angle to the other.
    codes, proxies = np.float32([[2, 0]]), np.float32([[1, 0], [0, 5]])
    pull, push = np.log1p(np.exp(-4 * 0.9)), np.log1p(np.exp(4 * 0.1))
    loss = proxy_anchor(codes, np.array([0]), proxies, scale=4.0)
    assert float(loss) == pytest.approx(pull + push / 2, rel=1e-6)


@pytest.mark.parametrize(("name", "reference"), REFERENCES["supervised_contrastive"].items())
def test_the_contrastive_loss_is_that_of_pytorch_metric_learning(name, reference):
    value, gradient = with_gradient(
        lambda codes: supervised_contrastive(codes, ARTISTS, temperature=float(name)), CODES
    )
    assert value == pytest.approx(reference["value"], rel=1e-5)
    np.testing.assert_allclose(gradient, reference["gradient"], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("name", "reference"), REFERENCES["proxy_anchor"].items())
def test_the_proxy_loss_is_that_of_pytorch_metric_learning(name, reference):
    margin, scale = map(float, name.split(", "))
    value, gradient = with_gradient(
        lambda codes: proxy_anchor(codes, ARTISTS, PROXIES, margin=margin, scale=scale), CODES
    )
    assert value == pytest.approx(reference["value"], rel=1e-5)
    np.testing.assert_allclose(gradient, reference["gradient"], rtol=1e-4, atol=1e-4)


@RIVAL
@pytest.mark.parametrize("codes", [np.ones((4, 4), "float32"), np.zeros((4, 4), "float32")])
def test_gradients_are_finite_where_all_codes_coincide(rival, codes):
    value, gradient = with_gradient(lambda codes: rival(codes, np.array([0, 0, 1, 1])), codes)
    assert np.isfinite(value)
    assert np.isfinite(gradient).all()


@RIVAL
def test_only_directions_count_and_turning_all_of_them_changes_nothing(rival):
    codes, artists = example([0, 0, 1, 1, 2, 2])
    lengths = RNG.uniform(0.1, 5, (6, 1)).astype("float32")
    assert float(rival(codes * lengths, artists)) == pytest.approx(
        float(rival(codes, artists)), rel=1e-4
    )


@RIVAL
def test_codes_of_half_precision_are_compared_in_single(rival):
    codes, artists = example([0, 0, 1, 1])
    assert rival(tf.cast(codes, tf.bfloat16), artists).dtype == tf.float32
