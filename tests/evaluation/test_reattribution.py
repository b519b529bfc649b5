"""Re-attribution against scikit-learn's confusion matrix and SciPy's Wilson interval."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import confusion_matrix, pairwise_distances

from anime_style_tf.evaluation import reattribution


@pytest.fixture
def result():
    generator = np.random.default_rng(0)
    asked = generator.integers(5, size=90)  # the last artist is never asked for
    predicted = np.where(generator.random(90) < 0.6, asked, generator.integers(6, size=90))
    return reattribution.Reattribution(asked, predicted, 6)


def test_the_confusion_matrix_is_that_of_scikit_learn(result):
    expected = confusion_matrix(result.asked, result.predicted, labels=np.arange(6))
    np.testing.assert_array_equal(result.confusion, expected)


def test_the_share_is_the_diagonal_with_a_wilson_interval(result):
    hits = int(np.trace(result.confusion))
    assert result.share == hits / 90
    expected = stats.binomtest(hits, 90).proportion_ci(method="wilson")
    np.testing.assert_allclose(result.interval(), (expected.low, expected.high))
    assert result.chance == 1 / 6


def test_the_nearest_work_decides_who_drew_an_image():
    generator = np.random.default_rng(1)
    gallery, labels = generator.normal(size=(50, 8)), generator.integers(6, size=50)
    images = generator.normal(size=(20, 8))
    expected = labels[pairwise_distances(images, gallery).argmin(axis=1)]
    np.testing.assert_array_equal(
        reattribution.nearest_labels(images.astype(np.float32), gallery, labels), expected
    )
