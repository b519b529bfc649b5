import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from anime_style_tf.layers.gaussian import GaussianSample


def test_samples_have_the_posteriors_mean_and_variance():
    count = 20000
    mean, log_variance = np.float32([1.0, -2.0, 0.0]), np.float32([0.0, 2.0, -3.0])
    samples = GaussianSample(seed=5)(
        np.tile(mean, (count, 1)), np.tile(log_variance, (count, 1)), training=True
    ).numpy()
    deviation = np.exp(log_variance / 2)
    # Five standard errors.
    assert (np.abs(samples.mean(axis=0) - mean) < 5 * deviation / count**0.5).all()
    ratio = samples.var(axis=0) / deviation**2
    assert (np.abs(ratio - 1) < 5 * (2 / count) ** 0.5).all()
    for column in ((samples - mean) / deviation).T:
        assert scipy.stats.kstest(column, "norm").pvalue > 1e-3
    noise = np.corrcoef(((samples - mean) / deviation).T)
    assert np.abs(noise - np.eye(3)).max() < 5 / count**0.5


@pytest.mark.parametrize("arguments", [{}, {"training": False}])
def test_outside_training_it_is_the_mean(arguments):
    mean = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    sample = GaussianSample()(mean, np.ones((3, 4), "float32"), **arguments)
    np.testing.assert_array_equal(sample, mean)


def test_the_gradient_passes_through_the_sample():
    mean, log_variance = tf.constant([[0.5, -1.0]]), tf.constant([[0.2, 1.4]])
    with tf.GradientTape() as tape:
        tape.watch([mean, log_variance])
        sample = GaussianSample(seed=1)(mean, log_variance, training=True)
    to_mean, to_log_variance = tape.gradient(sample, [mean, log_variance])
    np.testing.assert_allclose(to_mean, [[1.0, 1.0]])
    # d/dl of e^(l/2) noise is half of what noise added.
    np.testing.assert_allclose(to_log_variance, (sample - mean) / 2, rtol=1e-4)


def test_a_seed_determines_the_noise_and_two_calls_differ():
    zeros = np.zeros((4, 3), "float32")
    first, again = GaussianSample(seed=3), GaussianSample(seed=3)
    one = first(zeros, zeros, training=True).numpy()
    np.testing.assert_array_equal(one, again(zeros, zeros, training=True))
    assert (one != first(zeros, zeros, training=True).numpy()).all()
