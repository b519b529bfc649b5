import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage.metrics import peak_signal_noise_ratio

from anime_style_tf.evaluation.perturbations import (
    PERTURBATIONS,
    as_jpeg,
    blurred,
    mirrored,
    resized_and_back,
    shifted,
)

SIDE = 32
EVERY = pytest.mark.parametrize("name", PERTURBATIONS)


@pytest.fixture
def images():
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    waves = [np.sin(9 * rows + 4 * columns), np.cos(7 * columns), np.sin(12 * rows * columns)]
    one = np.uint8(128 + 90 * np.stack(waves, -1))
    return np.stack([one, 255 - one, one.swapaxes(0, 1)])


@EVERY
def test_a_change_keeps_shape_and_type_and_changes_each_image_by_itself(name, images):
    before = images.copy()
    changed = PERTURBATIONS[name](images)
    assert changed.shape == images.shape
    assert changed.dtype == np.uint8
    assert (changed != images).any(axis=(1, 2, 3)).all()
    np.testing.assert_array_equal(PERTURBATIONS[name](images[1:2]), changed[1:2])
    np.testing.assert_array_equal(images, before)


def test_a_lower_quality_and_a_smaller_size_lose_more(images):
    qualities = [as_jpeg(images, quality=quality) for quality in (95, 75, 30)]
    sizes = [resized_and_back(images, scale=scale) for scale in (0.9, 0.5, 0.2)]
    for changes in (qualities, sizes):
        likeness = [peak_signal_noise_ratio(images, changed) for changed in changes]
        assert likeness == sorted(likeness, reverse=True)
        assert likeness[0] > 25


def test_a_shift_moves_pixels_and_repeats_the_border():
    image = np.arange(9, dtype="uint8").reshape(1, 3, 3, 1)
    expected = [[1, 2, 2], [1, 2, 2], [4, 5, 5]]
    np.testing.assert_array_equal(shifted(image, rows=1, columns=-1)[0, ..., 0], expected)


def test_mirroring_twice_gives_the_images_back(images):
    np.testing.assert_array_equal(mirrored(images)[:, :, 0], images[:, :, -1])
    np.testing.assert_array_equal(mirrored(mirrored(images)), images)


def test_a_blur_is_a_gaussian_of_its_radius(images):
    expected = gaussian_filter(images.astype(float), (0, 1.5, 1.5, 0), mode="nearest")
    assert np.abs(blurred(images, radius=1.5) - expected).mean() < 1.5
