"""Paired transfer on made-up works: each score and method by another route, and their table."""

import types

import numpy as np
import pytest
from skimage import color

from benchmarks import transfer_pairs
from benchmarks.contenders.transfers import (
    Artist,
    color_transfer,
    level_statistics,
    nearest_work,
)
from benchmarks.transfer_scores import edge_f_score, perceptual_distances, pixel_scores

SIDE = 32


def flat(*levels):
    """Images of one color each, `[images, SIDE, SIDE, 3]`."""
    return np.tile(np.array(levels, np.uint8)[:, None, None, :], (1, SIDE, SIDE, 1))


def noise(count, seed=0, low=60, high=190):
    return np.random.default_rng(seed).integers(low, high, (count, SIDE, SIDE, 3), dtype=np.uint8)


def test_color_transfer_gives_the_artists_mean_color_and_deviation():
    works = noise(5, 1, 100, 160)
    lab = color.rgb2lab(color_transfer(noise(3), Artist(works)))
    of_works = color.rgb2lab(works)
    mean = of_works.mean(axis=(0, 1, 2))
    deviation = of_works.std(axis=(1, 2)).mean(axis=0)
    np.testing.assert_allclose(lab.mean(axis=(1, 2)), np.tile(mean, (3, 1)), atol=0.5)
    np.testing.assert_allclose(lab.std(axis=(1, 2)), np.tile(deviation, (3, 1)), rtol=0.05)


def test_level_statistics_leave_an_artists_only_work_as_it_is():
    work = noise(1, 2)
    np.testing.assert_allclose(level_statistics(work, Artist(work)).astype(int), work, atol=1)
    finer = level_statistics(noise(4), Artist(flat((10, 20, 30))))
    np.testing.assert_allclose(finer, flat(*[(10, 20, 30)] * 4), atol=1)


def test_the_nearest_work_is_that_of_the_nearest_color():
    artist = Artist(flat((250, 0, 0), (0, 250, 0), (0, 0, 250)))
    found = nearest_work(flat((180, 40, 40), (20, 30, 140)), artist)
    np.testing.assert_array_equal(found, flat((250, 0, 0), (0, 0, 250)))


def test_the_same_picture_has_the_best_scores():
    images = noise(3)
    scores = pixel_scores(images, images)
    assert {name: list(values) for name, values in scores.items()} == {
        "ssim": [1] * 3, "color_difference": [0] * 3, "edge_f_score": [1] * 3,
    }  # fmt: skip
    assert perceptual_distances(lambda x: [x], images, images).max() == 0


def test_a_color_difference_is_a_distance_in_lab():
    red, gray = flat((200, 30, 30)), flat((120, 120, 120))
    expected = np.linalg.norm(color.rgb2lab(red)[0, 0, 0] - color.rgb2lab(gray)[0, 0, 0])
    assert pixel_scores(red, gray)["color_difference"][0] == pytest.approx(expected)


@pytest.mark.parametrize(("aside", "expected"), [(0, 1), (1, 1), (6, 0)])
def test_edges_are_forgiven_one_pixel(aside, expected):
    step = np.zeros((SIDE, SIDE))
    step[:, 12:] = 100
    assert edge_f_score(np.roll(step, aside, axis=1)[:, 8:-8], step[:, 8:-8]) == expected


def test_half_the_edges_found_are_a_recall_of_one_half():
    first, both = np.zeros((2, 64, 64))
    first[:, 16:32] = both[:, 16:32] = 100
    both[:, 44:52] = 100
    # One bar of two alike: precision 1, recall 1/2.
    assert edge_f_score(first, both) == pytest.approx(2 / 3, abs=0.02)
    assert edge_f_score(0 * first, both) == 0
    assert edge_f_score(0 * first, 0 * first) == 1


def test_a_distance_of_maps_counts_directions_and_not_lengths():
    first, second = np.zeros((2, 1, 4, 4, 2), np.float32)
    first[..., 0], second[..., 1] = 3, 5
    assert perceptual_distances(lambda x: [x], first, second)[0] == pytest.approx(2)
    assert perceptual_distances(lambda x: [x], first, 7 * first)[0] == pytest.approx(0)


def test_every_artist_draws_works_of_others_alone():
    by, as_by, subject = transfer_pairs.choose_pairs(5, 4, 0)
    assert (by != as_by).all()
    assert np.bincount(as_by).tolist() == [3 * 4] * 5
    assert np.bincount(subject).tolist() == [3 * 5] * 4
    assert len({*zip(by, as_by, subject, strict=True)}) == 60


def test_a_generator_that_draws_what_the_artist_drew_wins(monkeypatch):
    """Artists have a color each; the classifier reads it, and content is a square's place."""
    palette = np.array([(220, 40, 40), (40, 200, 60), (50, 60, 220)])

    def draw(artist, subject):
        image = np.tile(palette[artist].astype(np.uint8), (SIDE, SIDE, 1))
        image[4 * subject : 4 * subject + 6, 8:24] = 255
        return image

    images = np.array([[draw(artist, subject) for subject in range(6)] for artist in range(3)])
    numbers = {image.tobytes(): i % 6 for i, image in enumerate(images.reshape(-1, SIDE, SIDE, 3))}
    records = types.SimpleNamespace(
        labels=lambda _: np.repeat(np.arange(3), 2),
        batches=lambda *_, **__: types.SimpleNamespace(
            as_numpy_iterator=lambda: iter([{"image": images[:, :2].reshape(-1, SIDE, SIDE, 3)}])
        ),
    )
    trained = types.SimpleNamespace(
        records=records,
        artists={
            "mean_styles": np.arange(3)[:, None], "classifier_bias": np.zeros(3),
            # The classifier's code is Lab of the last pixel; the nearest hue's direction wins.
            "classifier_kernel": np.array([(0, 0.7, 0.6), (0, -0.7, 0.6), (0, 0.3, -1.0)]).T,
        },
        network=lambda *_: lambda lab: lab[:, -1, -1],
        encode=lambda pictures: (None, np.array([numbers[each.tobytes()] for each in pictures])),
        generate=lambda style, content: np.array(
            [draw(int(of), subject) for of, subject in zip(style[:, 0], content, strict=True)]
        ) / 255,
    )  # fmt: skip
    monkeypatch.setattr(transfer_pairs, "_maps", lambda side: None)
    results = transfer_pairs.measure(trained, images, seed=0)
    best = {name: entry["value"] for name, entry in results["generator"].items()}
    assert best == {"ssim": 1, "color_difference": 0, "edge_f_score": 1, "style_found": 1}
    assert results["copying"]["style_found"]["value"] == 0
    assert results["copying"]["edge_f_score"]["value"] > 0.9
    assert results["nearest work"]["style_found"]["value"] == 1
    assert results["nearest work"]["ssim"]["value"] < 1
    assert results["copying"]["ssim"]["count"] == 3 * 6 * 2
    assert "| generator | 1.000 (1.000-1.000) |" in transfer_pairs.table(results)
