"""Chance by counting, and permutation tests whose p-values are those of chance."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation.controls import permutation_test, precision_by_chance
from anime_style_tf.evaluation.retrieval.ranking import rank


def test_chance_by_hand():
    # The gallery has 0 in three of four places and 1 in one; 5 is not there.
    assert precision_by_chance([0, 1, 0], [0, 0, 1, 0]) == pytest.approx((3 + 1 + 3) / 12)
    assert precision_by_chance([0, 5], [0, 0, 1, 0]) == 0.75
    # Each against the others: 2/3 for each of three, 0 for the lone one, which is left out.
    assert precision_by_chance([0, 0, 0, 1]) == pytest.approx(2 / 3)
    assert np.isnan(precision_by_chance([0, 1, 2]))


@pytest.mark.parametrize("apart", [True, False])
def test_chance_is_the_mean_of_the_measure_under_shuffled_labels(apart):
    generator = np.random.default_rng(0)
    codes, labels = generator.normal(size=(60, 3)), np.repeat([0, 1, 2], [30, 20, 10])

    def measure(labels):
        parts = (codes[:20], labels[:20], codes[20:], labels[20:]) if apart else (codes, labels)
        return rank(*parts, cutoffs=(1,), at_r=False).mean("precision_at_1")[0]

    result = permutation_test(measure, labels, permutations=400)
    if apart:
        drawn = [generator.permutation(labels) for _ in range(400)]
        expected = np.mean([precision_by_chance(each[:20], each[20:]) for each in drawn])
    else:
        expected = precision_by_chance(labels)
    error = np.std(result.shuffled) / 20
    assert abs(result.shuffled.mean() - expected) < 4 * error


def test_what_is_there_is_found_and_what_is_not_is_not():
    generator = np.random.default_rng(1)
    labels = np.arange(60) % 3
    codes = generator.normal(size=(60, 4)) + 2 * np.eye(4)[labels]

    def gap(labels):
        return -np.mean([codes[labels == each].var(axis=0).sum() for each in range(3)])

    found = permutation_test(gap, labels)
    assert found.observed == gap(labels)
    assert found.p_value == 1 / 200
    assert found.excess > 5
    assert permutation_test(gap, generator.permutation(labels)).p_value > 0.05


def test_p_values_are_uniform_where_labels_mean_nothing():
    values = []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        numbers, labels = generator.normal(size=12), generator.permutation(np.arange(12) % 2)
        result = permutation_test(
            lambda labels, numbers=numbers: numbers[labels == 1].mean(),
            labels,
            permutations=39,
            seed=seed,
        )
        values.append(result.p_value)
    assert stats.kstest(values, "uniform").pvalue > 0.01
    assert np.mean(np.array(values) <= 0.05) < 0.1


def test_within_strata_only_works_that_are_alike_are_exchanged():
    """Where the subject explains all, shuffling within subjects leaves nothing to find."""
    subjects = np.repeat([0, 1], 30)
    labels = np.where(np.arange(60) % 30 < 25, subjects, 1 - subjects)

    def measure(labels):
        return np.sum(subjects == labels)

    plain = permutation_test(measure, labels)
    assert plain.p_value == 1 / 200
    within = permutation_test(measure, labels, within=subjects)
    np.testing.assert_allclose(within.shuffled, within.observed)
    assert within.p_value == 1
    assert np.isnan(within.excess)


def test_the_seed_decides_the_shuffles():
    def first_three(labels):
        return float(labels[:3].sum())

    first, again, other = (
        permutation_test(first_three, np.arange(50), seed=seed).shuffled for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_test_of_too_little_is_refused():
    with pytest.raises(ValueError, match="2 permutations"):
        permutation_test(np.mean, [0, 1], permutations=1)
    with pytest.raises(ValueError, match="`within` of shape"):
        permutation_test(np.mean, [0, 1], within=[0])
    with pytest.raises(ValueError, match="a query and a work"):
        precision_by_chance([0])
