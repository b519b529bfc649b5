"""Heads of rankings against definitions spelled out, scikit-learn's order and hand examples."""

import itertools

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from anime_style_tf.evaluation.retrieval import ranking
from anime_style_tf.search import nearest

NAMES = ["precision_at_1", "precision_at_3", "r_precision", "map_at_r"]


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    labels = generator.integers(6, size=90)
    return generator.normal(size=(6, 10))[labels] + 1.5 * generator.normal(size=(90, 10)), labels


def by_definition(relevant, count):
    """Musgrave et al. (2020), from one ranking of zeros and ones and R = `count`."""
    precisions = [sum(relevant[:i]) / i for i in range(1, count + 1)]
    at_r = [precision * hit for precision, hit in zip(precisions, relevant, strict=False)]
    return [relevant[0], sum(relevant[:3]) / 3, precisions[-1], sum(at_r) / count]


def of_query(found, query):
    return [found.values[name][query, 0] for name in NAMES]


@pytest.mark.parametrize("d", [1, 4, 10])
def test_leave_one_out_follows_the_order_of_scikit_learn(works, d):
    codes, labels = works
    order = NearestNeighbors(n_neighbors=89).fit(codes[:, :d]).kneighbors(return_distance=False)
    found = ranking.rank(codes, labels, prefixes=(d,), cutoffs=(1, 3))
    for query, near in enumerate(order):
        relevant = (labels[near] == labels[query]).astype(int).tolist()
        expected = by_definition(relevant, sum(relevant))
        np.testing.assert_allclose(of_query(found, query), expected, atol=1e-12)


def test_a_disjoint_gallery_follows_the_order_of_scikit_learn(works):
    codes, labels = works
    order = NearestNeighbors(n_neighbors=60).fit(codes[30:]).kneighbors(codes[:30])[1]
    found = ranking.rank(codes[:30], labels[:30], codes[30:], labels[30:], cutoffs=(1, 3))
    for query, near in enumerate(order):
        relevant = (labels[30:][near] == labels[query]).astype(int).tolist()
        expected = by_definition(relevant, sum(relevant))
        np.testing.assert_allclose(of_query(found, query), expected, atol=1e-12)


def test_a_ranking_by_hand():
    # Nearest first: right, wrong, right, right; R = 3.
    found = ranking.rank([[0.0]], [1], [[1.0], [2], [3], [4]], [1, 0, 1, 1], cutoffs=(1, 3))
    np.testing.assert_allclose(of_query(found, 0), [1, 2 / 3, 2 / 3, (1 + 2 / 3) / 3])


@pytest.mark.parametrize("seed", range(12))
def test_ties_give_the_mean_over_all_orders_of_the_tied(seed):
    generator = np.random.default_rng(seed)
    gallery = generator.integers(-1, 3, size=6).astype(float)
    labels = np.append(generator.integers(2, size=5), 0)
    orders = [
        order
        for order in itertools.permutations(range(6))
        if np.all(np.diff(gallery[list(order)] ** 2) >= 0)
    ]
    relevant = [(labels[list(order)] == 0).astype(int).tolist() for order in orders]
    expected = np.mean([by_definition(each, sum(each)) for each in relevant], axis=0)

    found = ranking.rank([[0.0]], [0], gallery[:, None], labels, cutoffs=(1, 3))
    np.testing.assert_allclose(of_query(found, 0), expected, atol=1e-12)


def test_copies_in_the_gallery_tie_exactly():
    code = np.random.default_rng(1).normal(size=(1, 512)) * 1e3
    found = ranking.rank(code + 1e-7, [0], np.repeat(code, 2, axis=0), [0, 1], cutoffs=(1,))
    assert found.mean("precision_at_1") == [0.5]


def test_a_collapsed_encoder_ranks_by_chance():
    found = ranking.rank(np.ones((5, 3)), [0, 0, 0, 1, 1], cutoffs=(1, 3))
    np.testing.assert_allclose(found.values["precision_at_3"][:, 0], [0.5, 0.5, 0.5, 0.25, 0.25])
    np.testing.assert_allclose(found.values["r_precision"][:, 0], [0.5, 0.5, 0.5, 0.25, 0.25])


def test_lone_labels_are_left_out_of_every_mean():
    found = ranking.rank([[0.0], [1.0], [2.0], [9.0]], [0, 0, 1, 2], cutoffs=(1,))
    np.testing.assert_array_equal(found.counted, [True, True, False, False])
    np.testing.assert_allclose(found.mean("r_precision"), [0.75])
    np.testing.assert_allclose(found.mean("map_at_r"), [0.75])
    strange = ranking.rank([[0.0], [1.0]], [0, 5], [[0.0], [1.0]], [0, 1])
    np.testing.assert_array_equal(strange.counted, [True, False])


def test_places_that_a_small_gallery_cannot_fill_are_wrong():
    found = ranking.rank([[0.0]], [0], [[0.0], [1.0]], [0, 0], cutoffs=(10,))
    np.testing.assert_allclose(found.mean("precision_at_10"), [0.2])


def test_each_prefix_is_ranked_for_itself(works):
    codes, labels = works
    together = ranking.rank(codes, labels, prefixes=(2, 5, None))
    np.testing.assert_array_equal(together.lengths, [2, 5, 10])
    for column, d in enumerate(together.lengths):
        alone = ranking.rank(codes[:, :d], labels)
        for name, values in alone.values.items():
            np.testing.assert_array_equal(together.values[name][:, column], values[:, 0])


@pytest.mark.parametrize("limit", [1, 300])
def test_neither_blocks_of_queries_nor_of_pairs_change_anything(works, monkeypatch, limit):
    codes, labels = works
    whole = ranking.rank(codes, labels).values
    monkeypatch.setattr(nearest, "_BLOCK_ELEMENTS", limit)
    monkeypatch.setattr(nearest, "_BLOCK_PAIRS", limit)
    for name, values in ranking.rank(codes, labels).values.items():
        np.testing.assert_array_equal(values, whole[name])


def test_a_cutoff_below_one_is_an_error():
    with pytest.raises(ValueError, match="at least 1; received"):
        ranking.rank([[0.0]], [0], cutoffs=(0, 1))
    with pytest.raises(ValueError, match="at least 1; received"):
        ranking.rank([[0.0]], [0], cutoffs=(), at_r=False)


def test_half_a_gallery_is_an_error():
    with pytest.raises(ValueError, match="belong together"):
        ranking.rank([[0.0]], [0], [[0.0]])
    with pytest.raises(ValueError, match="1 dimensions"):
        ranking.rank([[0.0]], [0], [[0.0, 1.0]], [0])
