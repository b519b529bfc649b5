"""Two-way intervals against closed forms, enumeration and simulated worlds."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation.uncertainty import intervals, two_way

ARTISTS, SUBJECTS = (grid.ravel() for grid in np.mgrid[:6, :9])


def test_in_a_full_table_the_standard_error_is_that_of_the_sums_of_squares():
    table = np.random.default_rng(0).normal(size=(6, 9)) + 3 * np.arange(6)[:, None]
    table += 2 * np.arange(9)
    residuals = table - table.mean()
    by_row, by_column = residuals.mean(axis=1), residuals.mean(axis=0)
    expected = by_row @ by_row / (6 * 5) + by_column @ by_column / (9 * 8)
    expected -= np.sum(residuals**2) / (54 * 53)
    found = two_way.standard_error(table.ravel(), ARTISTS, SUBJECTS)
    np.testing.assert_allclose(found, np.sqrt(expected))


def test_if_no_subject_comes_twice_the_standard_error_is_that_by_artist():
    generator = np.random.default_rng(1)
    artists = np.repeat(np.arange(12), 5)
    values = generator.normal(size=12)[artists] + generator.normal(size=60)
    found = two_way.standard_error(values, artists, generator.permutation(60))
    np.testing.assert_allclose(found, intervals.standard_error(values, artists))


def test_weights_make_it_the_standard_error_of_the_weighted_mean():
    generator = np.random.default_rng(2)
    values, times = generator.normal(size=54), generator.integers(1, 4, size=54)
    found = two_way.standard_error(values, ARTISTS, SUBJECTS, weights=times)
    repeated = [np.repeat(each, times) for each in (values, ARTISTS, SUBJECTS)]
    np.testing.assert_allclose(found, two_way.standard_error(*repeated))


def test_the_interval_has_the_width_of_students_t_where_the_law_is_normal():
    generator = np.random.default_rng(3)
    artists, subjects = (grid.ravel() for grid in np.mgrid[:30, :40])
    values = (
        generator.normal(size=30)[artists]
        + generator.normal(size=40)[subjects]
        + generator.normal(size=1200)
    )
    low, high = two_way.mean_interval(values, artists, subjects, resamples=4000)
    error = two_way.standard_error(values, artists, subjects)
    expected = stats.t.interval(0.95, 29, loc=values.mean(), scale=error)
    np.testing.assert_allclose([low, high], expected, atol=0.08 * error)


def test_every_prefix_has_its_own_interval_under_one_seed():
    values = np.random.default_rng(4).normal(size=(54, 2, 3))
    low, high = two_way.mean_interval(values, ARTISTS, SUBJECTS, seed=5)
    assert low.shape == high.shape == (2, 3)
    alone = two_way.mean_interval(values[:, 1, 2], ARTISTS, SUBJECTS, seed=5)
    np.testing.assert_allclose(alone, (low[1, 2], high[1, 2]))
    other = two_way.mean_interval(values[:, 1, 2], ARTISTS, SUBJECTS, seed=6)
    assert other != alone


def test_chunks_of_resamples_change_nothing(monkeypatch):
    values = np.random.default_rng(5).normal(size=54)
    whole = two_way.mean_interval(values, ARTISTS, SUBJECTS)
    monkeypatch.setattr(two_way, "_CHUNK_ELEMENTS", 600)
    np.testing.assert_allclose(two_way.mean_interval(values, ARTISTS, SUBJECTS), whole)


def test_values_without_spread_have_no_width():
    assert two_way.mean_interval(np.ones(54), ARTISTS, SUBJECTS) == (1, 1)


def test_a_small_advantage_shows_when_the_same_works_are_compared():
    generator = np.random.default_rng(6)
    difficulty = generator.normal(size=54) + ARTISTS
    first = difficulty + 0.1 + 0.05 * generator.normal(size=54)
    difference, (low, high) = two_way.paired_interval(first, difficulty, ARTISTS, SUBJECTS)
    np.testing.assert_allclose(difference, np.mean(first - difficulty))
    assert 0.05 < low < difference < high < 0.15
    alone = two_way.mean_interval(first, ARTISTS, SUBJECTS)
    assert alone[1] - alone[0] > 10 * (high - low)


def test_what_cannot_be_clustered_is_an_error():
    with pytest.raises(ValueError, match="same works twice"):
        two_way.paired_interval(np.ones(3), np.ones(4), [0, 1, 2], [0, 1, 2])
    with pytest.raises(ValueError, match="subjects and weights must have shape"):
        two_way.mean_interval(np.ones(3), [0, 1, 2], [0, 1])
    with pytest.raises(ValueError, match="artists must be at least 2"):
        two_way.mean_interval(np.ones(3), [0, 0, 0], [0, 1, 2])
