"""Figure 3."""

import pytest

from anime_style_tf import figures


def test_both_panels_are_shown_and_the_corners_named(pictures, drawn):
    names = ["Ann", "Bo", "Cy", "Di"]
    page = drawn(figures.figure_3(pictures(2, 4), pictures(3, 3), names))
    assert len(page.figure.axes[0].images) == 8 + 9
    assert page.texts("artist") == names
    assert {"Random styles", "Between four styles"} <= set(page.texts())
    assert "8 style codes" in page.caption()


def test_corners_may_be_nobodys(pictures, drawn):
    assert drawn(figures.figure_3(pictures(1, 2), pictures(2, 2))).texts("artist") == []


def test_a_corner_without_a_name_is_an_error(pictures):
    with pytest.raises(ValueError, match="4 corners"):
        figures.figure_3(pictures(1, 2), pictures(2, 2), ["Ann", "Bo", "Cy"])
