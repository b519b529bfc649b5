import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.layers.tprelu import TPReLU

RNG = np.random.default_rng(7)


def built(alpha, slope):
    layer = TPReLU()
    layer.build((None, len(alpha)))
    layer.alpha.assign(alpha)
    layer.slope.assign(slope)
    return layer


def test_it_is_the_identity_above_the_threshold_and_a_line_below():
    layer = built([0.0, 1.0, -2.0], [0.25, 0.5, 0.0])
    inputs = np.array([[2.0, 3.0, -1.0], [-4.0, -1.0, -9.0], [0.0, 1.0, -2.0]], "float32")
    # Below: 0.25 * -4; 0.5 * (-1 - 1) + 1; 0 * (-9 + 2) - 2. The last row is the threshold.
    expected = [[2.0, 3.0, -1.0], [-1.0, 0.0, -2.0], [0.0, 1.0, -2.0]]
    np.testing.assert_allclose(layer(inputs), expected)


def test_it_starts_as_a_leaky_rectifier_of_slope_a_quarter():
    layer = TPReLU()
    inputs = RNG.normal(size=(2, 3, 4, 5)).astype("float32")
    np.testing.assert_allclose(layer(inputs), np.where(inputs >= 0, inputs, inputs / 4), rtol=1e-6)


def test_the_slope_is_clipped_to_the_unit_interval():
    layer = built([0.0, 0.0], [-3.0, 7.0])
    np.testing.assert_allclose(layer(np.float32([[-2.0, -2.0]])), [[0.0, -2.0]])


def test_both_parameters_learn():
    layer = built([0.5, 0.5], [0.25, 0.25])
    inputs = np.float32([[0.0, 2.0]])
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(inputs))
    alpha, slope = tape.gradient(loss, [layer.alpha.value, layer.slope.value])
    # d/d alpha = 1 - a below the threshold, 0 above; d/d a = x - alpha below.
    np.testing.assert_allclose(alpha, [0.75, 0.0])
    np.testing.assert_allclose(slope, [-0.5, 0.0])


def test_another_start_of_the_slope_is_kept_in_the_configuration():
    layer = TPReLU(0.1)
    again = TPReLU.from_config(layer.get_config())
    np.testing.assert_allclose(again(np.float32([[-10.0]])), [[-1.0]], rtol=1e-6)
    assert keras.saving.serialize_keras_object(layer)["config"]["initial_slope"] == 0.1
