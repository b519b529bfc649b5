"""Gaps and confusions by hand, and against loops that leave one work out."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation.look_alikes import discrimination_gaps, look_alikes
from anime_style_tf.evaluation.uncertainty import intervals


def test_gaps_to_given_means_by_hand():
    means = [[0.0], [10.0], [100.0]]
    # Own distances 1, 2, 1, 6; to the nearest other mean 9, 12, 9, 4.
    codes, labels = [[1.0], [-2.0], [9.0], [4.0]], [0, 0, 1, 1]
    result = discrimination_gaps(codes, labels, means)
    np.testing.assert_array_equal(result.artists, [0, 1])
    np.testing.assert_allclose(result.gaps, [(8 + 10) / 2, (8 - 2) / 2])
    np.testing.assert_allclose(result.ahead, [1.0, 0.5])
    np.testing.assert_array_equal(result.nearest_others, [1, 0])


def test_without_means_each_works_own_is_that_of_the_others():
    generator = np.random.default_rng(0)
    labels = np.repeat([3, 5, 8], [4, 2, 6])
    codes = generator.normal(size=(12, 3)) + labels[:, None] / 2
    expected = {artist: [] for artist in (3, 5, 8)}
    for i, (code, artist) in enumerate(zip(codes, labels, strict=True)):
        others = (labels == artist) & (np.arange(12) != i)
        own = np.linalg.norm(code - codes[others].mean(axis=0))
        away = [
            np.linalg.norm(code - codes[labels == b].mean(axis=0)) for b in expected if b != artist
        ]
        expected[artist].append(min(away) - own)
    result = discrimination_gaps(codes, labels)
    np.testing.assert_array_equal(result.artists, [3, 5, 8])
    np.testing.assert_allclose(result.gaps, [np.mean(each) for each in expected.values()])


def test_codes_that_say_nothing_have_no_gap_beyond_that_of_the_nearest_of_many():
    generator = np.random.default_rng(2)
    labels = np.arange(400) % 2
    result = discrimination_gaps(generator.normal(size=(400, 20)), labels)
    assert ((result.low < 0) & (result.high > 0)).all()


def test_gaps_have_intervals_that_follow_the_clusters():
    generator = np.random.default_rng(1)
    labels, subjects = np.repeat([0, 1], 20), np.tile(np.repeat(np.arange(5), 4), 2)
    # Works of one subject lie together, so that 20 works are no more than 5.
    codes = 4 * labels[:, None] + generator.normal(size=(5, 2))[subjects]
    result = discrimination_gaps(codes, labels, [[0.0, 0.0], [4.0, 4.0]], clusters=subjects)
    distances = np.linalg.norm(codes[:, None] - [[0.0, 0.0], [4.0, 4.0]], axis=-1)
    gaps = distances[:20, 1] - distances[:20, 0]
    low, high = intervals.mean_interval(gaps, subjects[:20])
    assert (result.low[0], result.high[0]) == pytest.approx((low, high))
    alone = discrimination_gaps(codes, labels, [[0.0, 0.0], [4.0, 4.0]])
    assert result.high[0] - result.low[0] > 1.5 * (alone.high[0] - alone.low[0])


def test_gaps_need_two_artists_with_two_works():
    with pytest.raises(ValueError, match="two artists, each with two works"):
        discrimination_gaps([[0.0], [1.0]], [0, 0])
    with pytest.raises(ValueError, match="two artists, each with two works"):
        discrimination_gaps([[0.0], [1.0], [2.0]], [0, 0, 1])


def test_look_alikes_by_hand():
    labels = [0] * 4 + [1] * 4 + [2] * 4
    #           0: one for 1   1: two for 0, one for 2   2: none
    predicted = [*(0, 0, 0, 1), *(0, 0, 1, 2), *(2, 2, 2, 2)]
    result = look_alikes(labels, predicted)
    np.testing.assert_array_equal(result.pairs, [[0, 1], [1, 2]])
    np.testing.assert_allclose(result.rates, [[0.25, 0.5], [0.25, 0.0]])
    expected = np.array([intervals.wilson_interval(n, 4) for n in (1, 2, 1, 0)])
    np.testing.assert_allclose(result.low.ravel(), expected[:, 0])
    np.testing.assert_allclose(result.high.ravel(), expected[:, 1])


def test_clusters_that_err_together_widen_the_interval_and_others_do_not():
    labels, predicted = np.repeat([0, 1], 40), np.repeat([0, 1, 1], [30, 10, 40])
    together = look_alikes(labels, predicted, clusters=np.tile(np.arange(40) // 10, 2))
    apart = look_alikes(labels, predicted, clusters=np.tile(np.arange(40), 2))
    plain = look_alikes(labels, predicted)
    np.testing.assert_allclose(apart.high, plain.high)
    assert together.rates[0, 0] == plain.rates[0, 0] == 0.25
    assert together.high[0, 0] - together.low[0, 0] > 2 * (plain.high - plain.low)[0, 0]
    # Four clusters of ten, one all wrong: the sandwich variance is 4/3 * 3/4 * 1/4 / 4.
    effect = (0.25 * 0.75 / 3) / (0.25 * 0.75 / 39)
    # Student's t with 3 degrees of freedom in place of the normal quantile.
    confidence = 2 * stats.norm.cdf(stats.t.ppf(0.975, 3)) - 1
    expected = intervals.wilson_interval(0.25 * 40 / effect, 40 / effect, confidence=confidence)
    assert (together.low[0, 0], together.high[0, 0]) == pytest.approx(expected)


def test_where_nobody_is_confused_there_are_no_pairs():
    result = look_alikes([0, 1, 2], [0, 1, 2])
    assert result.pairs.shape == result.rates.shape == result.low.shape == (0, 2)


def test_artists_without_works_make_no_pairs():
    assert look_alikes([0, 0, 1], [0, 7, 1]).pairs.size == 0
