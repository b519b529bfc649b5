import dataclasses

import numpy as np
import pytest

from anime_style_tf.figures.neighbors import Row, neighbor_sheet


def sheet_of(rows, *, title="Nearest works", distance="of codes", notes=""):
    return neighbor_sheet(rows, title=title, distance=distance, notes=notes)


def row(pictures, found, name="a.png"):
    artists = [f"artist {number}" for number in range(found)]
    return Row(pictures(), name, pictures(found), artists, [0.5 * n for n in range(found)])


def test_each_picture_stands_left_of_its_neighbors(pictures, drawn):
    rows = [row(pictures, 3), row(pictures, 2, "b.png")]
    page = drawn(sheet_of(rows))
    images = page.figure.axes[0].images
    expected = [image for each in rows for image in (each.image, *each.neighbors)]
    boxes = [image.get_window_extent(page.renderer) for image in images]
    for image, original in zip(images, expected, strict=True):
        np.testing.assert_array_equal(image.get_array(), original)
    assert [round(box.x0) for box in boxes[:4]] == sorted(round(box.x0) for box in boxes[:4])
    assert len({round(box.y0) for box in boxes[:4]}) == 1
    assert boxes[4].x0 == boxes[0].x0
    assert boxes[4].y1 < boxes[0].y0


def test_names_distances_and_what_they_are_can_be_read(pictures, drawn):
    page = drawn(sheet_of([row(pictures, 3)], distance="Euclidean, of codes"))
    assert page.texts("query") == ["a.png"]
    assert [text.replace("\n", " ") for text in page.texts("artist")] == [
        "artist 0", "artist 1", "artist 2",
    ]  # fmt: skip
    assert page.texts("distance") == ["0.000", "0.500", "1.000"]
    assert "Euclidean, of codes" in page.caption()
    assert page.text_lies_within_the_page()


def test_an_answer_is_a_name_that_is_cut_and_a_probability_that_is_not(pictures, drawn):
    said = {"Ann": 0.934, "the artist of a very long name": 0.5, "Bo": 0.999, "unknown": None}
    rows = [
        dataclasses.replace(row(pictures, 2), answers=[(name, probability)])
        for name, probability in said.items()
    ]
    page = drawn(sheet_of(rows, notes="Below: who drew it."))
    ann, long, sure, unknown = page.texts("answer")
    assert (ann, sure, unknown) == ("Ann .93", "Bo >.99", "unknown")
    assert long.startswith("the")
    assert long.endswith("…\n.50")
    assert page.caption().endswith("Below: who drew it.")
    assert page.text_lies_within_the_page()


def test_of_a_near_tie_both_artists_are_named_below_each_other(pictures, drawn):
    tied = dataclasses.replace(row(pictures, 2), answers=[("Ann", 0.51), ("Bo", 0.48)])
    page = drawn(sheet_of([tied, row(pictures, 2)], title="Found"))
    assert page.title() == "Found"
    assert page.texts("answer") == ["Ann .51", "Bo .48"]
    heights = [
        text.get_window_extent(page.renderer).y0
        for text in page.figure.axes[0].texts
        if text.get_gid() == "answer"
    ]
    assert heights[0] > heights[1]
    assert page.text_lies_within_the_page()


def test_every_image_pixel_is_a_square_of_whole_page_pixels(pictures, drawn):
    scales = drawn(sheet_of([row(pictures, 3)])).scales()
    np.testing.assert_allclose(scales, np.full_like(scales, scales[0, 0].round()), atol=1e-6)


def test_a_picture_without_neighbors_still_has_its_row(pictures, drawn):
    alone = Row(pictures(), "alone", pictures(0), [], [])
    page = drawn(sheet_of([alone]))
    assert len(page.figure.axes[0].images) == 1


def test_what_does_not_fit_together_is_an_error(pictures):
    with pytest.raises(ValueError, match="at least one row"):
        sheet_of([])
    wrong = Row(pictures(), "a", pictures(2), ["only one"], [0.1, 0.2])
    with pytest.raises(ValueError, match="must be equally many; received 2, 1 and 2"):
        sheet_of([wrong])
