"""Edits on a run whose generator writes its codes into pixels, read by encoders that are told."""

import types

import keras
import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.image.color import lab_to_srgb
from anime_style_tf.stages.measures import edit_measures
from anime_style_tf.stages.measures.edit_measures import measure_edits
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.workdir import networks

SIDE = 8


def lightness(lab):
    """The first three pixels of the first row, as lightness from -1 to 1."""
    return lab[:, 0, :3, 0]


def image_of(values):
    """Gray images whose first pixels have these lightnesses, sRGB uint8 `[..., SIDE, SIDE, 3]`."""
    lab = np.zeros((*np.shape(values)[:-1], SIDE, SIDE, 3))
    lab[..., 0, :3, 0] = values
    return np.round(255 * np.asarray(lab_to_srgb(lab))).astype(np.uint8)


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Style is two pixels' lightness times five, content the third's; the other encoder mixes."""
    generator = np.random.default_rng(0)

    def generate(style, content, free):
        codes = np.concatenate(
            [style / 5, np.broadcast_to(content, (*style.shape[:-1], 1)) / 5], -1
        )
        return image_of(codes) / 255

    def style_of(lab):
        return 5 * lightness(lab)[:, :2]

    def content_of(lab):
        return 5 * lightness(lab)[:, 2:]

    def encode(images):
        return networks.over_images(lambda lab: (style_of(lab), content_of(lab)), images)

    works = image_of(generator.uniform(-0.4, 0.4, (90, 3)))
    trained = types.SimpleNamespace(
        workdir=tmp_path / "first", free_size=0, generate=generate, encode=encode,
        style_encoder=style_of, content_encoder=content_of,
        records=types.SimpleNamespace(image_size=SIDE),
    )  # fmt: skip
    measured_run = types.SimpleNamespace(
        trained=trained, seed=0, basis={"count": 30, "split": "test"},
        works=types.SimpleNamespace(images=works[60:]),
        gallery_works=types.SimpleNamespace(images=works[:60]),
    )  # fmt: skip
    mixing = np.array([[1.0, 2.0, 0.5], [-1.0, 1.0, 0.0], [0.0, 0.0, 3.0]], "float32")
    monkeypatch.setattr(
        edit_measures, "_encoder_of", lambda *_: lambda lab: lightness(lab) @ mixing + 7
    )
    return measured_run


def test_edits_are_read_back_through_an_encoder_with_other_axes(run):
    result = measure_edits(run, second_run="another")
    np.testing.assert_allclose(result["gain"]["value"], 1, atol=0.1)
    np.testing.assert_allclose(result["read_of_works"]["value"], 1, atol=0.01)
    np.testing.assert_allclose(result["cross_talk"]["value"], 0, atol=0.02)
    np.testing.assert_allclose(result["content_drift"]["value"], 0, atol=0.01)
    assert min(result["linearity"]["value"]) > 0.95
    assert np.shape(result["gains"]["value"]) == (2, 2)
    assert result["gain"]["count"] == 30


def test_without_a_second_run_it_is_said_what_is_missing(run):
    assert list(measure_edits(run)) == ["not_measured"]


def test_a_second_run_that_cannot_judge_is_refused(tmp_path):
    keras.utils.set_random_seed(0)
    encoder = StyleEncoder(image_size=16, levels=(4, 6), code_size=3)
    encoder.build()
    networks.save_network(encoder, tmp_path / "second" / "style" / "style_encoder.keras")
    trained = types.SimpleNamespace(
        workdir=tmp_path / "first", records=types.SimpleNamespace(image_size=SIDE)
    )
    gallery = types.SimpleNamespace(images=None)
    run = types.SimpleNamespace(trained=trained, gallery_works=gallery)
    for folder, message in (
        ("first", "is this run"),
        ("second", "8 pixels, received 16"),
        ("third", r"style_encoder\.keras is missing"),
    ):
        with pytest.raises(InputError, match=message):
            measure_edits(run, second_run=str(tmp_path / folder))
