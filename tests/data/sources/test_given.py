import io

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.conversion.rendering import Settings, render
from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.sources.given import GivenPictures
from anime_style_tf.errors import InputError

PIXELS = np.random.default_rng(0).integers(0, 256, (2, 16, 16, 3), dtype=np.uint8)


def portraits(given):
    made = [render(work, Settings(image_size=16)) for work in GivenPictures(given).artworks()]
    return np.stack([decode_png(one.portraits[0].image_png) for one in made])


def test_arrays_images_and_files_come_in_the_order_in_which_they_are_given(tmp_path):
    Image.fromarray(PIXELS[1]).save(tmp_path / "b.png")
    mixed = [PIXELS[0], tmp_path / "b.png", Image.fromarray(PIXELS[0]), PIXELS / 255.0]
    np.testing.assert_array_equal(portraits(mixed), PIXELS[[0, 1, 0, 0, 1]])
    np.testing.assert_array_equal(portraits(str(tmp_path)), PIXELS[1:])


def test_an_image_is_read_as_its_file_is_turned_and_on_black(tmp_path):
    see_through = Image.fromarray(PIXELS[0]).convert("RGBA")
    see_through.putalpha(0)
    see_through.putpixel((0, 0), (250, 0, 0, 255))
    exif = Image.Exif()
    exif[0x0112] = 3
    see_through.save(tmp_path / "a.png", exif=exif)
    with Image.open(tmp_path / "a.png") as opened:
        np.testing.assert_array_equal(portraits(opened), portraits(tmp_path / "a.png"))
        assert portraits(opened)[0, 15, 15].tolist() == [250, 0, 0]
    printed = io.BytesIO()
    Image.new("CMYK", (16, 16), (0, 255, 255, 0)).save(printed, format="JPEG")
    assert portraits(Image.open(printed))[0, 8, 8, 0] > 200


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (3, "received shape"),
        (None, "received NoneType"),
        ([[PIXELS[0], PIXELS[0, :8]]], "received list"),
        (Image.new("RGB", (0, 4)), "cannot be read"),
        (PIXELS[..., :2], r"received shape \(2, 16, 16, 2\)"),
        (PIXELS[:0], "received shape"),
        (PIXELS.astype(int), "received int64"),
        (PIXELS.astype("float32"), "divide by 255"),
        (np.full((4, 4, 3), np.nan), r"floats are expected in \[0, 1\]"),
    ],
)
def test_what_would_give_plausible_wrong_codes_is_refused(given, words):
    with pytest.raises(InputError, match=words):
        GivenPictures(given)


def test_a_printed_picture_is_turned_as_its_file_is(tmp_path):
    inks = np.zeros((16, 16, 4), np.uint8)
    inks[:4, :, 1:3] = 255
    exif = Image.Exif()
    exif[0x0112] = 3
    path = tmp_path / "a.jpg"
    Image.fromarray(inks, "CMYK").save(path, exif=exif)
    with Image.open(path) as opened:
        np.testing.assert_array_equal(portraits(opened), portraits(path))


def test_an_image_whose_file_is_cut_short_is_refused(tmp_path):
    Image.fromarray(PIXELS[0]).resize((64, 64)).save(tmp_path / "a.png")
    data = (tmp_path / "a.png").read_bytes()
    opened = Image.open(io.BytesIO(data[: len(data) // 2]))
    with pytest.raises(InputError, match="cannot be read: image file is truncated"):
        GivenPictures(opened)
