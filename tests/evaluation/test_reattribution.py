"""Re-attribution against scikit-learn's confusion matrix and SciPy's Wilson interval."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import confusion_matrix

from anime_style_tf.evaluation import reattribution


@pytest.fixture
def result():
    generator = np.random.default_rng(0)
    styles = generator.normal(size=(6, 4))
    asked = generator.integers(5, size=90)  # the last artist is never asked for
    codes = styles[asked] + 0.8 * generator.normal(size=(90, 4))
    return reattribution.reattribute(codes, asked, styles)


def test_the_confusion_matrix_is_that_of_scikit_learn(result):
    expected = confusion_matrix(result.asked, result.predicted, labels=np.arange(6))
    np.testing.assert_array_equal(result.confusion, expected)


def test_the_share_is_the_diagonal_with_a_wilson_interval(result):
    hits = int(np.trace(result.confusion))
    assert result.share == hits / 90
    expected = stats.binomtest(hits, 90).proportion_ci(method="wilson")
    np.testing.assert_allclose(result.interval(), (expected.low, expected.high))
    assert result.chance == 1 / 6


def test_exact_styles_are_all_attributed():
    styles = np.eye(3)
    result = reattribution.reattribute(styles[[2, 0, 1]], np.array([2, 0, 1]), styles)
    assert result.share == 1


def test_an_artist_out_of_range_is_an_error():
    with pytest.raises(ValueError, match="asked must lie"):
        reattribution.reattribute(np.eye(3), np.array([0, 1, 3]), np.eye(3))
