import keras
import numpy as np
import pytest
from keras import ops
from scipy.special import softmax

from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.color_histogram import ColorHistogram


def lab(images, height=6, width=6, seed=0):
    colors = np.random.default_rng(seed).uniform(size=(images, height, width, 3))
    return ops.convert_to_numpy(srgb_to_lab(colors.astype(np.float32)))


def explicit(layer, pixels):
    """NumPy float64, one pixel and one bin at a time."""
    centers = np.array(layer.centers, np.float64)
    sharpness = np.exp(np.array(layer.log_sharpness, np.float64))
    shares = np.zeros((len(pixels), len(centers)))
    for image, picture in enumerate(pixels.astype(np.float64)):
        for pixel in picture.reshape(-1, 3):
            logits = [
                -s * np.sum((pixel - center) ** 2)
                for s, center in zip(sharpness, centers, strict=True)
            ]
            shares[image] += softmax(logits) / picture[..., 0].size
    return np.sqrt(shares + 1e-5)


@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_it_is_the_root_of_the_share_of_pixels_near_each_color(spread):
    layer, pixels = ColorHistogram(7, sharpness=20.0), lab(3)
    layer.build(pixels.shape)
    layer.log_sharpness.assign(np.random.default_rng(1).normal(3, spread, 7))
    np.testing.assert_allclose(layer(pixels), explicit(layer, pixels), rtol=1e-4)


def test_shares_sum_to_one():
    values = ops.convert_to_numpy(ColorHistogram(16)(lab(2)))
    np.testing.assert_allclose(np.sum(values**2 - 1e-5, axis=1), 1, rtol=1e-4)


def test_where_a_color_is_does_not_matter():
    layer, pixels = ColorHistogram(16), lab(1)
    moved = np.random.default_rng(0).permutation(pixels.reshape(-1, 3)).reshape(pixels.shape)
    np.testing.assert_allclose(layer(pixels), layer(moved), atol=1e-5)


def test_of_a_large_image_single_pixels_on_a_grid_are_read_fewer_in_training():
    layer, pixels = ColorHistogram(8, grid=4, thinning=2), lab(1, 12, 8)
    np.testing.assert_array_equal(layer(pixels), layer(pixels[:, ::3, ::2]))
    np.testing.assert_array_equal(layer(pixels, training=True), layer(pixels[:, ::6, ::4]))


def test_the_colors_at_the_start_are_of_the_gamut_and_fixed_by_the_seed():
    first, same, other = (ColorHistogram(64, seed=seed) for seed in (0, 0, 1))
    for layer in (first, same, other):
        layer.build((None, 6, 6, 3))
    np.testing.assert_array_equal(first.centers, same.centers)
    assert not np.array_equal(first.centers, other.centers)
    assert np.abs(np.array(first.centers)).max() <= 1


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_it_counts_in_float32_whatever_the_policy(policy):
    layer = ColorHistogram(8, dtype=policy)
    values = layer(lab(1))
    assert keras.backend.standardize_dtype(values.dtype) == policy.removeprefix("mixed_")
    wide = ColorHistogram(8)
    np.testing.assert_allclose(np.array(ops.cast(values, "float32")), wide(lab(1)), rtol=5e-3)
