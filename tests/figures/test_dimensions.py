"""Figures 4 and 5."""

import pytest

from anime_style_tf import figures


def test_the_first_half_is_in_figure_4_and_the_rest_in_figure_5(pictures, drawn):
    pages = figures.figure_4_5(pictures(5, 2, 3), pictures(5, 4), pictures(5, 4))
    four, five = (drawn(page).texts("dimension") for page in pages)
    assert four == ["Dimension 1", "Dimension 2", "Dimension 3"]
    assert five == ["Dimension 4", "Dimension 5"]


def test_every_edit_and_every_ranked_work_is_shown_once(pictures, drawn):
    edits, low, high = pictures(9, 2, 3), pictures(9, 4), pictures(9, 4)
    shown = [
        image.get_array().tobytes()
        for page in figures.figure_4_5(edits, low, high)
        for image in drawn(page).figure.axes[0].images
    ]
    given = [i.tobytes() for a in (edits, low, high) for i in a.reshape(-1, 8, 6, 3)]
    assert sorted(shown) == sorted(given)


def test_the_lowest_works_stand_beside_the_lowest_value(pictures, drawn):
    edits, low, high = pictures(1, 2, 3), pictures(1, 2), pictures(1, 2)
    page = drawn(figures.figure_4_5(edits, low, high)[0])
    heights = {
        image.get_array().tobytes(): round(image.get_window_extent(page.renderer).y1)
        for image in page.figure.axes[0].images
    }
    assert heights[low[0, 0].tobytes()] == heights[edits[0, 0, 0].tobytes()]
    assert heights[high[0, 0].tobytes()] == heights[edits[0, 0, 2].tobytes()]


def test_the_values_are_written_beside_the_rows_and_in_the_caption(pictures, drawn):
    page = drawn(
        figures.figure_4_5(
            pictures(2, 1, 2), pictures(2, 1), pictures(2, 1), values=(-1.5, 3), split="all 9 works"
        )[0]
    )
    assert {"\N{MINUS SIGN}1.5", "+3"} <= set(page.texts())
    assert "\N{MINUS SIGN}1.5, +3 standard deviations (our reading" in page.caption()
    assert "ranked: all 9 works" in page.caption()


def test_a_single_dimension_leaves_figure_5_without_images(pictures, drawn):
    five = drawn(figures.figure_4_5(pictures(1, 2, 3), pictures(1, 4), pictures(1, 4))[1])
    assert not five.figure.axes[0].images
    assert "No further" in five.title()


def test_what_does_not_fit_together_is_an_error(pictures):
    with pytest.raises(ValueError, match="must fit together"):
        figures.figure_4_5(pictures(2, 1, 3), pictures(3, 4), pictures(3, 4))
    with pytest.raises(ValueError, match="must fit together"):
        figures.figure_4_5(pictures(2, 1, 2), pictures(2, 4), pictures(2, 4))
