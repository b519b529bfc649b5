import numpy as np

from anime_style_tf.data.contact_sheet import contact_sheets
from anime_style_tf.data.reader import Records
from anime_style_tf.data.writer import write_records
from tests.data.drawings import Drawing, Drawings


def test_a_sheet_has_a_row_for_each_artist_with_its_first_works(tmp_path):
    write_records(
        Drawings({"ann": 9, "bob\udcff": 9}), tmp_path, image_size=64, min_works=6,
        test_fraction=0, test_minimum=0, workers=1, progress=False,
    )  # fmt: skip
    (sheet,) = contact_sheets(Records(tmp_path), columns=3)
    pixels = np.asarray(sheet)
    windows = np.lib.stride_tricks.sliding_window_view(pixels, (64, 64, 3))[::2, ::2, 0]
    places = []
    for artist in ("ann", "bob\udcff"):
        for number in (0, 1, 2):
            drawn = Drawing(artist, "", "", number).render(64).image
            (place,) = np.argwhere((windows == drawn).all((2, 3, 4))) * 2
            places.append(place.tolist())
    rows, columns = zip(*places, strict=True)
    assert len(set(rows)) == 2
    assert columns[:3] == columns[3:] == tuple(sorted(columns[:3]))
    assert len(set(columns)) == 3
