"""Hand-made features against scikit-image and NumPy, one image at a time."""

import numpy as np
import pytest
from skimage.color import rgb2gray
from skimage.feature import hog, local_binary_pattern

from anime_style_tf.evaluation import floors

SIDE = 24
EVERY = pytest.mark.parametrize(
    "floor",
    [floors.rgb_histogram, *floors.FLOORS.values()],
    ids=["rgb_histogram", *floors.FLOORS],
)


@pytest.fixture
def images():
    """Noise, shapes on white, waves, and one that is all one color."""
    generator = np.random.default_rng(0)
    noise = generator.integers(0, 256, (2, SIDE, SIDE, 3), dtype="uint8")
    shapes = np.full((2, SIDE, SIDE, 3), 255, "uint8")
    shapes[0, 5:14, 8:20] = (200, 30, 90)
    shapes[1, 3:20, 3:9] = (10, 120, 220)
    rows, columns = np.mgrid[:SIDE, :SIDE] / 3
    waves = np.uint8(128 + 90 * np.stack([np.sin(rows), np.cos(columns), np.sin(rows * columns)]))
    flat = np.full((1, SIDE, SIDE, 3), (7, 130, 80), "uint8")
    return np.concatenate([noise, shapes, np.moveaxis(waves, 0, -1)[None], flat])


@EVERY
def test_a_floor_gives_one_finite_row_per_image_whatever_the_others_are(floor, images, monkeypatch):
    together = floor(images)
    assert together.dtype == np.float32
    assert len(together) == len(images)
    assert np.isfinite(together).all()
    monkeypatch.setattr(floors, "_CHUNK", 2)
    np.testing.assert_array_equal(floor(images), together)
    np.testing.assert_array_equal(floor(images[3:4]), together[3:4])


@EVERY
def test_images_of_another_kind_are_refused(floor, images):
    for wrong in (images[0], images / 255, images[..., :1], images[:0]):
        with pytest.raises(ValueError, match="images must be uint8"):
            floor(wrong)


def test_the_rgb_histogram_is_the_root_of_that_of_numpy(images):
    for image, roots in zip(images, floors.rgb_histogram(images, levels=4), strict=True):
        counts, _ = np.histogramdd(image.reshape(-1, 3), [np.arange(0, 257, 64)] * 3)
        np.testing.assert_allclose(roots**2, counts.ravel() / SIDE**2, rtol=1e-5, atol=1e-9)


def test_the_edge_histogram_by_hand():
    """Of a white step on black: two columns with a horizontal gradient of full strength."""
    image = np.zeros((1, 8, 8, 3), "uint8")
    image[:, :, 4:] = 255
    shares = floors.edge_histogram(image, orientations=2, strengths=2).reshape(2, 2) ** 2
    # A gradient of 255 lies above half of 255 sqrt(2); it points along the rows, at no angle.
    np.testing.assert_allclose(shares, [[48 / 64, 16 / 64], [0, 0]], atol=1e-7)
    turned = floors.edge_histogram(image.swapaxes(1, 2), orientations=2, strengths=2)
    np.testing.assert_allclose(turned.reshape(2, 2) ** 2, [[48 / 64, 0], [0, 16 / 64]], atol=1e-7)


def test_oriented_gradients_are_those_of_scikit_image(images):
    for image, features in zip(images, floors.oriented_gradients(images), strict=True):
        expected = hog(
            rgb2gray(image) * 255, orientations=9, pixels_per_cell=(8, 8), cells_per_block=(2, 2)
        )
        np.testing.assert_allclose(features, expected, atol=1e-4)


def test_local_patterns_are_those_of_scikit_image(images):
    for image, roots in zip(images, floors.local_patterns(images), strict=True):
        gray = np.round(rgb2gray(image) * 255).astype("uint8")
        patterns = local_binary_pattern(gray, 8, 1, method="uniform").astype(int)
        expected = np.bincount(patterns.ravel(), minlength=10) / SIDE**2
        np.testing.assert_allclose(roots**2, expected, atol=1e-6)


@pytest.mark.parametrize(
    "floor", [floors.rgb_histogram, floors.edge_histogram, floors.local_patterns]
)
def test_rooted_histograms_are_of_length_1(floor, images):
    np.testing.assert_allclose(np.linalg.norm(floor(images), axis=1), 1, rtol=1e-5)


def test_histograms_beside_each_other_add_their_squared_distances(images):
    def squared(features):
        return np.sum((features[0] - features[2]) ** 2)

    parts = squared(floors.rgb_histogram(images)) + squared(floors.edge_histogram(images))
    assert squared(floors.histogram_and_edges(images)) == pytest.approx(parts, rel=1e-5)
