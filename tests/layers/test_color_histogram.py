import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from scipy.interpolate import RegularGridInterpolator

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.color_histogram import ColorHistogram


def srgb(images, height=6, width=6, seed=0):
    return np.random.default_rng(seed).uniform(size=(images, height, width, 3)).astype(np.float32)


def counted(colors, levels=4, **options):
    return ops.convert_to_numpy(ColorHistogram(levels, **options)(srgb_to_lab(colors)))


def test_it_is_the_root_of_the_shares_by_trilinear_interpolation():
    levels, colors = 4, srgb(3)
    # Each color's share of a pixel is the interpolation of 1 at that color and 0 at all others.
    axis, ones = np.linspace(0, 1, levels), np.eye(levels**3)
    weights = RegularGridInterpolator([axis] * 3, ones.reshape([levels] * 3 + [-1]))
    shares = weights(colors.astype(np.float64)).reshape(3, -1, levels**3).mean(axis=1)
    np.testing.assert_allclose(counted(colors), np.sqrt((shares + 1e-4) * levels**3), rtol=1e-3)


def test_pixels_of_the_levels_themselves_are_counted_as_by_a_plain_histogram():
    places = np.random.default_rng(0).integers(0, 4, (2, 6, 6, 3))
    for values, indices in zip(counted(places / np.float32(3)), places, strict=True):
        plain = np.histogramdd(indices.reshape(-1, 3), bins=4, range=[(-0.5, 3.5)] * 3)[0]
        np.testing.assert_allclose(values**2 / 64 - 1e-4, plain.ravel() / 36, atol=1e-4)


def test_where_a_color_is_does_not_matter():
    colors = srgb(1)
    moved = np.random.default_rng(0).permutation(colors.reshape(-1, 3)).reshape(colors.shape)
    np.testing.assert_allclose(counted(colors), counted(moved), atol=1e-5)


def test_of_a_large_image_single_pixels_on_a_grid_are_read_fewer_in_training():
    layer, lab = ColorHistogram(4, grid=4, thinning=2), srgb_to_lab(srgb(1, 11, 8))
    np.testing.assert_array_equal(layer(lab), layer(lab[:, ::3, ::2]))
    np.testing.assert_array_equal(layer(lab, training=True), layer(lab[:, ::6, ::4]))


def test_gradients_are_finite_everywhere_and_a_nearer_color_gains():
    corners = np.array(list(itertools.product((0, 1), repeat=3)), np.float32).reshape(1, 2, 4, 3)
    layer = ColorHistogram(4)
    for colors in (corners, srgb(1, 2, 4)):
        lab = tf.Variable(srgb_to_lab(colors))
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(layer(lab))
        assert np.all(np.isfinite(tape.gradient(value, lab)))
    lab = tf.Variable(srgb_to_lab(np.full((1, 1, 1, 3), 0.8, np.float32)))
    with tf.GradientTape() as tape:
        white = layer(lab)[0, -1]
    assert tape.gradient(white, lab)[0, 0, 0, 0] > 0


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_reduced_precision_costs_a_few_percent(policy):
    values = ColorHistogram(4, dtype=policy)(srgb_to_lab(srgb(1)))
    assert keras.backend.standardize_dtype(values.dtype) == policy.removeprefix("mixed_")
    np.testing.assert_allclose(np.array(ops.cast(values, "float32")), counted(srgb(1)), rtol=0.05)


def test_one_level_is_refused():
    with pytest.raises(ValueError, match="two levels or more, received 1"):
        ColorHistogram(1)
