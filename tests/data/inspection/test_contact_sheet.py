import numpy as np
from PIL import ImageFont

from anime_style_tf.data.inspection import contact_sheet
from anime_style_tf.data.inspection.contact_sheet import contact_sheets
from anime_style_tf.data.reader import Records
from tests.data.drawings import drawing
from tests.data.written_sets import write


def test_a_sheet_has_a_row_for_each_artist_with_its_first_works(tmp_path):
    write(tmp_path, {"ann": 9, "金子": 9}, image_size=64, test_fraction=0, test_minimum=0)
    (sheet,) = contact_sheets(Records(tmp_path), columns=3)
    pixels = np.asarray(sheet)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (64, 64, 3))[::2, ::2, 0]
    places = []
    for artist in ("ann", "金子"):
        for number in (0, 1, 2):
            drawn, _ = drawing(artist, number).portrait(64)
            (place,) = np.argwhere((windows == drawn).all((2, 3, 4))) * 2
            places.append(place.tolist())
    rows, columns = zip(*places, strict=True)
    assert len(set(rows)) == 2
    assert columns[:3] == columns[3:] == tuple(sorted(columns[:3]))
    assert len(set(columns)) == 3


def test_neither_the_title_nor_a_long_name_is_cut_by_what_is_beside_it(tmp_path):
    write(tmp_path, {"ann" * 40: 9}, image_size=64, test_fraction=0, test_minimum=0)
    (sheet,) = contact_sheets(Records(tmp_path), columns=1)
    pixels = np.asarray(sheet)
    assert np.all(pixels[:34, -4:] == 255)  # the title ends before the edge
    assert np.any(pixels[:34, 300:] < 128)
    picture = pixels[34:98, 200:264]
    np.testing.assert_array_equal(picture, drawing("ann" * 40, 0).portrait(64)[0])
    assert np.all(pixels[34:, 190:200] == 255)  # the name ends before the picture


def test_a_name_that_the_font_lacks_is_told_from_one_that_it_has():
    font = ImageFont.load_default(14)
    assert contact_sheet._can_write(font, "Ann 12")
    assert not contact_sheet._can_write(font, "Ann 新人")
