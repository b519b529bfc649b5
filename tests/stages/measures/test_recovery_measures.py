"""Codes asked for and codes read, of a generator that draws half the content."""

import re
import types

import pytest

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
    assert re.search(r"trained through: style 0\.000, content 0\.2\d\d$", line)
