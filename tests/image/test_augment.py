import keras
import numpy as np
import pytest
import tensorflow as tf
from scipy import ndimage, stats

from anime_style_tf.image.augment import blurred_by, softened, style_preserving

RNG = np.random.default_rng(4)


def seeded(number=0):
    return keras.random.SeedGenerator(number)


def test_a_flip_mirrors_about_half_of_the_images_and_leaves_the_others():
    images = RNG.random((400, 4, 5, 3)).astype("float32")
    flipped = style_preserving(images, shift=0, flip=True, seed_generator=seeded()).numpy()
    same = (flipped == images).all(axis=(1, 2, 3))
    mirrored = (flipped == images[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (same ^ mirrored).all()
    # Four standard deviations of 400 fair coins.
    assert abs(mirrored.sum() - 200) <= 40


def test_a_shift_moves_the_whole_image_and_repeats_its_border():
    images = RNG.random((60, 6, 7, 2)).astype("float32")
    shifted = style_preserving(images, shift=2, flip=False, seed_generator=seeded()).numpy()
    seen = set()
    for before, after in zip(images, shifted, strict=True):
        padded = np.pad(before, ((2, 2), (2, 2), (0, 0)), mode="edge")
        matches = [
            (row - 2, column - 2)
            for row in range(5)
            for column in range(5)
            if np.array_equal(padded[row : row + 6, column : column + 7], after)
        ]
        assert len(matches) == 1
        seen.update(matches)
    assert {row for row, _ in seen} == {-2, -1, 0, 1, 2}
    assert {column for _, column in seen} == {-2, -1, 0, 1, 2}


def test_no_color_appears_that_was_not_there():
    images = RNG.integers(0, 256, (20, 8, 8, 3)).astype("float32")
    changed = style_preserving(images, shift=3, flip=True, seed_generator=seeded()).numpy()
    for before, after in zip(images, changed, strict=True):
        old = {tuple(color) for color in before.reshape(-1, 3)}
        assert {tuple(color) for color in after.reshape(-1, 3)} <= old


def test_a_flip_alone_keeps_every_color_as_often():
    images = RNG.integers(0, 3, (20, 5, 5, 3)).astype("float32")
    changed = style_preserving(images, shift=0, flip=True, seed_generator=seeded()).numpy()
    before = np.sort(images.reshape(20, -1), axis=1)
    np.testing.assert_array_equal(np.sort(changed.reshape(20, -1), axis=1), before)


def test_nothing_asked_for_changes_nothing():
    images = RNG.random((3, 4, 4, 3)).astype("float32")
    changed = style_preserving(images, shift=0, flip=False, seed_generator=seeded())
    np.testing.assert_array_equal(changed, images)


@pytest.mark.parametrize("number", [0, 7])
def test_a_seed_determines_the_change(number):
    images = RNG.random((8, 6, 6, 3)).astype("float32")
    first, again = (
        style_preserving(images, shift=2, flip=True, seed_generator=seeded(number)) for _ in "ab"
    )
    np.testing.assert_array_equal(first, again)


def test_the_changes_can_be_traced_with_an_unknown_batch():
    generator = seeded()
    traced = tf.function(
        lambda images: style_preserving(images, shift=1, flip=True, seed_generator=generator),
        input_signature=[tf.TensorSpec([None, 6, 6, 3], tf.float32)],
    )
    assert traced(np.zeros((3, 6, 6, 3), "float32")).shape == (3, 6, 6, 3)


@pytest.mark.parametrize("blur", [0.5, 1.0, 1.3])
def test_half_of_the_images_are_blurred_by_a_variance_that_is_uniform(blur):
    images = np.zeros((400, 25, 25, 1), "float32")
    images[:, 12, 12] = 1
    blurred = softened(images, blur=blur, seed_generator=seeded()).numpy()
    sharp = (blurred == images).all(axis=(1, 2, 3))
    assert abs(sharp.sum() - 200) <= 40  # four standard deviations of 400 fair coins
    np.testing.assert_allclose(blurred.sum((1, 2, 3)), 1, rtol=1e-5)
    for axis in (1, 2):
        across = blurred[~sharp].astype("float64").sum(axis=(3, 3 - axis))
        variances = across @ (np.arange(25) - 12) ** 2
        assert stats.kstest(variances / blur**2, "uniform").pvalue > 1e-4


def test_a_blur_is_near_that_of_scipy_and_nothing_is_blurred_by_none():
    image = RNG.integers(0, 256, (1, 16, 16, 3), np.uint8)
    share = np.full((1, 1, 1, 1), 0.5 * 0.6**2, "float32")
    ours = blurred_by(image.astype("float32"), share)
    theirs = ndimage.gaussian_filter(image[0].astype("float64"), (0.6, 0.6, 0), mode="nearest")
    assert np.abs(ours[0] - theirs).mean() < 0.15 * np.abs(image[0] - theirs).mean()
    assert softened(image, blur=0.0, seed_generator=seeded()) is image
