"""The stage's part of fidelity: which sets are compared, in which space, and what is written."""

import types

import keras
import numpy as np
import pytest
from sklearn.decomposition import PCA

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.stages.measures.fidelity_measures import (
    MEASURES,
    feature_space,
    measure_fidelity,
)
from anime_style_tf.style_encoder import StyleEncoder
from tests.evaluation.fidelity.drawings import blurred, drawings

SIDE, FREE = 32, 2
TEST = drawings(48, 0, side=SIDE)


class Run:
    """A run whose codes are work numbers, and whose generator draws those works, blurred."""

    free_size = FREE
    content_encoder = types.SimpleNamespace(code_size=1)
    content_density = ContentDensity([1.0], [[50.0]], [[[1.0]]])

    def __init__(self):
        keras.utils.set_random_seed(0)
        self.encoder = StyleEncoder(image_size=SIDE, levels=(4, 6), code_size=3)
        self.encoder.build()
        self.asked = []

    def network(self, stage, name):
        assert (stage, name) == ("style", "classifier_encoder")
        return self.encoder

    def encode(self, images):
        numbers = [int(np.flatnonzero((each == TEST).all(axis=(1, 2, 3)))[0]) for each in images]
        return np.array(numbers)[:, None], 100.0 + np.array(numbers)[:, None]

    def generate(self, style, content, free):
        self.asked.append((style, content, free))
        brighter = np.clip(
            TEST[style[:, 0]] / 255 + 4 / 255 * (content[:, :1, None, None] > 0), 0, 1
        )
        return blurred(np.round(255 * brighter).astype(np.uint8), 1.0) / 255


@pytest.fixture(scope="module")
def measured():
    run = Run()
    measured_run = types.SimpleNamespace(
        trained=run, seed=0,
        first_works=lambda count: types.SimpleNamespace(images=TEST[1::2][:count]),
        selecting_images=lambda count: TEST[::2][:count],
        gallery_works=types.SimpleNamespace(images=drawings(60, 1, side=SIDE)),
    )  # fmt: skip
    return run, measure_fidelity(measured_run)


def test_every_measure_is_there_for_generated_images_and_for_works(measured):
    _, result = measured
    assert set(result) == {*MEASURES, "moved_by"}
    for name in set(MEASURES) - {"sliced_wasserstein"}:
        for entry in result[name].values():
            assert entry["count"] == 24
            assert np.isfinite(entry["value"])
    assert set(result["sliced_wasserstein"]["works"]) == {"32", "16"}


def test_blurred_images_are_farther_than_works_and_softer(measured):
    _, result = measured
    for name in ("frechet_distance", "kernel_distance"):
        assert result[name]["generated"]["value"] > result[name]["works"]["value"]
    assert result["edge_ratio"]["generated"]["value"] < 0.8
    assert result["edge_ratio"]["works"]["value"] == pytest.approx(1, abs=0.3)
    finest = {kind: entry["32"]["value"] for kind, entry in result["sliced_wasserstein"].items()}
    assert finest["generated"] > 2 * finest["works"]


def test_styles_are_those_of_the_other_half_and_contents_are_given_to_other_works(measured):
    run, _ = measured
    style, random_content, _ = run.asked[0]
    assert (style[:, 0] == np.arange(0, 48, 2)).all()
    assert np.abs(random_content).max() < 10
    _, drawn_content, _ = run.asked[1]
    np.testing.assert_allclose(drawn_content, 50, atol=6)
    _, works_content, _ = run.asked[2]
    assert sorted(works_content[:, 0]) == list(np.arange(100, 148, 2))
    assert (works_content[:, 0] != 100 + style[:, 0]).mean() > 0.8


def test_a_code_that_the_generator_does_not_hear_moves_nothing(measured):
    _, result = measured
    moved = {name: entry["value"] for name, entry in result["moved_by"].items()}
    assert moved["free"] == 0
    assert 0 < moved["content"] < 4
    assert moved["style"] > 10


def test_the_space_is_that_of_whitened_principal_axes_of_the_maps_means():
    run, works = Run(), drawings(40, 2, side=SIDE)
    maps = run.encoder.trunk.maps(srgb_to_lab(works))
    means = np.concatenate([np.asarray(each).mean(axis=(1, 2)) for each in maps], axis=1)
    standard = (means - means.mean(axis=0)) / means.std(axis=0)
    expected = PCA(whiten=True).fit_transform(standard.astype(np.float64))
    found = feature_space(run, works)(works)
    assert found.shape == (40, 10)
    np.testing.assert_allclose(np.abs(found[:, :4]), np.abs(expected[:, :4]), rtol=0.02, atol=0.02)


def test_a_classifier_without_maps_gives_its_code():
    run, works = Run(), drawings(40, 3, side=SIDE)
    run.encoder = lambda lab: lab[:, 0, 0]
    run.encoder.trunk = None
    corners = np.asarray(srgb_to_lab(works))[:, 0, 0].astype(np.float64)
    expected = PCA(whiten=True).fit_transform(
        (corners - corners.mean(axis=0)) / corners.std(axis=0)
    )
    np.testing.assert_allclose(
        np.abs(feature_space(run, works)(works)), np.abs(expected), atol=1e-2
    )
