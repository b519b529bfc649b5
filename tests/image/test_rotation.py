import numpy as np
import pytest
import scipy.ndimage
import skimage.transform
import tensorflow as tf

from anime_style_tf.image.rotation import rotate

RNG = np.random.default_rng(5)


def random_images(batch, height, width, channels=3):
    return RNG.random((batch, height, width, channels)).astype("float32")


@pytest.mark.parametrize("degrees", [0.0, 7.0, -33.0, 90.0, 161.0])
@pytest.mark.parametrize(("height", "width"), [(16, 16), (12, 19)])
def test_inside_the_picture_a_rotation_agrees_with_scipy(degrees, height, width):
    image = random_images(1, height, width)
    rotated, coverage = rotate(image, np.radians([degrees]))
    # scipy's positive angle is from the row to the column axis: counterclockwise on the screen.
    expected = scipy.ndimage.rotate(
        image[0].astype("float64"), degrees, axes=(1, 0), reshape=False, order=1
    )
    inside = np.asarray(coverage)[0, ..., 0] > 0.9999
    assert inside.sum() > 20
    # float32 coordinates of up to 19 pixels, neighbors that differ by up to one.
    np.testing.assert_allclose(
        np.where(inside[..., None], rotated[0], 0),
        np.where(inside[..., None], expected, 0),
        atol=2e-5,
    )


def test_the_border_is_mixed_with_black_as_scikit_image_mixes_it():
    image = random_images(1, 14, 14)
    rotated, _ = rotate(image, np.radians([25.0]))
    padded = np.pad(image[0].astype("float64"), ((8, 8), (8, 8), (0, 0)))
    expected = skimage.transform.rotate(padded, 25.0, order=1)[8:-8, 8:-8]
    np.testing.assert_allclose(rotated[0], expected, atol=2e-5)


def test_coverage_is_what_a_white_picture_becomes():
    white = np.ones((2, 10, 15, 3), "float32")
    rotated, coverage = rotate(white, [0.4, -1.2])
    np.testing.assert_allclose(rotated, np.repeat(coverage, 3, axis=-1), atol=1e-6)
    assert np.asarray(coverage).min() == 0.0
    assert np.asarray(coverage).max() <= 1.0 + 1e-6


def test_no_rotation_changes_nothing_and_covers_all():
    images = random_images(3, 9, 8)
    rotated, coverage = rotate(images, np.zeros(3))
    np.testing.assert_array_equal(rotated, images)
    np.testing.assert_array_equal(coverage, np.ones((3, 9, 8, 1)))


def test_a_quarter_turn_moves_each_pixel_counterclockwise():
    image = random_images(1, 8, 8)
    rotated, _ = rotate(image, [np.pi / 2])
    np.testing.assert_allclose(rotated[0], np.rot90(image[0]), atol=1e-5)


def test_each_image_turns_by_its_own_angle_and_one_angle_turns_all():
    images = random_images(2, 8, 8)
    both, _ = rotate(images, [0.3, -0.9])
    alone, _ = rotate(images[1:], [-0.9])
    np.testing.assert_allclose(both[1:], alone, atol=1e-6)
    same, _ = rotate(images, 0.3)
    np.testing.assert_allclose(same[0], both[0], atol=1e-6)


def test_a_rotation_can_be_traced_with_an_unknown_batch():
    traced = tf.function(
        rotate,
        input_signature=[
            tf.TensorSpec([None, 8, 8, 3], tf.float32),
            tf.TensorSpec([None], tf.float32),
        ],
    )
    images = random_images(3, 8, 8)
    angles = np.array([0.1, 0.2, 0.3], "float32")
    np.testing.assert_allclose(traced(images, angles)[0], rotate(images, angles)[0], atol=1e-6)
