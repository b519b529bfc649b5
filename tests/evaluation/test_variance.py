"""The variance ratio against its pairwise definition, in float64."""

import numpy as np
import pytest

from anime_style_tf.evaluation import variance


def _pairwise(codes, labels, d):
    """V_within and V_diff of prefix d, by the definition, one pair at a time."""
    artists = np.unique(labels)
    within, different = [], []
    for a in artists:
        own = codes[labels == a, :d]
        within.append(np.mean(np.sum((own - own.mean(axis=0)) ** 2, axis=1)))
        for b in artists:
            if a != b:
                other = codes[labels == b, :d]
                different.append(np.mean([np.sum((x - y) ** 2) for x in own for y in other]))
    return np.mean(within), np.mean(different)


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    labels = np.array([0] * 5 + [1] * 9 + [4] * 3 + [6] * 2)
    return generator.normal(size=(7, 4))[labels] + generator.normal(size=(19, 4)), labels


def test_every_prefix_matches_the_pairwise_definition(works):
    codes, labels = works
    result = variance.variance_ratio(codes, labels, unbiased=False)
    for d in range(1, 5):
        within, different = _pairwise(codes, labels, d)
        np.testing.assert_allclose(result.within[d - 1], within, rtol=1e-12)
        np.testing.assert_allclose(result.different[d - 1], different, rtol=1e-12)
        np.testing.assert_allclose(result.ratio[d - 1], within / different, rtol=1e-12)


def test_the_unbiased_spread_is_the_sample_variance(works):
    codes, labels = works
    expected = np.mean(
        [np.var(codes[labels == a], axis=0, ddof=1).sum() for a in np.unique(labels)]
    )
    result = variance.variance_ratio(codes, labels)
    np.testing.assert_allclose(result.within[-1], expected)
    biased = variance.variance_ratio(codes, labels, unbiased=False)
    np.testing.assert_allclose(result.different, biased.different)


def test_the_unbiased_ratio_does_not_depend_on_the_number_of_works():
    generator = np.random.default_rng(1)
    means = generator.normal(size=(200, 8))
    labels = np.repeat(np.arange(200), 40)
    codes = means[labels] + generator.normal(size=(8000, 8))
    few = np.arange(8000) % 40 < 2
    many = variance.variance_ratio(codes, labels).ratio[-1]
    unbiased = variance.variance_ratio(codes[few], labels[few]).ratio[-1]
    biased = variance.variance_ratio(codes[few], labels[few], unbiased=False).ratio[-1]
    assert abs(unbiased - many) < 0.02
    assert biased < many - 0.1


def test_the_ratio_is_a_half_where_artists_do_not_differ_and_zero_where_works_do_not():
    codes = np.array([[1.0], [-1.0], [1.0], [-1.0]])
    labels = np.array([0, 0, 1, 1])
    np.testing.assert_allclose(variance.variance_ratio(codes, labels, unbiased=False).ratio, [0.5])
    apart = variance.variance_ratio([[1.0], [1.0], [2.0], [2.0]], labels)
    np.testing.assert_allclose(apart.ratio, [0])


def test_moving_and_scaling_the_space_changes_no_ratio(works):
    codes, labels = works
    ratio = variance.variance_ratio(codes, labels).ratio
    np.testing.assert_allclose(variance.variance_ratio(100 - 3 * codes, labels).ratio, ratio)


def test_an_artist_with_one_work_counts_only_between_artists():
    codes, labels = np.array([[0.0], [2.0], [10.0]]), np.array([0, 0, 1])
    result = variance.variance_ratio(codes, labels)
    np.testing.assert_allclose(result.within, [2.0])
    np.testing.assert_allclose(result.different, [(100 + 64) / 2])
    biased = variance.variance_ratio(codes, labels, unbiased=False)
    np.testing.assert_allclose(biased.within, [0.5])


def test_coinciding_works_have_no_ratio():
    ratio = variance.variance_ratio(np.zeros((4, 2)), np.array([0, 0, 1, 1])).ratio
    assert np.isnan(ratio).all()


def test_too_few_works_are_an_error():
    with pytest.raises(ValueError, match="two artists"):
        variance.variance_ratio([[0.0], [1.0]], np.array([0, 0]))
    with pytest.raises(ValueError, match="two works"):
        variance.variance_ratio([[0.0], [1.0]], np.array([0, 1]))
