import types

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from anime_style_tf.stages import linear_start
from anime_style_tf.stages.linear_start import start_from_works
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir import networks

ARTISTS = np.array([2, 0, 1, 1, 0, 2, 2, 1, 0, 1, 0, 2] * 3)


@pytest.fixture
def images():
    """Noise, the lighter the higher the artist's number."""
    rng = np.random.default_rng(3)
    light = 0.3 + 0.3 * ARTISTS[:, None, None, None]
    return (255 * rng.uniform(0, 1, (len(ARTISTS), 16, 16, 3)) * light).astype("uint8")


class InMemory(types.SimpleNamespace):
    """Records of one split."""

    def labels(self, split):
        return ARTISTS

    def batches(self, split, size, **options):
        for start in range(0, len(self.images), 10):
            yield {"image": self.images[start : start + 10]}


@pytest.fixture
def started(images, monkeypatch):
    monkeypatch.setattr(
        networks, "over_records", lambda encoder, *_: networks.over_images(encoder, images)
    )
    monkeypatch.setattr(linear_start, "load_published", lambda layer: None)
    encoder = StyleEncoder(
        image_size=16, levels=(), code_size=2,
        pretrained="lite0", pretrained_stages=(1, 2), pretrained_resolution=16,
    )  # fmt: skip
    encoder.build()
    return encoder, start_from_works(encoder, InMemory(images=images), seed=0)


def test_the_code_tells_artists_apart_by_the_means_that_it_returns(started, images):
    encoder, means = started
    codes = networks.over_images(encoder, images)
    expected = np.stack([codes[artist == ARTISTS].mean(axis=0) for artist in range(3)])
    np.testing.assert_allclose(means, expected, atol=1e-4)
    np.testing.assert_array_equal(pairwise_distances(codes, means).argmin(axis=1), ARTISTS)


def test_of_many_works_some_of_every_artist_are_taken(images, monkeypatch):
    monkeypatch.setattr(linear_start, "_MOST_WORKS", 7)
    rows = linear_start._of_all_artists(ARTISTS)
    assert sorted(ARTISTS[rows].tolist()) in ([0, 0, 0, 1, 1, 2, 2], [0, 0, 1, 1, 1, 2, 2],
                                              [0, 0, 1, 1, 2, 2, 2])  # fmt: skip
    taken = linear_start._images(InMemory(images=images), rows)
    np.testing.assert_array_equal(taken, images[rows])


def test_changed_versions_are_new_pictures_of_the_same_works(images):
    changed, other = linear_start.changed_versions(images, seed=0)
    assert np.any(changed != other)
    assert changed.shape == images.shape
    assert changed.dtype == np.uint8
    assert (np.abs(changed.astype(int) - images).mean(axis=(1, 2, 3)) > 0).all()
    np.testing.assert_allclose(changed.mean(axis=(1, 2, 3)), images.mean(axis=(1, 2, 3)), rtol=0.15)
