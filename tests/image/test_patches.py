import keras
import numpy as np
import pytest
import scipy.stats
import tensorflow as tf

from anime_style_tf.image.patches import random_patches


def numbered_images(batch, height, width):
    """Each pixel says which it is: (image, row, column)."""
    return np.stack(
        np.meshgrid(np.arange(batch), np.arange(height), np.arange(width), indexing="ij"), axis=-1
    ).astype("float32")


def test_every_patch_is_a_square_of_its_own_image():
    images = numbered_images(3, 9, 7)
    seed = keras.random.SeedGenerator(1)
    patches = random_patches(images, size=4, count=5, seed_generator=seed).numpy()
    assert patches.shape == (15, 4, 4, 3)
    for number, patch in enumerate(patches):
        image, row, column = patch[0, 0].astype(int)
        assert image == number // 5
        np.testing.assert_array_equal(patch, images[image, row : row + 4, column : column + 4])


def test_positions_are_uniform_and_rows_do_not_depend_on_columns():
    seed = keras.random.SeedGenerator(2)
    patches = random_patches(numbered_images(40, 8, 7), size=4, count=100, seed_generator=seed)
    corners = patches.numpy()[:, 0, 0, 1:].astype(int)
    counts = np.zeros((5, 4), int)
    np.add.at(counts, tuple(corners.T), 1)
    assert counts.sum() == 4000
    assert scipy.stats.chisquare(counts.ravel()).pvalue > 1e-3


def test_the_gradient_of_an_image_counts_the_patches_that_hold_each_pixel():
    images = tf.constant(numbered_images(2, 6, 6))
    seed = keras.random.SeedGenerator(3)
    with tf.GradientTape() as tape:
        tape.watch(images)
        patches = random_patches(images, size=3, count=4, seed_generator=seed)
        total = tf.reduce_sum(patches)
    gradient = tf.convert_to_tensor(tape.gradient(total, images)).numpy()
    expected = np.zeros((2, 6, 6))
    np.add.at(expected, tuple(patches.numpy().reshape(-1, 3).astype(int).T), 1)
    np.testing.assert_array_equal(gradient, expected[..., None].repeat(3, axis=-1))


def test_a_patch_as_large_as_the_image_is_the_image():
    images = numbered_images(2, 5, 5)
    seed = keras.random.SeedGenerator(0)
    patches = random_patches(images, size=5, count=1, seed_generator=seed)
    np.testing.assert_array_equal(patches, images)


def test_patches_larger_than_the_image_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        random_patches(
            numbered_images(1, 4, 8), size=5, count=1, seed_generator=keras.random.SeedGenerator(0)
        )


def test_patches_can_be_traced_with_an_unknown_batch():
    seed = keras.random.SeedGenerator(0)
    cut = tf.function(
        lambda images: random_patches(images, size=2, count=3, seed_generator=seed),
        input_signature=[tf.TensorSpec([None, 6, 6, 3], tf.float32)],
    )
    assert cut(numbered_images(2, 6, 6)).shape == (6, 2, 2, 3)
