import numpy as np
from PIL import Image

from anime_style_tf.explorer.thumbnails import COLUMNS, Sheets


def test_pictures_stand_in_order_row_by_row_and_on_a_second_sheet(tmp_path):
    levels = [(i * 7) % 256 for i in range(COLUMNS**2 + 2)]
    sheets = Sheets(tmp_path, side=8)
    sheets.add([np.full((20, 20, 3), level, np.uint8) for level in levels])
    told = sheets.finish()
    assert told["files"] == ["thumbnails-000.webp", "thumbnails-001.webp"]
    assert (told["side"], told["columns"], told["per_sheet"]) == (8, 32, 1024)
    pixels = [np.asarray(Image.open(tmp_path / name).convert("RGB"), int) for name in told["files"]]
    assert [image.shape for image in pixels] == [(256, 256, 3), (8, 256, 3)]
    for place in (0, 1, 33, 1023, 1024, 1025):
        row, column = divmod(place % 1024, 32)
        middle = pixels[place // 1024][row * 8 + 4, column * 8 + 4]
        assert np.abs(middle - levels[place]).max() <= 6  # WebP with losses


def test_no_pictures_leave_no_sheet(tmp_path):
    assert Sheets(tmp_path, side=8).finish()["files"] == []
    assert list(tmp_path.iterdir()) == []
