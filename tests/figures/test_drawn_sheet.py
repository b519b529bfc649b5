import numpy as np
import pytest

from anime_style_tf.figures.drawn_sheet import Cell, drawn_sheet


def _texts(figure, gid):
    return [text.get_text() for axes in figure.axes for text in axes.texts if text.get_gid() == gid]


def test_every_picture_is_there_with_its_label_and_originals_are_framed():
    color = np.full((8, 8, 3), (10, 200, 30), np.uint8)
    rows = [[Cell(color, "a.png", framed=True), Cell(color, "by ann")], [Cell(color)]]
    figure = drawn_sheet(rows, title="Drawn", caption="What is seen.")
    assert _texts(figure, "label") == ["a.png", "by ann"]
    (page,) = figure.axes
    assert len(page.images) == 3
    assert all((image.get_array() == (10, 200, 30)).all() for image in page.images)
    assert len(page.patches) == 1


def test_few_pictures_are_drawn_larger_so_that_the_page_is_used():
    widths = []
    for count in (2, 5, 20):
        figure = drawn_sheet(
            [[Cell(np.zeros((8, 8, 3), np.uint8))] * count], title="Drawn", caption="What is seen."
        )
        widths.append(figure.axes[0].images[0].get_array().shape[0])
    assert widths == [320, 232, 192]


def test_a_row_without_pictures_is_refused():
    with pytest.raises(ValueError, match="at least one picture"):
        drawn_sheet([[]], title="", caption="")
