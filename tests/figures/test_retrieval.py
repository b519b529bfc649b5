import numpy as np

from anime_style_tf.figures.curves import Curve
from anime_style_tf.figures.retrieval import retrieval_curves

LENGTHS = np.arange(1, 9)


def curve(level):
    values = level * (1 - 0.5**LENGTHS)
    return Curve(LENGTHS, values, values - 0.05, values + 0.05)


def draw(measures):
    encoders = {"metric learning": curve(0.9), "classifier": curve(0.8)}
    panels = {f"measure {number}": encoders for number in range(measures)}
    return retrieval_curves(panels, chosen=3, artists=4, works=1200, gallery=9000)


def test_each_measure_has_a_panel_with_a_curve_and_a_band_for_each_encoder():
    figure = draw(6)
    panels = [axes for axes in figure.axes if axes.get_title(loc="left")]
    assert [axes.get_title(loc="left") for axes in panels] == [f"measure {n}" for n in range(6)]
    for axes in panels:
        lines = {line.get_label(): line for line in axes.lines}
        np.testing.assert_array_equal(lines["classifier"].get_ydata(), curve(0.8).values)
        assert len(axes.collections) == 2
        assert axes.get_ylim()[0] == 0


def test_the_caption_says_who_searched_what(drawn):
    caption = drawn(draw(1)).caption()
    assert "1,200 test works by 4 artists each search 9,000 training works" in caption


def test_the_names_of_the_encoders_stand_once():
    assert sum(axes.get_legend() is not None for axes in draw(5).axes) == 1
