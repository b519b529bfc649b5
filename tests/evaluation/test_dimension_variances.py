"""Variances of dimensions by hand, against SciPy, and their intervals in simulated worlds."""

import numpy as np
from scipy import stats

from anime_style_tf.evaluation import dimension_variances as dimensions


def test_the_f_ratio_is_that_of_scipy():
    labels = np.repeat(np.arange(6), [30, 20, 12, 9, 5, 2])
    generator = np.random.default_rng(0)
    codes = generator.normal(size=(6, 3))[labels] + generator.normal(size=(78, 3))
    found = dimensions.dimension_variances(codes, labels).f_ratio
    groups = [codes[labels == artist] for artist in range(6)]
    np.testing.assert_allclose(found, stats.f_oneway(*groups).statistic)


def test_eta_squared_is_the_share_of_deviations_between_artists():
    codes = np.array([[0.0, 1], [2, 1], [4, 3], [6, 3]])
    found = dimensions.dimension_variances(codes, np.array([0, 0, 1, 1]))
    # Of squares 9 + 1 + 1 + 9, the means 1 and 5 hold 4 * 2^2.
    np.testing.assert_allclose(found.eta_squared, [16 / 20, 1])
    assert found.f_ratio[1] == np.inf


def test_shares_are_those_that_were_planted_however_few_works_there_are():
    generator = np.random.default_rng(1)
    labels = np.repeat(np.arange(4000), 3)
    between, within = np.array([4, 1, 0.25, 0]), np.array([1, 1, 1, 4])
    codes = generator.normal(size=(4000, 4))[labels] * np.sqrt(between)
    codes += generator.normal(size=codes.shape) * np.sqrt(within)
    found = dimensions.dimension_variances(codes, labels)
    np.testing.assert_allclose(found.between_share, between / between.sum(), atol=0.02)
    total = between + within
    np.testing.assert_allclose(found.total_share, total / total.sum(), atol=0.02)


def test_two_artists_have_values_without_intervals():
    codes = np.array([[0.0, 1], [2, 1.5], [4, 3], [6, 3.5]])
    labels = np.array([0, 0, 1, 1])
    found = dimensions.variances_with_intervals(codes, labels)
    np.testing.assert_allclose(found["eta_squared"][0][0], 16 / 20)
    assert all(np.isnan(interval).all() for _, interval in found.values())


def test_the_intervals_hold_the_truth_nearly_as_often_as_they_say():
    generator = np.random.default_rng(5)
    labels, apart = np.repeat(np.arange(14), 10), np.array([2.0, 1.0, 1.0])
    held = {"between_share": 0, "f_ratio": 0}
    for _ in range(300):
        codes = apart * generator.normal(size=(14, 3))[labels] + generator.normal(size=(140, 3))
        found = dimensions.variances_with_intervals(codes, labels)
        for name, truth in (("between_share", 4 / 6), ("f_ratio", 10 * 4 + 1)):
            low, high = found[name][1]
            held[name] += low[0] <= truth <= high[0]
    assert min(held.values()) / 300 > 0.9
    assert max(held.values()) / 300 < 0.985
