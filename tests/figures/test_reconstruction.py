"""Figure 6."""

import pytest

from anime_style_tf import figures


@pytest.mark.parametrize("works", [1, 12, 14])
def test_each_rebuilt_work_stands_just_below_its_original(works, pictures, drawn):
    originals, rebuilt = pictures(works), pictures(works)
    page = drawn(figures.figure_6(originals, rebuilt))
    boxes = {
        image.get_array().tobytes(): image.get_window_extent(page.renderer)
        for image in page.figure.axes[0].images
    }
    for x, g in zip(originals, rebuilt, strict=True):
        above, below = boxes[x.tobytes()], boxes[g.tobytes()]
        assert round(above.x0) == round(below.x0)
        assert 0 < above.y0 - below.y1 < above.height / 2
    assert f"{works} original" in page.caption()
    assert page.text_lies_within_the_page()


def test_works_without_a_partner_are_an_error(pictures):
    with pytest.raises(ValueError, match="pair them up"):
        figures.figure_6(pictures(3), pictures(2))
    with pytest.raises(ValueError, match="2 names"):
        figures.figure_6(pictures(3), pictures(3), ["Ann", "Bo"])
