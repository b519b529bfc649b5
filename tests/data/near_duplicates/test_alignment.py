"""A crop of a known place is found there, and what does not fit is measured."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates

from anime_style_tf.data.near_duplicates.alignment import remaining_difference

SIDE = 32


def smooth(seed):
    """A soft random picture: `[channels, height, width]`, luma about 128, chromas about 0."""
    noise = np.random.default_rng(seed).normal(size=(3, SIDE, SIDE))
    soft = gaussian_filter(noise, (0, 2.5, 2.5))
    soft *= np.array([40, 15, 15])[:, None, None] / soft.std((1, 2), keepdims=True)
    soft[0] += 128 - soft[0].mean()
    return soft.astype(np.float32)


def cropped(picture, top, left, bottom, right):
    """SciPy's spline, for parts of the side that each edge loses."""
    rows = (np.arange(SIDE) + 0.5) / SIDE * (1 - top - bottom) * SIDE + top * SIDE - 0.5
    columns = (np.arange(SIDE) + 0.5) / SIDE * (1 - left - right) * SIDE + left * SIDE - 0.5
    places = np.meshgrid(rows, columns, indexing="ij")
    return np.stack([map_coordinates(each, places, order=3, mode="nearest") for each in picture])


def difference(still, moving, scale=1.0):
    pair = (each[None].astype(np.float32) for each in (still, moving))
    return remaining_difference(*pair, np.array([scale], np.float32))[0]


@pytest.mark.parametrize(
    ("edges", "scale"),
    [((0, 0, 0, 0), 1), ((0.02, 0.03, 0, 0.01), 1), ((0.08, 0.05, 0.1, 0.06), 0.88)],
)
def test_a_crop_leaves_next_to_nothing(edges, scale):
    for seed in range(5):
        assert difference(cropped(smooth(seed), *edges), smooth(seed), scale) < 1


def test_another_picture_leaves_its_contrast():
    assert difference(smooth(0), smooth(1)) > 20


def test_brightness_contrast_and_tint_do_not_count():
    changed = 1.1 * smooth(0) + np.array([10, -6, 6])[:, None, None]
    assert difference(changed, smooth(0)) < 0.5


def test_larger_changes_of_color_are_another_picture():
    for shift in ([60, 0, 0], [0, 30, 0], [0, 0, -30]):
        assert np.isinf(difference(smooth(0) + np.array(shift)[:, None, None], smooth(0)))


def test_pixels_that_were_clipped_to_white_do_not_count():
    bright = smooth(0) + np.array([90, 0, 0])[:, None, None]
    bright[0] = np.minimum(bright[0], 255)
    brighter = bright.copy()
    brighter[0] = np.minimum(1.1 * bright[0], 255)
    assert (brighter[0] == 255).mean() > 0.2
    assert difference(brighter, bright) < 1.5


def test_a_small_spot_leaves_more_the_clearer_it_is():
    found = []
    for level in (0, 30, 60, 120):
        spotted = smooth(0)
        spotted[0, 14:17, 20:23] += level
        found.append(difference(spotted, smooth(0)))
    assert found == sorted(found)
    assert found[0] < 0.01
    assert found[3] > 5


def test_each_pair_of_a_batch_is_measured_alone():
    still = np.stack([smooth(seed) for seed in range(4)])
    moving = np.stack([cropped(smooth(seed), 0.02, 0, 0, 0.03) for seed in (0, 1, 7, 3)])
    scale = np.ones(4, np.float32)
    together = remaining_difference(still, moving.astype(np.float32), scale)
    alone = [difference(*pair) for pair in zip(still, moving, strict=True)]
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-4)
