"""Factors read on a run whose generator keeps the content's, or forgets it."""

import json
import types

import numpy as np
import pytest

from anime_style_tf.errors import TooFewError
from anime_style_tf.stages.measures.factor_measures import measure_factors, summarize_factors
from anime_style_tf.stages.measures.measured_run import Works

SIDE = 16


def draw(artists, glasses):
    """An artist's shade of gray, with a dark bar where there are glasses."""
    images = np.zeros((len(artists), SIDE, SIDE, 3))
    images += (100 + 40 * np.asarray(artists, float))[:, None, None, None]
    images[np.asarray(glasses, bool), 6:9, 2:14] = 20
    return images.astype(np.uint8)


def works(count, factors=lambda artist, glasses: {"worn": "glasses" if glasses else "nothing"}):
    artists, glasses = np.arange(count) % 3, np.arange(count) // 3 % 2
    texts = [json.dumps(factors(*pair)).encode() for pair in zip(artists, glasses, strict=True)]
    return Works(draw(artists, glasses), artists, tuple(texts))


def measured(generate, **options):
    def encode(images):
        style = (images[:, :1, 0, 0] - 100.0) / 40
        return style, images[:, 7, 5:6, 0] == 20.0

    run = types.SimpleNamespace(
        trained=types.SimpleNamespace(encode=encode, generate=generate), seed=0,
        works=works(90, **options), gallery_works=works(120, **options),
    )  # fmt: skip
    return measure_factors(run)


def keeps(style, content):
    return draw(style[:, 0], content[:, 0]) / 255


def test_a_generator_that_keeps_what_is_shown_is_read_as_well_as_artists():
    result = measured(keeps)
    assert list(result) == ["worn"]
    for name in ("generated", "works", "kept"):
        assert result["worn"][name]["value"] == 1
        assert result["worn"][name]["count"] == 90
    assert result["worn"]["chance"]["value"] == pytest.approx(1 / 2, abs=0.02)
    (line,) = summarize_factors(result)
    assert line.endswith("worn 1.000 (1.000)")


def test_one_that_forgets_it_is_read_by_chance():
    result = measured(lambda style, content: keeps(style, np.zeros_like(content)))
    assert result["worn"]["generated"]["value"] == result["worn"]["chance"]["value"]
    assert result["worn"]["works"]["value"] == 1
    assert result["worn"]["kept"]["value"] == pytest.approx(1 / 2, abs=0.02)


def test_a_style_that_does_not_show_a_factor_is_not_asked_for_it():
    result = measured(keeps, factors=lambda artist, worn: {"worn": bool(worn)} if artist else {})
    # Of three artists two show it: of their 60 works those drawn in the style of the other of them.
    assert 20 <= result["worn"]["generated"]["count"] <= 40


def test_records_without_factors_say_so():
    with pytest.raises(TooFewError, match="give a source that says what its works show"):
        measured(keeps, factors=lambda artist, worn: {})
