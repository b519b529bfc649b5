import numpy as np
import pytest
import scipy.special
import scipy.stats

from anime_style_tf.losses.confusion import confusion


def test_it_is_the_mean_divergence_of_the_uniform_distribution_from_the_likelihoods():
    logits = np.random.default_rng(0).normal(0, 3, (50, 7))
    likelihoods = scipy.special.softmax(logits, axis=1)
    expected = np.mean([scipy.stats.entropy(np.full(7, 1 / 7), each) for each in likelihoods])
    assert float(confusion(logits.astype("float32"))) == pytest.approx(expected, rel=1e-5)


def test_it_is_zero_only_where_every_artist_is_as_likely():
    assert float(confusion(np.full((3, 4), 2.5, "float32"))) == pytest.approx(0, abs=1e-6)
    assert float(confusion(np.float32([[0.1, 0, 0, 0]]))) > 1e-4
