"""The jackknife against closed forms and SciPy."""

import numpy as np
import pytest
from scipy import special, stats

from anime_style_tf.evaluation.uncertainty import jackknife


def values_of_clusters(count, works=4, seed=0):
    values = np.random.default_rng(seed).normal(3, 1, size=count * works)
    return values, np.repeat(np.random.default_rng(1).permutation(count) + 7, works)


def test_of_a_mean_of_equal_clusters_it_is_students_interval_of_their_means():
    values, clusters = values_of_clusters(6)
    without = jackknife.without_each(lambda rows: values[rows].mean(), clusters)
    means = values.reshape(6, 4).mean(axis=1)
    expected = stats.t.interval(0.9, 5, loc=means.mean(), scale=stats.sem(means))
    found = jackknife.interval(values.mean(), without, confidence=0.9)
    np.testing.assert_allclose(found, expected)


def test_it_leaves_out_whole_clusters_one_at_a_time():
    left = []
    jackknife.without_each(lambda rows: left.append(rows.tolist()) or 0.0, ["b", "a", "b", "c"])
    assert left == [[0, 2, 3], [1, 3], [0, 1, 2]]


def test_more_clusters_than_are_left_out_singly_are_left_out_in_groups():
    values, clusters = values_of_clusters(900)
    sizes = []

    def mean(rows):
        sizes.append(len(rows))
        return values[rows].mean()

    without = jackknife.without_each(mean, clusters, most=30)
    assert sizes == [900 * 4 - 900 // 30 * 4] * 30
    half = np.diff(jackknife.interval(values.mean(), without))[0] / 2
    assert half == pytest.approx(stats.t.ppf(0.975, 29) * stats.sem(values), rel=0.3)


@pytest.mark.parametrize(
    ("scale", "forward", "back"),
    [
        (jackknife.LOGARITHM, np.log, np.exp),
        (jackknife.LOGIT, lambda p: np.log(p / (1 - p)), special.expit),
        (jackknife.FISHER, lambda r: np.log((1 + r) / (1 - r)) / 2, np.tanh),
    ],
)
def test_a_scale_is_gone_to_and_come_back_from(scale, forward, back):
    whole, without = 0.5, np.array([0.4, 0.45, 0.55, 0.7])
    parts = forward(without)
    half = stats.t.ppf(0.975, 3) * np.sqrt(3 / 4 * np.sum((parts - parts.mean()) ** 2))
    expected = back(forward(whole) - half), back(forward(whole) + half)
    np.testing.assert_allclose(jackknife.interval(whole, without, scale=scale), expected)


def test_what_is_not_finite_has_no_interval_and_leaves_others_theirs():
    without = np.array([[0.1, 0.0], [0.2, 0.1], [0.3, 0.2]])
    low, high = jackknife.interval(np.array([0.2, 0.1]), without, scale=jackknife.LOGARITHM)
    assert 0 < low[0] < 0.2 < high[0]
    assert np.isnan([low[1], high[1]]).all()


def test_one_cluster_has_no_interval():
    assert np.isnan(jackknife.interval(0.5, np.array([0.5]))).all()
