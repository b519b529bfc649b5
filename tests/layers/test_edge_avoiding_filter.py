import numpy as np
import pytest
from skimage.color import lab2rgb, rgb2lab

from anime_style_tf.image.color import lab_to_srgb, srgb_to_lab
from anime_style_tf.layers.edge_avoiding_filter import EdgeAvoidingFilter


def explicit(lab, reach, steps):
    """The definition, pixel by pixel, float64; `lab` `[height, width, 3]` in CIE units."""
    height, width, _ = lab.shape
    for step in steps:
        evened = np.empty_like(lab)
        for i in range(height):
            for j in range(width):
                total, weights = 0.0, 0.0
                for down in (-step, 0, step):
                    for right in (-step, 0, step):
                        row, column = i + down, j + right
                        if 0 <= row < height and 0 <= column < width:
                            distance = np.linalg.norm(lab[row, column] - lab[i, j])
                            weight = max(0.0, 1 - (distance / reach) ** 2)
                            total, weights = total + weight * lab[row, column], weights + weight
                evened[i, j] = total / weights
        lab = evened
    return lab


def test_it_is_its_definition():
    images = np.random.default_rng(3).uniform(0.3, 0.6, (2, 16, 20, 3))
    evened = lab_to_srgb(EdgeAvoidingFilter(25.0, rounds=2)(srgb_to_lab(images)))
    for image, result in zip(images, evened, strict=True):
        expected = explicit(rgb2lab(image), 25.0, (2, 1, 2, 1))
        np.testing.assert_allclose(result, lab2rgb(expected), atol=2e-5)


@pytest.mark.parametrize("side", [1, 2, 7, 15])
def test_of_small_images_the_nearest_neighbors_are_mixed(side):
    image = np.random.default_rng(4).uniform(0.4, 0.6, (side, side, 3))
    result = lab_to_srgb(EdgeAvoidingFilter(20.0, rounds=1)(srgb_to_lab(image[None])))[0]
    np.testing.assert_allclose(result, lab2rgb(explicit(rgb2lab(image), 20.0, (1,))), atol=2e-5)


def test_a_line_stays_and_the_mottle_of_fills_goes():
    rng = np.random.default_rng(5)
    drawn = np.full((1, 64, 64, 3), 200.0)
    drawn[:, 20:] = (90, 140, 210)
    drawn[:, 10:50, 31] = 20  # a line one pixel wide
    mottled = np.clip(np.round(drawn + rng.normal(0, 3, drawn.shape)), 0, 255).astype("uint8")
    evened = 255 * np.asarray(lab_to_srgb(EdgeAvoidingFilter(12.0)(srgb_to_lab(mottled))))
    assert np.abs(mottled - drawn).mean() > 2
    assert np.abs(evened - drawn).max() < 4
    assert np.abs(evened - drawn).mean() < 0.5


def test_colors_farther_than_the_reach_do_not_mix():
    image = np.zeros((1, 32, 32, 3), "uint8")
    image[:, ::2, ::2] = 255
    lab = srgb_to_lab(image)
    np.testing.assert_allclose(EdgeAvoidingFilter(10.0)(lab), lab, atol=1e-6)
