"""Figure 1 and the content curve."""

import numpy as np
import pytest

from anime_style_tf import figures

_LENGTHS = np.arange(1, 65)


def _curve(top, *, band=0.05):
    values = top * (1 - np.exp(-_LENGTHS / 5))
    return figures.Curve(_LENGTHS, values, values - band, values + band)


@pytest.fixture(scope="module")
def page(drawn):
    return drawn(
        figures.figure_1(
            {"metric learning": _curve(0.9), "classifier": _curve(0.95)},
            {"metric learning": _curve(0.1), "classifier": _curve(0.3)},
            chosen=6,
            artists=14,
            works=168,
        )
    )


def test_figure_1_has_two_labeled_panels_on_a_log_axis(page):
    accuracy, ratio = page.figure.axes[1:]
    assert accuracy.get_ylabel() == "accuracy"
    assert "within" in ratio.get_ylabel()
    for axes in (accuracy, ratio):
        assert axes.get_xscale() == "log"
        assert "dimensions" in axes.get_xlabel()
        names = [text.get_text() for text in axes.get_legend().get_texts()]
        assert names[:2] == ["metric learning", "classifier"]


def test_figure_1_draws_the_curves_their_bands_and_chance(page):
    accuracy = page.figure.axes[1]
    np.testing.assert_allclose(accuracy.lines[0].get_ydata(), _curve(0.9).values)
    assert len(accuracy.collections) == 2
    chance = [line for line in accuracy.lines if line.get_label().startswith("chance")]
    np.testing.assert_allclose(chance[0].get_ydata(), 1 / 14)


def test_figure_1_marks_the_chosen_length_in_both_panels(page):
    for axes in page.figure.axes[1:]:
        assert any("= 6" in text.get_text() for text in axes.texts)
        assert any(np.all(np.asarray(line.get_xdata()) == 6) for line in axes.lines)


def test_figure_1s_caption_counts_and_names_the_split_and_the_interval(page):
    for words in ("168 test works", "14 artists", "95 % Wilson", "Look for"):
        assert words in page.caption()
    assert page.text_lies_within_the_page()


def test_the_two_curves_differ_without_color(page):
    first, second = page.figure.axes[1].lines[:2]
    assert first.get_linestyle() != second.get_linestyle()


def test_the_content_curve_marks_its_choice(drawn):
    page = drawn(
        figures.content_curve(_curve(0.1, band=0.01), chosen=28, rule="as few as do", images=300)
    )
    axes = page.figure.axes[1]
    assert any("= 28" in text.get_text() for text in axes.texts)
    assert "300 images (test split)" in page.caption()
    assert "the kept length, 28, as few as do." in page.caption()
    assert "standard error" in page.caption()
    assert axes.get_ylim()[0] == 0
    assert page.text_lies_within_the_page()


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_very_short_code_still_draws(drawn, length):
    lengths = np.arange(1, length + 1)
    curves = {"metric learning": figures.Curve(lengths, np.full(length, 0.5))}
    page = drawn(figures.figure_1(curves, curves, chosen=1, artists=3, works=9))
    assert page.figure.axes[1].get_xlim()[1] > length
