import numpy as np
import pytest

from anime_style_tf.image.pyramid import area_downscale

RNG = np.random.default_rng(2)


@pytest.mark.parametrize("factor", [1, 2, 4])
def test_downscaling_takes_the_mean_of_each_block(factor):
    images = RNG.random((2, 8, 12, 3)).astype("float32")
    blocks = images.astype("float64").reshape(2, 8 // factor, factor, 12 // factor, factor, 3)
    np.testing.assert_allclose(area_downscale(images, factor), blocks.mean(axis=(2, 4)), atol=1e-6)


def test_downscaling_twice_by_two_is_downscaling_by_four():
    images = RNG.random((1, 16, 16, 3)).astype("float32")
    twice = area_downscale(area_downscale(images, 2), 2)
    np.testing.assert_allclose(twice, area_downscale(images, 4), atol=1e-6)


def test_a_side_that_does_not_divide_is_refused():
    with pytest.raises(ValueError, match="divisible by 4"):
        area_downscale(np.zeros((1, 8, 10, 3), "float32"), 4)
