import numpy as np

from benchmarks.collection_trainings import SIDE, from_scratch, small


def test_a_rival_with_proxies_is_trained_on_works_and_codes_any_version_of_others():
    rng = np.random.default_rng(0)
    artists = np.repeat([0, 1, -1], 6)
    images = rng.integers(0, 90, (18, 128, 128, 3)) + 80 * (artists[:, None, None, None] == 1)
    training = np.array([0, 1, 2, 3, 6, 7, 8, 9])
    images = images.astype("uint8")
    code = from_scratch(images, artists, training, method="proxy anchor", steps=2, seed=0)
    rows = np.array([4, 10, 12])
    codes = code("as it is", rows)
    assert codes.shape == (3, 64)
    assert np.isfinite(codes).all()
    assert not np.array_equal(code("JPEG 50", rows), codes)
    np.testing.assert_array_equal(code("as it is", rows), codes)


def test_pictures_come_to_one_size():
    images = np.full((2, 2 * SIDE, 2 * SIDE, 3), 7, np.uint8)
    assert (small(images) == 7).all()
    assert small(images).shape == (2, SIDE, SIDE, 3)
    assert small(images[:, :SIDE, :SIDE]).base is images
