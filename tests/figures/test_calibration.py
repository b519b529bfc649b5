"""The reliability diagram and the risk-coverage curve."""

import dataclasses

import numpy as np
import pytest

from anime_style_tf.figures import calibration


def _answers(*, error=0.031, works=400):
    confidence = np.linspace(0.3, 0.98, 15)
    accuracy = np.minimum(1, confidence + 0.03)
    coverage = np.arange(1, works + 1) / works
    return calibration.Answers(
        confidence, accuracy, accuracy - 0.08, np.minimum(1, accuracy + 0.05), error,
        coverage, 0.11 * coverage**2,
    )  # fmt: skip


@pytest.fixture(scope="module")
def page(drawn):
    answers = {"calibrated": _answers(), "before": _answers(error=0.2)}
    return drawn(calibration.reliability_and_risk(answers, artists=8, works=1691))


def test_both_panels_say_what_their_axes_are(page):
    reliability, risk = page.figure.axes[1:]
    assert reliability.get_xlabel() == "stated probability"
    assert reliability.get_ylabel() == "share of right answers"
    assert risk.get_xlabel().startswith("share of works answered")
    assert risk.get_ylabel() == "share of wrong answers"


def test_the_reliability_diagram_is_square_and_has_its_diagonal_points_and_bars(page):
    reliability = page.figure.axes[1]
    box = reliability.get_window_extent(page.renderer)
    np.testing.assert_allclose(box.width, box.height, atol=1)
    points, _, (bars,) = reliability.containers[0]
    np.testing.assert_allclose(points.get_xdata(), _answers().confidence)
    np.testing.assert_allclose(points.get_ydata(), _answers().accuracy)
    ends = np.array([bar[:, 1] for bar in bars.get_segments()])
    np.testing.assert_allclose(ends, np.stack([_answers().low, _answers().high], axis=1))
    diagonal = next(line for line in reliability.lines if line.get_label() == "as stated")
    np.testing.assert_array_equal(diagonal.get_xdata(), diagonal.get_ydata())


def test_the_legends_name_the_errors_and_the_caption_the_works(page):
    words = [t.get_text() for axes in page.figure.axes[1:] for t in axes.get_legend().get_texts()]
    assert "calibrated (calibration error 0.031)" in words
    assert any(word.startswith("before (mean 0.037, all answered 0.110") for word in words)
    for phrase in ("1,691 test works", "8 artists", "Wilson", "Look for"):
        assert phrase in page.caption()
    assert page.text_lies_within_the_page()


def test_an_area_that_is_given_is_the_one_that_is_named(drawn):
    answers = {"thinned": dataclasses.replace(_answers(works=7), area=0.0123)}
    page = drawn(calibration.reliability_and_risk(answers, artists=8, works=1691))
    words = [t.get_text() for t in page.figure.axes[2].get_legend().get_texts()]
    assert words == ["thinned (mean 0.012, all answered 0.110)"]


def test_the_risk_starts_at_zero_and_shows_all_of_the_curve(page):
    low, high = page.figure.axes[2].get_ylim()
    assert low == 0
    assert high >= 0.11


def test_answers_without_a_single_error_still_draw(drawn):
    flat = np.zeros(50)
    right = calibration.Answers(
        np.array([0.99]), np.array([1.0]), np.array([0.9]), np.array([1.0]), 0.01,
        np.arange(1, 51) / 50, flat,
    )  # fmt: skip
    page = drawn(calibration.reliability_and_risk({"sure": right}, artists=3, works=50))
    assert page.figure.axes[2].get_ylim() == (0, pytest.approx(0.02, abs=0.05))


def test_one_wrong_answer_among_the_surest_does_not_flatten_the_curve(drawn):
    steady = _answers()
    spike = np.where(steady.coverage < 0.01, 1.0, steady.risk)
    answers = dataclasses.replace(steady, risk=spike)
    page = drawn(calibration.reliability_and_risk({"a": answers}, artists=8, works=400))
    assert page.figure.axes[2].get_ylim()[1] < 0.2
