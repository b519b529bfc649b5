"""One row for each dimension, with what was given and nothing else."""

import dataclasses

import numpy as np
import pytest

from anime_style_tf.figures.dimension_dictionary import Correlate, Entry, dimension_dictionary

HOLDS = Correlate("thicker lines", (0.5, 0.25, 0.75), (0.125, 0.0625, 0.25), True)
ONLY_BETWEEN = Correlate("fewer colors", (-0.5, -0.75, -0.125), (0.0, -0.1, 0.1), False)


def entry(pictures, correlates=(HOLDS, ONLY_BETWEEN), works=3):
    return Entry(
        lowest=pictures(works),
        highest=pictures(works),
        between_share=(0.4, 0.3, 0.5),
        eta_squared=(0.9, 0.8, 0.95),
        correlates=correlates,
        determination=-0.25,
        determination_within=0.125,
    )


@pytest.fixture
def page(pictures, drawn):
    entries = [entry(pictures), entry(pictures, ()), entry(pictures, (ONLY_BETWEEN,))]
    about = {"properties": 12, "artists": 8, "works": 1234}
    return entries, drawn(dimension_dictionary(entries, **about))


def test_every_dimension_has_a_row_with_its_number(page):
    assert page[1].texts("dimension") == ["1", "2", "3"]


def test_every_work_is_shown_once_the_lowest_left_of_the_highest(page):
    entries, drawing = page
    images = drawing.figure.axes[0].images
    shown = {
        image.get_array().tobytes(): image.get_window_extent(drawing.renderer) for image in images
    }
    assert len(images) == len(shown) == 18
    for each in entries:
        lowest = [shown[work.tobytes()] for work in each.lowest]
        highest = [shown[work.tobytes()] for work in each.highest]
        left = [box.x0 for box in (*lowest, *highest)]
        assert left == sorted(left)
        assert len({round(box.y0) for box in (*lowest, *highest)}) == 1


def test_numbers_are_written_with_their_intervals(page):
    texts = page[1].texts()
    assert texts.count("40 %  [30, 50]") == 3
    assert texts.count("90 %  [80, 95]") == 3
    texts = [text.replace("\N{MINUS SIGN}", "-") for text in texts]
    for text, times in {
        "thicker lines": 1,
        "+0.50  [+0.25, +0.75]": 1,
        "+0.12  [+0.06, +0.25]": 1,
        "fewer colors": 2,
        "-0.50  [-0.75, -0.12]": 2,
        "+0.00  [-0.10, +0.10]": 2,
        "all 12 together: R² -0.25; inside artists +0.12": 3,
    }.items():
        assert texts.count(text) == times
    assert "none of the 12 properties goes with it" in texts


def test_only_what_holds_inside_artists_is_bold(page):
    weights = {
        text.get_text(): text.get_fontweight()
        for text in page[1].figure.axes[0].texts
        if text.get_gid() == "correlate"
    }
    assert weights["thicker lines"] == "bold"
    assert weights["fewer colors"] == "normal"


def test_bars_are_as_long_as_the_shares_and_carry_their_intervals(page):
    bars = page[1].figure.axes[1]
    np.testing.assert_allclose([patch.get_width() for patch in bars.patches], 0.4)
    (lines,) = [each for each in bars.collections if len(each.get_segments()) == 3]
    np.testing.assert_allclose(
        [segment[:, 0] for segment in lines.get_segments()], [[0.3, 0.5]] * 3
    )


def test_the_caption_counts_works_artists_and_tests(page, pictures, drawn):
    caption = page[1].caption()
    assert "1,234 works (test split) by 8 artists" in caption
    assert "among 36 tests)." in caption
    assert "with so few artists they are somewhat narrow." in caption
    about = {"properties": 2, "artists": 80, "works": 9, "split": "training"}
    nothing = drawn(dimension_dictionary([entry(pictures, ())], **about)).caption()
    assert "among 2 tests); here there is none." in nothing
    assert "training split" in nothing
    assert "so few artists" not in nothing


def test_no_word_runs_off_the_page_or_into_another(page):
    drawing = page[1]
    assert drawing.text_lies_within_the_page()
    boxes = [text.get_window_extent(drawing.renderer) for text in drawing.figure.axes[0].texts]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_many_dimensions_make_a_longer_page(pictures, drawn):
    about = {"properties": 12, "artists": 8, "works": 99}
    page = drawn(dimension_dictionary([entry(pictures) for _ in range(20)], **about))
    assert page.texts("dimension") == [str(number) for number in range(1, 21)]
    assert page.text_lies_within_the_page()


def test_an_undefined_number_is_said_to_be_none(pictures, drawn):
    unknown = dataclasses.replace(entry(pictures), determination=np.nan)
    page = drawn(dimension_dictionary([unknown], properties=2, artists=2, works=9))
    assert "all 2 together: R² none; inside artists +0.12" in page.texts()


def test_shares_of_works_too_few_to_tell_are_said_not_to_be_defined(pictures, drawn):
    nothing = dataclasses.replace(entry(pictures), between_share=(np.nan, np.nan, np.nan))
    page = drawn(dimension_dictionary([nothing] * 2, properties=2, artists=2, works=9))
    assert page.texts().count("not defined") == 2
    assert page.texts().count("90 %  [80, 95]") == 2


def test_dimensions_with_other_numbers_of_works_are_an_error(pictures):
    entries = [entry(pictures), entry(pictures, works=2)]
    with pytest.raises(ValueError, match="same number of works"):
        dimension_dictionary(entries, properties=1, artists=2, works=9)
    with pytest.raises(ValueError, match="same number of works"):
        dimension_dictionary([], properties=1, artists=2, works=9)


def test_edits_are_marked_where_they_were_measured_and_nowhere_else(page, pictures, drawn):
    assert page[1].texts("edits") == []
    assert "Edits hold" not in page[1].caption()
    measured = [
        dataclasses.replace(entry(pictures), edits_trusted=trusted) for trusted in (True, False)
    ]
    marked = drawn(dimension_dictionary(measured, properties=2, artists=2, works=9))
    assert marked.texts("edits") == ["edits\nhold", "edits\nfail"]
    assert "read by the encoder of another run" in marked.caption()
    assert marked.text_lies_within_the_page()
