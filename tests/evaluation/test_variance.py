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


def test_without_each_artist_it_is_the_ratio_of_the_works_that_are_left():
    generator = np.random.default_rng(2)
    labels = np.array([0] * 5 + [1] * 9 + [4] * 3 + [6] * 2 + [9])  # one with a single work
    codes = generator.normal(size=(10, 4))[labels] + generator.normal(size=(20, 4))
    found = variance.without_each_artist(codes, labels)
    for row, artist in enumerate(np.unique(labels)):
        left = labels != artist
        expected = variance.variance_ratio(codes[left], labels[left])
        np.testing.assert_allclose(found.within[row], expected.within)
        np.testing.assert_allclose(found.different[row], expected.different)


def simulate(generator, artists, works=12):
    """Codes by two encoders of works by as many artists, some of whom vary more than others."""
    labels = np.repeat(np.arange(artists), works)
    spread = np.exp(0.2 * generator.normal(size=artists))[labels, None]
    means = 1.5 * generator.normal(size=(artists, 6))[labels]
    own = spread * generator.normal(size=(len(labels), 6))
    return means + own, means + 0.5 * own + generator.normal(size=own.shape), labels


def test_the_intervals_hold_the_truth_as_often_as_they_say():
    generator = np.random.default_rng(3)
    within = np.exp(2 * 0.2**2)  # of one dimension; the mean of a log-normal variance
    second = 0.25 * within + 1
    truths = within / (2 * within + 4.5), second / (2 * second + 4.5)
    held = np.zeros(3)
    for _ in range(400):
        first_codes, second_codes, labels = simulate(generator, 14)
        found = [
            variance.ratio_with_interval(first_codes, labels)[1],
            variance.ratio_with_interval(second_codes, labels)[1],
            variance.ratio_of_ratios(first_codes, second_codes, labels)[1],
        ]
        for row, truth in enumerate((*truths, truths[0] / truths[1])):
            held[row] += found[row][0][-1] <= truth <= found[row][1][-1]
    # Two standard errors of a share of 400 are .022.
    assert (held / 400 > 0.92).all()
    assert (held / 400 < 0.98).all()


def test_a_quotient_of_an_encoder_with_itself_is_one_without_doubt(works):
    codes, labels = works
    quotient, (low, high) = variance.ratio_of_ratios(codes, 3 * codes, labels)
    np.testing.assert_allclose([quotient, low, high], 1)


def test_a_quotient_needs_the_same_works_and_dimensions(works):
    codes, labels = works
    with pytest.raises(ValueError, match="same works twice"):
        variance.ratio_of_ratios(codes, codes[:, :2], labels)


def test_two_artists_have_a_ratio_without_an_interval():
    labels = np.array([0, 0, 1, 1])
    ratio, interval = variance.ratio_with_interval([[0.0], [1.0], [5.0], [6.0]], labels)
    assert np.isfinite(ratio).all()
    assert np.isnan(interval).all()
