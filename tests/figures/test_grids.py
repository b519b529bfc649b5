"""Figures 2 and 7."""

import numpy as np
import pytest

from anime_style_tf import figures


def _places(drawing):
    """Left and top edges of every image, in page pixels, in the order drawn."""
    boxes = [i.get_window_extent(drawing.renderer) for i in drawing.figure.axes[0].images]
    return {
        i.get_array().tobytes(): (round(box.x0), -round(box.y1))
        for i, box in zip(drawing.figure.axes[0].images, boxes, strict=True)
    }


@pytest.mark.parametrize("number", [2, 7])
def test_columns_stand_below_their_style_and_rows_beside_their_content(number, pictures, drawn):
    images, styles, contents = pictures(2, 3), pictures(3), pictures(2)
    names = ["Ann", "Bo", "Cy"]
    page = drawn(
        figures.figure_2(images, names, styles, contents)
        if number == 2
        else figures.figure_7(styles, contents, images, names)
    )
    places = _places(page)
    for column in range(3):
        left, above = places[styles[column].tobytes()]
        for row in range(2):
            x, y = places[images[row, column].tobytes()]
            beside, top = places[contents[row].tobytes()]
            assert x == left
            assert y == top
            assert beside < x
            assert above < y
    assert page.texts("artist") == names


def test_figure_2_says_where_style_and_content_come_from(pictures, drawn):
    page = drawn(
        figures.figure_2(
            pictures(1, 2), ["Ann", "Bo"], pictures(2), styles="a random style", split="test split"
        )
    )
    for words in ("a random style", "test split", "drawn at random"):
        assert words in page.caption()


def test_long_names_break_rather_than_overlap(pictures, drawn):
    names = ["a_very_long_artist_name", "Donaudampfschiffahrt", "$x$ & (co)"]
    page = drawn(figures.figure_2(pictures(1, 3), names, pictures(3)))
    boxes = [
        text.get_window_extent(page.renderer)
        for text in page.figure.axes[0].texts
        if text.get_gid() == "artist"
    ]
    assert boxes[0].x1 <= boxes[1].x0
    assert boxes[1].x1 <= boxes[2].x0
    assert page.texts("artist")[2].replace("\n", " ") == names[2]


def test_what_does_not_fit_together_is_an_error(pictures):
    with pytest.raises(ValueError, match="name 3 columns"):
        figures.figure_2(pictures(2, 3), ["Ann"], pictures(3))
    with pytest.raises(ValueError, match="above the columns"):
        figures.figure_2(pictures(2, 3), ["a", "b", "c"], pictures(2))
    with pytest.raises(ValueError, match="beside the rows"):
        figures.figure_7(pictures(3), pictures(3), pictures(2, 3))
    with pytest.raises(ValueError, match="5 axes"):
        figures.figure_7(pictures(3), pictures(2), pictures(2))


def test_normalized_lab_is_not_taken_for_srgb(pictures):
    lab = np.full((1, 1, 8, 6, 3), -0.5)
    with pytest.raises(ValueError, match="convert normalized Lab"):
        figures.figure_7(pictures(1), pictures(1), lab)
