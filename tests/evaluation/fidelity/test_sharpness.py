import numpy as np
import pytest
from skimage import color

from anime_style_tf.evaluation.fidelity.sharpness import edge_ratio, nyquist_ratio
from tests.evaluation.fidelity.drawings import blurred, drawings


def gray(lightness):
    """sRGB uint8 images of given levels."""
    return np.repeat(np.round(lightness)[..., None], 3, axis=-1).astype(np.uint8)


def test_noise_has_a_ratio_of_one():
    noise = np.random.default_rng(0).normal(128, 15, (60, 64, 64))
    ratio, (low, high) = nyquist_ratio(gray(noise))
    assert ratio == pytest.approx(1, abs=0.05)
    assert low < 1.02
    assert high > 0.98


def test_the_ratio_is_that_of_sums_of_cosines():
    images = gray(np.random.default_rng(1).normal(128, 15, (2, 32, 32)))
    lightness = color.rgb2lab(images)[..., 0]
    place = np.arange(32)

    def energy(frequency, values):
        turns = 2 * np.pi * frequency * place / 32
        return (values @ np.cos(turns)) ** 2 + (values @ np.sin(turns)) ** 2

    def total(frequency):
        return energy(frequency, lightness).mean() + energy(frequency, lightness.mT).mean()

    expected = total(16) / np.mean([total(each) for each in (12, 13, 14, 15)])
    assert nyquist_ratio(images)[0] == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("axis", [1, 2])
def test_a_pattern_of_every_other_line_raises_it(axis):
    images = drawings(10, 0).astype(float)
    pattern = np.moveaxis(np.tile([3.0, -3.0], 32)[:, None, None, None], 0, axis)
    striped = np.clip(images + pattern, 0, 255).astype(np.uint8)
    before, after = nyquist_ratio(drawings(10, 0))[0], nyquist_ratio(striped)[0]
    assert after > 2 * before


def test_flat_images_have_no_ratio_and_odd_ones_no_such_frequency():
    assert np.isnan(nyquist_ratio(np.zeros((3, 16, 16, 3), np.uint8))[0])
    assert np.isnan(edge_ratio(*np.zeros((2, 3, 16, 16, 3), np.uint8))[0])
    with pytest.raises(ValueError, match="even sides"):
        nyquist_ratio(np.zeros((3, 17, 16, 3), np.uint8))


def test_the_edge_ratio_is_that_of_mean_steps_of_lightness():
    images, works = drawings(8, 1), drawings(6, 2)

    def steps(values):
        lightness = color.rgb2lab(values)[..., 0]
        across = np.abs(lightness[:, :, 1:] - lightness[:, :, :-1]).mean()
        return across + np.abs(lightness[:, 1:] - lightness[:, :-1]).mean()

    value, (low, high) = edge_ratio(images, works)
    assert value == pytest.approx(steps(images) / steps(works), rel=1e-4)
    assert low < value < high


def test_works_are_as_sharp_as_themselves_and_blurred_ones_softer():
    works = drawings(20, 3)
    assert edge_ratio(works, works)[0] == 1
    assert edge_ratio(blurred(works, 2.0), works)[0] < edge_ratio(blurred(works, 1.0), works)[0] < 1


def test_sizes_must_agree():
    with pytest.raises(ValueError, match="one size"):
        edge_ratio(drawings(2, 0), drawings(2, 0, side=32))
