"""What holds for every figure that shows images."""

import io

import numpy as np
import pytest
from PIL import Image

from anime_style_tf import figures


@pytest.fixture(scope="module", params=["2", "2 without contents", "3", "4", "5", "6", "7"])
def page(request, pictures, drawn):
    names = ["Ann", "Bo", "Cy"]
    make = {
        "2": lambda: figures.figure_2(pictures(2, 3), names, pictures(3), pictures(2)),
        "2 without contents": lambda: figures.figure_2(pictures(2, 3), names, pictures(3)),
        "3": lambda: figures.figure_3(pictures(2, 3), pictures(3, 3), ["a", "b", "c", "d"]),
        "4": lambda: figures.figure_4_5(pictures(5, 2, 3), pictures(5, 4), pictures(5, 4))[0],
        "5": lambda: figures.figure_4_5(pictures(5, 2, 3), pictures(5, 4), pictures(5, 4))[1],
        "6": lambda: figures.figure_6(pictures(3), pictures(3), names),
        "7": lambda: figures.figure_7(pictures(3), pictures(2), pictures(2, 3), names),
    }[request.param]
    return request.param[0], drawn(make())


def test_the_title_names_the_figure_and_the_caption_says_what_to_look_for(page):
    number, drawing = page
    assert drawing.title().startswith(f"Figure {number} · ")
    assert "ook " in drawing.caption()
    assert "enerated" in drawing.caption()


def test_every_image_pixel_is_a_square_of_whole_page_pixels(page):
    scales = page[1].scales()
    np.testing.assert_allclose(scales[:, 0], scales[:, 1], atol=1e-6)
    np.testing.assert_allclose(scales, np.round(scales), atol=1e-6)


def test_the_page_shows_the_very_pixels_of_the_images(page):
    drawing = page[1]
    images = drawing.figure.axes[0].images
    for index in (0, len(images) // 2, len(images) - 1):
        np.testing.assert_array_equal(drawing.shown(index), images[index].get_array())


def test_no_word_runs_off_the_page(page):
    assert page[1].text_lies_within_the_page()


def test_a_saved_figure_has_the_drawn_size(page):
    file = io.BytesIO()
    page[1].figure.savefig(file, format="png")
    with Image.open(file) as saved:
        assert saved.size == page[1].pixels.shape[1::-1]


def test_floats_and_bytes_draw_the_same(pictures, drawn):
    originals, rebuilt = pictures(2), pictures(2)
    page = drawn(figures.figure_6(originals, rebuilt))
    same = drawn(figures.figure_6(originals / np.float32(255), rebuilt / 255))
    np.testing.assert_array_equal(page.pixels, same.pixels)
