"""Accuracy and variance ratio of works whose codes are known."""

import numpy as np
import pytest

from anime_style_tf.stages.measures.measured_run import MeasuredRun
from anime_style_tf.stages.measures.style_measures import measure_style
from tests.stages.made_up_run import CORNERS, REPORTING, make_trained, patch_networks


@pytest.fixture
def style(monkeypatch, tmp_path):
    patch_networks(monkeypatch)
    run = MeasuredRun(make_trained(tmp_path))
    return measure_style(run)


def variance_ratio(length):
    """By its definition, over all pairs of works of the half that reports."""
    places = [(artist, CORNERS[artist] + place) for artist, place in REPORTING]
    codes = {a: [code[:length] for own, code in places if own == a] for a in range(3)}
    means = {a: np.mean(works, axis=0) for a, works in codes.items()}
    # Two works an artist: unbiased, their squared deviations are divided by 1.
    within = np.mean([sum(np.sum((c - means[a]) ** 2) for c in codes[a]) for a in range(3)])
    different = np.mean(
        [np.sum((c - d) ** 2) for a in range(3) for b in range(3) if a != b
         for c in codes[a] for d in codes[b]]
    )  # fmt: skip
    return within / different


def test_accuracy_is_that_of_the_half_that_reports_at_each_length(style):
    """First dimension: cy's works are ann's. Third: bob's presumed style lies 25 away."""
    accuracy = style["accuracy_against_d"]
    assert accuracy["metric_learning"]["value"] == pytest.approx([3 / 6, 5 / 6, 4 / 6])
    assert accuracy["classifier"]["value"] == pytest.approx([2 / 6, 3 / 6, 3 / 6])
    at_k = style["accuracy_at_k_S"]
    assert at_k["value"] == pytest.approx(5 / 6)
    assert at_k["count"] == 6
    assert style["k_S"] == {"value": 2, "definition": "the rule of style"}


def test_variance_ratios_are_those_of_all_pairs_of_works(style):
    expected = [variance_ratio(length) for length in (1, 2)]
    curve = style["variance_ratio_against_d"]["metric_learning"]["value"]
    assert curve[:2] == pytest.approx(expected)
    assert style["variance_ratio_at_k_S"]["metric_learning"]["value"] == curve[1]
    # The classifier's first two dimensions are the same two in the other order.
    assert style["variance_ratio_at_k_S"]["classifier"]["value"] == pytest.approx(expected[1])
    quotient = style["ratio_of_variance_ratios_at_k_S"]["value"]
    assert quotient == pytest.approx(1)
    assert style["ratio_of_variance_ratios_against_d"]["value"][0] != pytest.approx(1)
