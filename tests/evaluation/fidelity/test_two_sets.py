import numpy as np
import pytest
from scipy import stats

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.fidelity import two_sets


def difference_of_means(first, second):
    return first.mean() - second.mean()


def test_the_interval_of_a_difference_of_means_is_nearly_welchs():
    generator = np.random.default_rng(0)
    first, second = generator.normal(1, 2, 400), generator.normal(0, 1, 400)
    whole = difference_of_means(first, second)
    found = two_sets.interval(difference_of_means, first, second, whole)
    expected = stats.ttest_ind(first, second, equal_var=False).confidence_interval(0.95)
    np.testing.assert_allclose(np.mean(found), whole)
    # Twenty parts know their own spread to about a sixth.
    assert np.ptp(found) == pytest.approx(expected.high - expected.low, rel=0.4)


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    generator = np.random.default_rng(1)
    covered = 0
    for _ in range(300):
        first, second = generator.normal(0, 1, 60), generator.normal(0.5, 3, 100)
        whole = difference_of_means(first, second)
        low, high = two_sets.interval(difference_of_means, first, second, whole)
        covered += low <= -0.5 <= high
    assert stats.binom.ppf(0.001, 300, 0.95) <= covered <= stats.binom.ppf(0.999, 300, 0.95)


def test_sets_that_cannot_be_compared_are_refused():
    with pytest.raises(ValueError, match="one width"):
        two_sets.as_two_sets(np.zeros((5, 3)), np.zeros((5, 4)))
    with pytest.raises(TooFewError, match="6 images"):
        two_sets.as_two_sets(np.zeros((5, 3)), np.zeros((9, 3)), least=6)
    with pytest.raises(ValueError, match="finite"):
        two_sets.as_two_sets(np.full((5, 3), np.nan), np.zeros((5, 3)))
