"""A generator that pleases the encoder it was trained through and nobody else."""

import json
import types

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.stages.measures.measured_run import Works
from anime_style_tf.stages.measures.reattribution_measures import JUDGES, measure_reattribution
from anime_style_tf.workdir import networks

SIDE, ARTISTS, EACH = 32, 3, 10
_SELF, *_OTHERS = ("by_style_encoder_trained_through", "by_classifier", "by_hand_made_features")


def drawing(artist, shift, said=None):
    """Stripes whose width is the artist's; the corner says whom the style encoder is to see."""
    row = np.arange(SIDE) + shift
    stripes = 255 * (row // (2 + 2 * artist) % 2)
    image = np.tile(np.uint8(stripes)[:, None, None], (1, SIDE, 3))
    image[0, 0] = artist if said is None else said
    return image


def drawings(artists, seed=0):
    shifts = np.random.default_rng(seed).integers(0, 8, len(artists))
    return np.stack([drawing(*each) for each in zip(artists, shifts, strict=True)])


def generate(style, content, free):
    """The last artist's style comes out as the first one's drawings, with the right corner."""
    asked = np.argmax(style, axis=1)
    drawn = np.where(asked == ARTISTS - 1, 0, asked)
    content = np.abs(np.round(content[:, 0])).astype(int)
    each = zip(drawn, content, asked, strict=True)
    return (np.stack([drawing(*one) for one in each]) / 255).astype(np.float32)


def encode(images):
    corner = np.round(images[:, 0, 0, 0] * (1 if images.dtype == np.uint8 else 255)).astype(int)
    return np.eye(ARTISTS)[corner], np.ones((len(images), 2))


def classify(_, images):
    """Logits by how often a column changes, of which each artist has another number."""
    changes = np.abs(np.diff(images[:, 1:, 1, 0].astype(float), axis=1)) > 0
    expected = SIDE / (2 + 2 * np.arange(ARTISTS))
    return -np.abs(changes.sum(axis=1)[:, None] - expected)


@pytest.fixture
def measured(monkeypatch):
    trained = types.SimpleNamespace(
        artists={
            "mean_styles": np.eye(ARTISTS),
            "classifier_kernel": np.eye(ARTISTS),
            "classifier_bias": np.zeros(ARTISTS),
        },
        content_encoder=types.SimpleNamespace(code_size=2),
        content_density=ContentDensity.standard(2),
        free_size=1,
        records=types.SimpleNamespace(artists=["ann", "bo", "cy"]),
        network=lambda *_: None,
        generate=generate,
        encode=encode,
    )
    labels = np.arange(60) % ARTISTS
    run = types.SimpleNamespace(
        trained=trained, seed=0, absent={},
        works=Works(drawings(labels[:30], 1), labels[:30]),
        gallery_works=Works(drawings(labels, 2), labels),
        basis={"count": 30, "split": "test, a half"},
    )  # fmt: skip
    monkeypatch.setattr(networks, "over_images", classify)
    found = measure_reattribution(run, images_per_artist=EACH)
    return json.loads(json.dumps(found, allow_nan=False))


def test_judges_that_the_generator_never_saw_say_what_its_own_encoder_does_not(measured):
    assert set(JUDGES) == {_SELF, *_OTHERS}
    for share in ("share", "share_as_drawn", "share_with_works_content"):
        assert measured[_SELF][share]["value"] == 1
        for judge in _OTHERS:
            assert measured[judge][share]["value"] == pytest.approx(2 / 3)
    assert measured["chance"]["value"] == 1 / 3
    assert measured["artists"] == ["ann", "bo", "cy"]


def test_each_judge_is_measured_on_works_of_the_artists_too(measured):
    for judge in JUDGES:
        ceiling = measured[judge]["test_works"]
        assert ceiling["value"] == 1
        assert (ceiling["count"], ceiling["split"]) == (30, "test, a half")
        low, high = stats.binomtest(30, 30).proportion_ci(method="wilson")
        np.testing.assert_allclose(ceiling["interval"], (low, high))


def test_what_is_taken_for_what_is_told_for_each_judge(measured):
    for judge in _OTHERS:
        for confusion in ("confusion", "confusion_with_works_content"):
            expected = EACH * np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]])
            np.testing.assert_array_equal(measured[judge][confusion]["value"], expected)


def test_an_encoder_that_grades_its_own_pupil_is_said_to(measured):
    assert "trained through" in measured[_SELF]["share"]["definition"]
    for judge in _OTHERS:
        assert "never saw" in measured[judge]["share"]["definition"]
    assert "nearest of 60 training works" in measured[_OTHERS[1]]["share"]["definition"]
