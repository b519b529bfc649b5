import numpy as np

from anime_style_tf.losses.reconstruction import absolute_error, squared_error

RNG = np.random.default_rng(3)


def test_the_error_of_each_image_is_the_mean_of_its_squared_differences():
    images, others = RNG.normal(size=(2, 4, 5, 6, 3)).astype("float32")
    expected = [
        ((a - b).astype("float64") ** 2).mean() for a, b in zip(images, others, strict=True)
    ]
    np.testing.assert_allclose(squared_error(images, others), expected, rtol=1e-5)


def test_an_image_is_its_own_reconstruction():
    images = RNG.normal(size=(2, 4, 4, 3)).astype("float32")
    np.testing.assert_array_equal(squared_error(images, images), [0.0, 0.0])


def test_black_for_white_costs_four_thirds():
    """Lightness is off by two in one channel of three."""
    black, white = np.float32([-1, 0, 0]), np.float32([1, 0, 0])
    error = squared_error(np.tile(black, (1, 2, 2, 1)), np.tile(white, (1, 2, 2, 1)))
    np.testing.assert_allclose(error, [4 / 3])


def test_the_absolute_error_is_the_mean_over_pixels_and_channels():
    images, others = RNG.normal(size=(2, 3, 4, 5, 3))
    expected = np.abs(images - others).mean(axis=(1, 2, 3))
    np.testing.assert_allclose(
        absolute_error(images.astype("float32"), others.astype("float32")), expected, rtol=1e-5
    )
