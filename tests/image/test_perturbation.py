import keras
import numpy as np
import pytest
import scipy.ndimage

from anime_style_tf.errors import InputError
from anime_style_tf.image.perturbation import perturbed

RNG = np.random.default_rng(35)


def seeds():
    return keras.random.SeedGenerator(4)


def test_without_shift_blur_and_noise_images_stay_as_they_are():
    images = RNG.normal(size=(3, 8, 8, 3)).astype("float32")
    same = perturbed(images, shift=0, blur=0.0, noise=0.0, seed_generator=seeds())
    np.testing.assert_array_equal(same, images)


def test_each_image_is_blurred_by_three_weights_of_its_own_up_to_the_largest():
    images = RNG.normal(size=(40, 8, 9, 3)).astype("float32")
    blurred = np.asarray(perturbed(images, shift=0, blur=0.7, noise=0.0, seed_generator=seeds()))
    shares = []
    for image, found in zip(images.astype("float64"), blurred, strict=True):
        # The share is read off one pixel's column, then all pixels are compared.
        errors = [np.abs(by_scipy(image, k) - found).max() for k in np.linspace(0, 0.245, 491)]
        shares.append(np.linspace(0, 0.245, 491)[np.argmin(errors)])
        assert min(errors) < 5e-3
    assert min(shares) < 0.05
    assert max(shares) > 0.2


def by_scipy(image, share):
    for axis in (0, 1):
        image = scipy.ndimage.convolve1d(
            image, [share, 1 - 2 * share, share], axis=axis, mode="nearest"
        )
    return image


def test_the_largest_blur_takes_away_most_of_the_highest_frequency():
    stripes = np.tile((np.arange(16) % 2 * 2.0 - 1.0)[None, None, :, None], (200, 4, 1, 1))
    blurred = perturbed(
        stripes.astype("float32"), shift=0, blur=0.5**0.5, noise=0.0, seed_generator=seeds()
    )
    remains = np.abs(np.asarray(blurred)[:, :, 4:-4]).mean(axis=(1, 2, 3))
    assert remains.min() < 0.05
    assert remains.mean() == pytest.approx(0.5, abs=0.06)


def test_a_blur_that_three_weights_cannot_make_is_refused():
    with pytest.raises(InputError, match=r"in \[0, 0\.7\] pixels, received 1"):
        perturbed(np.zeros((1, 4, 4, 3), "float32"), blur=1.0, seed_generator=seeds())


def test_noise_has_its_deviation():
    images = np.zeros((4, 32, 32, 3), "float32")
    noisy = np.asarray(perturbed(images, noise=0.05, seed_generator=seeds()))
    assert noisy.std() == pytest.approx(0.05, rel=0.05)
