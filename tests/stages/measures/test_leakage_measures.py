"""The content code's probe on a run whose codes are made up."""

import types

import numpy as np
import pytest

from anime_style_tf.stages.measures.leakage_measures import measure_leakage


def measured(code):
    """Leakage of three artists' flat images, whose content code is a function of the image."""
    generator = np.random.default_rng(0)

    def works(count):
        labels = np.arange(count) % 3
        images = generator.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
        images[:, 0, 0, 0] = 100 * labels
        return types.SimpleNamespace(images=images, labels=labels)

    run = types.SimpleNamespace(
        trained=types.SimpleNamespace(encode=lambda images: (None, code(images))), seed=0,
        works=works(90), gallery_works=works(240), basis={"count": 999, "split": "test"},
    )  # fmt: skip
    return measure_leakage(run)["artist_from_content_code"]


def test_a_code_that_holds_the_artists_mark_leaks_all_of_it():
    result = measured(lambda images: images[:, 0, 0, :2] / 50)
    for name in ("linear", "nearest_neighbors"):
        share = result[name]["share"]
        assert share["value"] > 0.6
        assert share["count"] == 90
        assert share["interval"][0] > result[name]["null"]["value"]


def test_a_code_of_other_pixels_leaks_nothing():
    result = measured(lambda images: images[:, 3, :2, 0] / 50)
    for name in ("linear", "nearest_neighbors"):
        assert result[name]["share"]["value"] == pytest.approx(1 / 3, abs=0.15)
        assert result[name]["share"]["value"] < result[name]["null"]["value"] + 0.1
        assert 1 / 3 < result[name]["null"]["value"] < 0.55
