"""What the reliability diagram takes from `metrics.json`."""

import types

import numpy as np
import pytest

from anime_style_tf.errors import TooFewError
from anime_style_tf.stages.pictures.reliability import reliability_diagram


def drawn(attribution):
    return reliability_diagram(
        types.SimpleNamespace(metrics=attribution, names=["ann", "bob", "cy"])
    )


def test_the_figure_shows_what_was_measured():
    values = {
        "stated_probability": [0.4, 0.9], "reliability": [0.5, 0.8], "coverage": [0.5, 1.0],
        "risk": [0.0, 0.25], "risk_coverage_area": 0.125, "calibration_error": 0.1,
        "accuracy": 0.75,
    }  # fmt: skip
    attribution = {
        name: {"value": value, "interval": [value, value], "count": 40}
        for name, value in values.items()
    }
    reliability, risk = drawn({"attribution": attribution}).axes[1:]
    points = reliability.containers[0].lines[0]
    np.testing.assert_allclose(points.get_xdata(), [0.4, 0.9])
    np.testing.assert_allclose(points.get_ydata(), [0.5, 0.8])
    words = [text.get_text() for text in risk.get_legend().get_texts()]
    assert words[0].startswith("attribution (mean 0.125,")


def test_what_was_not_measured_is_not_drawn_and_the_reason_is_said():
    with pytest.raises(TooFewError, match="seven works"):
        drawn({"attribution": {"not_measured": "seven works"}})
    with pytest.raises(TooFewError, match="redo the stage evaluate"):
        drawn({})  # numbers of an early version
