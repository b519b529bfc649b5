"""Known and later artists in a made-up space of two parts."""

import numpy as np
import pytest

pytest.importorskip("resvg_py")
pytest.importorskip("dicebear")

from benchmarks.unseen_artists import World, new_style, some_of_each

ARTISTS, WORKS, NEW = 12, 40, 6


def drawn(apart):
    """A world whose artists differ by `apart` deviations of their works in four dimensions."""
    rng = np.random.default_rng(0)
    means = apart * np.pad(rng.normal(size=(ARTISTS + NEW, 4)), ((0, 0), (0, 2)))
    artists = np.repeat(np.arange(ARTISTS + NEW), WORKS)
    features = means[artists] + rng.normal(size=(len(artists), 6))
    parts = [features[:, :3], features[:, 3:]]
    known = artists < ARTISTS
    works = [part[known] for part in parts]
    moved = [part + 0.1 * rng.normal(size=part.shape) for part in works]
    new = [[part[artists == ARTISTS + one] for part in parts] for one in range(NEW)]
    families = rng.integers(0, 60, known.sum()).astype(str)
    return (works, [moved]), artists[known], families, new


@pytest.mark.parametrize(("apart", "least", "most"), [(8, 0.95, 1), (0, 0, 0.3)])
def test_later_artists_are_told_apart_as_far_as_they_differ(apart, least, most):
    known, artists, families, new = drawn(apart)
    world = World(known, artists, families, new, None)
    assert 20 < len(world.artists) < len(artists) / 5
    names = [np.arange(WORKS).astype(str)] * NEW
    of_new = world.of_new(names, draws=3)
    assert least <= of_new["accuracy"] <= most
    assert least <= of_new["accuracy_of_nearest_means"] <= most
    assert np.mean(of_new["accuracy_by_artist"]) == pytest.approx(of_new["accuracy"])
    separation = world.of_known()["auroc_of_unknown"]
    assert separation > 0.9 if apart else 0.3 < separation < 0.7


def test_of_each_known_artist_a_few_works_are_taken():
    rows = some_of_each(np.repeat([0, 1, -1], (90, 7, 5)), np.random.default_rng(0))
    assert np.bincount(np.searchsorted([90, 97], rows, side="right")).tolist() == [45, 7]


def test_a_new_style_draws_other_subjects_as_other_pictures():
    images, subjects = new_style("moods")
    assert images.shape == (40, 64, 64, 3)
    assert len(set(subjects)) == 40
    assert len({image.tobytes() for image in images}) > 30
