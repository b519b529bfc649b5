import numpy as np
import pytest
from scipy import signal, stats
from skimage import transform

from anime_style_tf.evaluation.fidelity import sliced_wasserstein as module
from anime_style_tf.evaluation.fidelity.sliced_wasserstein import pyramid, sliced_wasserstein
from tests.evaluation.fidelity.drawings import blurred, drawings


def test_the_levels_add_up_to_the_images():
    images = drawings(3, 0)
    levels = pyramid(images)
    assert [level.shape[1] for level in levels] == [64, 32, 16]
    again = levels[-1]
    for level in levels[-2::-1]:
        again = module.doubled(again) + level
    np.testing.assert_allclose(again, images, atol=1e-3)


def test_the_filter_is_the_binomial_one_in_two_dimensions():
    image = drawings(1, 1)
    kernel = np.outer([1, 4, 6, 4, 1], [1, 4, 6, 4, 1]) / 256
    padded = np.pad(image[0, :, :, 0].astype(float), 2, mode="reflect")
    expected = signal.convolve2d(padded, kernel, mode="valid")[::2, ::2]
    smaller = signal.convolve2d(np.pad(expected, 2, mode="reflect"), kernel, mode="valid")[::2, ::2]
    np.testing.assert_allclose(pyramid(image)[-1][0, :, :, 0], smaller, atol=1e-3)


def test_one_dimension_is_scipys_wasserstein_distance():
    generator = np.random.default_rng(0)
    ours, theirs = generator.normal(0, 1, (30, 4, 1)), generator.normal(0.3, 2, (30, 4, 1))
    value, (low, high) = module._distance(ours, theirs)
    assert value == pytest.approx(1000 * stats.wasserstein_distance(ours.ravel(), theirs.ravel()))
    assert low < value < high


def test_the_same_images_are_at_no_distance_and_a_blur_shows_most_in_the_finest_level():
    images = drawings(40, 2)
    same = sliced_wasserstein(images, images)
    assert {side: value for side, (value, _) in same.items()} == {64: 0, 32: 0, 16: 0}
    soft = sliced_wasserstein(blurred(images, 0.7), images)
    assert soft[64][0] > 5 * soft[16][0]


def test_another_color_shows_in_the_coarsest_level_only():
    images = drawings(40, 3) // 2
    brighter = sliced_wasserstein(images + np.uint8(60), images)
    assert brighter[16][0] > 300
    assert brighter[64][0] == pytest.approx(0, abs=1)


def test_any_side_has_levels():
    images = np.stack([transform.resize(image, (24, 24)) for image in drawings(3, 4)])
    images = np.round(255 * images).astype(np.uint8)
    assert list(sliced_wasserstein(images, images)) == [24]


def test_other_numbers_of_works_are_refused():
    images = drawings(3, 5)
    with pytest.raises(ValueError, match="as many of each"):
        sliced_wasserstein(images, images[:2])
