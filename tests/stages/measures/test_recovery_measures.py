"""Codes asked for and codes read, of a generator that draws half the content."""

import re
import types

import pytest

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.stages.measures.recovery_measures import measure_recovery, summarize_recovery
from tests.stages.made_up_run import make_trained


def test_the_error_is_that_of_each_code_in_units_of_a_standard_normal(tmp_path):
    """Half a standard normal is lacking: its mean square is 1/4."""
    run = types.SimpleNamespace(trained=make_trained(tmp_path), seed=0)
    recovery = measure_recovery(run, images=4000)
    assert recovery["style"]["value"] < 1e-6
    assert recovery["content"]["value"] == pytest.approx(1 / 4, rel=0.1)
    low, high = recovery["content"]["interval"]
    assert low < 1 / 4 < high
    assert len(recovery["style_by_dimension"]["value"]) == 2
    assert recovery["content"]["count"] == 4000
    (line,) = summarize_recovery(recovery)
    said = r"style 0\.000 \(as drawn 0\.000\), content 0\.2\d\d \(as drawn 0\.2\d\d\)$"
    assert re.search(f"trained through: {said}", line)


def test_codes_as_drawn_are_an_artists_style_and_a_content_of_the_density(tmp_path):
    """Of contents around 3 with deviation 1, half lacks: the mean square of halves is 10/4."""
    trained = make_trained(tmp_path)
    trained.content_density = ContentDensity([1.0], [[3.0]], [[[1.0]]])
    recovery = measure_recovery(types.SimpleNamespace(trained=trained, seed=0), images=4000)
    assert recovery["style_as_drawn"]["value"] < 1e-6
    assert recovery["content_as_drawn"]["value"] == pytest.approx(10 / 4, rel=0.05)
    assert "mean style of an artist" in recovery["content_as_drawn"]["split"]
    assert recovery["content"]["value"] == pytest.approx(1 / 4, rel=0.1)
