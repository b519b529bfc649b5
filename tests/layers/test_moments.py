import numpy as np
import tensorflow as tf

from anime_style_tf.layers.moments import ChannelMoments

MAP = np.random.default_rng(11).normal(2.0, 3.0, (3, 4, 5, 6)).astype("float32")


def test_it_is_the_mean_and_the_deviation_of_each_channel():
    exact = MAP.astype("float64")
    expected = np.concatenate([exact.mean(axis=(1, 2)), exact.std(axis=(1, 2))], axis=1)
    np.testing.assert_allclose(ChannelMoments(epsilon=0.0)(MAP), expected, rtol=1e-5)


def test_it_does_not_see_where_a_feature_is():
    layer = ChannelMoments()
    np.testing.assert_allclose(layer(MAP[:, ::-1, ::-1]), layer(MAP), rtol=1e-5)


def test_a_constant_channel_has_a_finite_gradient():
    constant = tf.ones((1, 4, 4, 2))
    with tf.GradientTape() as tape:
        tape.watch(constant)
        pooled = ChannelMoments()(constant)
    np.testing.assert_allclose(pooled, [[1.0, 1.0, 1e-3**0.5, 1e-3**0.5]], rtol=1e-5)
    assert np.isfinite(tape.gradient(pooled, constant)).all()
