"""Intervals against SciPy, closed forms and enumeration."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.uncertainty import intervals


@pytest.mark.parametrize(("successes", "count"), [(0, 7), (7, 7), (3, 10), (812, 1000)])
@pytest.mark.parametrize("confidence", [0.9, 0.95])
def test_the_wilson_interval_is_scipys(successes, count, confidence):
    ours = intervals.wilson_interval(successes, count, confidence=confidence)
    theirs = stats.binomtest(successes, count).proportion_ci(confidence, method="wilson")
    np.testing.assert_allclose(ours, (theirs.low, theirs.high), atol=1e-12)


def test_the_wilson_interval_takes_arrays():
    low, high = intervals.wilson_interval(np.array([0, 5, 10]), 10)
    assert low.shape == high.shape == (3,)
    assert low[0] == 0
    assert high[2] == 1


@pytest.mark.parametrize(("successes", "count"), [(3, 2), (-1, 2), (0, 0)])
def test_an_impossible_proportion_is_an_error(successes, count):
    with pytest.raises(ValueError, match="0 <= successes <= count"):
        intervals.wilson_interval(successes, count)


def test_without_clusters_the_standard_error_is_the_usual_one():
    values = np.random.default_rng(0).normal(size=(50, 3))
    np.testing.assert_allclose(intervals.standard_error(values), stats.sem(values))


def test_the_standard_error_of_zeros_and_ones_is_binomial():
    values = np.array([True] * 30 + [False] * 10)
    np.testing.assert_allclose(intervals.standard_error(values), np.sqrt(0.75 * 0.25 / 39))


def test_clusters_of_equal_size_give_the_standard_error_of_their_means():
    values = np.random.default_rng(1).normal(size=(6, 5))
    clusters = np.repeat([9, 4, 7, 1, 0, 2], 5)
    found = intervals.standard_error(values.ravel(), clusters)
    np.testing.assert_allclose(found, stats.sem(values.mean(axis=1)))


def test_works_that_fail_together_make_the_mean_less_sure():
    values = np.repeat([0, 1, 0, 1], 25)
    clustered = intervals.standard_error(values, np.repeat(np.arange(4), 25))
    assert clustered > 4 * intervals.standard_error(values)


def test_one_cluster_has_no_standard_error():
    with pytest.raises(ValueError, match="at least 2 clusters"):
        intervals.standard_error([1.0, 2.0], [0, 0])


def test_clusters_must_label_every_work():
    with pytest.raises(ValueError, match="one label per work"):
        intervals.standard_error([1.0, 2.0], [0, 1, 2])


def test_the_mean_interval_is_scipys_of_student():
    values = np.random.default_rng(2).normal(3, 2, size=40)
    expected = stats.t.interval(0.9, 39, loc=values.mean(), scale=stats.sem(values))
    np.testing.assert_allclose(intervals.mean_interval(values, confidence=0.9), expected)


def test_with_clusters_the_mean_interval_is_students_of_their_means():
    values = np.random.default_rng(1).normal(size=(6, 5))
    means = values.mean(axis=1)
    expected = stats.t.interval(0.95, 5, loc=means.mean(), scale=stats.sem(means))
    found = intervals.mean_interval(values.ravel(), np.repeat(np.arange(6), 5))
    np.testing.assert_allclose(found, expected)


def test_a_share_of_independent_works_has_wilsons_interval():
    hits = np.arange(40)[:, None] < [0, 13, 40]
    expected = intervals.wilson_interval([0, 13, 40], 40)
    np.testing.assert_allclose(intervals.share_interval(hits), expected)
    np.testing.assert_allclose(intervals.share_interval(hits, np.arange(40)), expected)
    np.testing.assert_allclose(intervals.share_interval(hits, np.zeros(40)), expected)


def test_a_share_of_works_that_are_all_hits_is_still_in_doubt():
    low, high = intervals.share_interval(np.ones(60), np.repeat(np.arange(6), 10))
    assert low < 0.95
    assert high == 1


@pytest.mark.parametrize("artists", [8, 14])
def test_the_interval_of_a_share_holds_that_of_other_artists_as_often_as_it_says(artists):
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(artists), 15)
    held = {"by artist": 0, "works independent": 0}
    for _ in range(400):
        # An artist's own share is uniform between .8 and 1, .9 on average.
        hits = generator.random(len(labels)) < generator.uniform(0.8, 1, artists)[labels]
        for name, clusters in (("by artist", labels), ("works independent", None)):
            low, high = intervals.share_interval(hits, clusters)
            held[name] += low <= 0.9 <= high
    assert held["by artist"] / 400 > 0.93
    assert held["works independent"] < held["by artist"]


def test_a_paired_difference_is_surer_than_the_difference_of_two_means():
    generator = np.random.default_rng(3)
    difficulty = generator.normal(size=200)
    first = difficulty + 0.1 + 0.05 * generator.normal(size=200)
    difference, error = intervals.paired_difference(first, difficulty)
    t, _ = stats.ttest_rel(first, difficulty)
    np.testing.assert_allclose(difference / error, t)
    with pytest.raises(ValueError, match="same works"):
        intervals.paired_difference(first, difficulty[:-1])


def test_the_bootstrap_draws_whole_artists():
    # Two artists of unequal size: the draws aa, ab, ba, bb have means 0, 3/4, 3/4 and 1.
    values = np.array([0.0, 1.0, 1.0, 1.0])
    means = []

    def statistic(rows, labels):
        assert len(rows) == len(labels)
        assert set(labels) == {0, 1}
        means.append(values[rows].mean())
        return means[-1]

    low, high = intervals.bootstrap_interval(statistic, np.array([5, 2, 2, 2]), resamples=400)
    found, counts = np.unique(means, return_counts=True)
    np.testing.assert_allclose(found, [0, 0.75, 1])
    np.testing.assert_allclose(counts / 400, [0.25, 0.5, 0.25], atol=0.06)
    assert (low, high) == (0, 1)


def test_the_bootstrap_of_single_works_is_scipys():
    values = np.random.default_rng(4).exponential(size=60)
    ours = intervals.bootstrap_interval(
        lambda rows, _: np.median(values[rows]), np.arange(60), resamples=3000
    )
    theirs = stats.bootstrap(
        (values,), np.median, n_resamples=3000, method="percentile", rng=0
    ).confidence_interval
    np.testing.assert_allclose(ours, (theirs.low, theirs.high), atol=0.04)


def test_the_bootstrap_repeats_under_its_seed():
    values = np.random.default_rng(5).normal(size=30)

    def interval(seed):
        return intervals.bootstrap_interval(
            lambda rows, _: values[rows].mean(), np.arange(30) % 10, resamples=50, seed=seed
        )

    assert interval(1) == interval(1) != interval(2)


def test_draws_with_too_few_works_are_left_out_and_where_all_are_it_is_said():
    def spread(rows, labels):
        if np.bincount(labels).max() < 2:
            raise TooFewError("alone")
        return float(len(rows))

    # Of the clusters {0, 1} and {2} a draw has four, three or two works; the last is left out.
    low, high = intervals.bootstrap_interval(spread, [0, 0, 1], resamples=200)
    assert (low, high) == (3, 4)
    with pytest.raises(TooFewError, match="received 2 in 2 clusters"):
        intervals.bootstrap_interval(spread, [0, 1])
