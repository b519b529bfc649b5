"""The floors that only the benchmark measures, against NumPy."""

import numpy as np
import pytest

from benchmarks.contenders.floors import FLOORS, channel_histogram, raw_pixels

IMAGES = np.random.default_rng(0).integers(0, 256, (6, 12, 12, 3), dtype="uint8")
IMAGES[4, 3:9] = (200, 30, 90)
IMAGES[5] = (7, 130, 80)


def test_raw_pixels_are_the_pixels():
    np.testing.assert_allclose(raw_pixels(IMAGES), IMAGES.reshape(6, -1) / 255, rtol=1e-6)


def test_the_channel_histogram_is_that_of_numpy():
    for image, shares in zip(IMAGES, channel_histogram(IMAGES, levels=8), strict=True):
        edges = np.arange(0, 257, 32)
        counts = [np.histogram(image[..., channel], edges)[0] for channel in range(3)]
        np.testing.assert_allclose(shares, np.concatenate(counts) / (12 * 12), rtol=1e-6)


def test_images_of_another_kind_are_refused():
    for floor in (raw_pixels, channel_histogram):
        with pytest.raises(ValueError, match="images must be uint8"):
            floor(IMAGES / 255)


def test_every_floor_gives_one_row_per_image():
    big = np.repeat(np.repeat(IMAGES, 2, axis=1), 2, axis=2)
    assert {len(floor(big)) for floor in FLOORS.values()} == {6}
