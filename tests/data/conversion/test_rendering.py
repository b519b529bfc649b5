import dataclasses
import io
import json

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.conversion.rendering import Settings, render
from anime_style_tf.data.faces.animeface import SELF_TEST
from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.sources.files import FileArtwork, PlainFile
from anime_style_tf.errors import InputError
from tests.data.drawings import drawing

FACES = Settings(image_size=64, detector="animeface")


def file(path, picture):
    picture.save(path, format="PNG")
    return FileArtwork(artist="ann", work_id="1", reference="1", place=PlainFile(str(path)))


def page(*places):
    """A light page of 700 x 420 pixels with the face of the self-test at `(x, y, roll)`."""
    face = Image.open(SELF_TEST).convert("RGBA").resize((200, 200))
    picture = Image.new("RGBA", (700, 420), "white")
    for x, y, roll in places:
        leaning = face.rotate(-roll, Image.Resampling.BICUBIC, expand=True, fillcolor="white")
        picture.alpha_composite(leaning, (x, y))
    return picture


def test_without_a_detector_the_whole_picture_is_the_portrait():
    done = render(drawing("ann", 3), Settings(image_size=16))
    (portrait,) = done.portraits
    image, coverage = drawing("ann", 3).portrait(16)
    np.testing.assert_array_equal(decode_png(portrait.image_png), image)
    np.testing.assert_array_equal(decode_png(portrait.coverage_png), coverage)
    assert (portrait.face, done.faces, done.verdict) == ("{}", None, None)
    assert done.factors == '{"number": 3}'


def test_each_face_of_a_page_becomes_a_portrait_with_its_place_and_roll(tmp_path):
    done = render(file(tmp_path / "page.png", page((30, 60, 0), (380, 60, 25))), FACES)
    assert done.faces == len(done.portraits) == 2
    faces = [json.loads(portrait.face) for portrait in done.portraits]
    assert [face["number"] for face in faces] == [0, 1]
    assert all(face["likelihood"] >= FACES.min_likelihood for face in faces)
    rolls = sorted(
        np.degrees(np.arctan2(*np.subtract(face["right_eye"], face["left_eye"])[::-1]))
        for face in faces
    )
    np.testing.assert_allclose(rolls, [0, 25], atol=3)


def test_a_page_without_a_face_says_so(tmp_path):
    done = render(file(tmp_path / "page.png", page()), FACES)
    assert (done.verdict, done.faces, done.portraits) == ("no face", 0, ())


def test_what_would_be_enlarged_too_much_is_too_small(tmp_path):
    small = Image.new("RGB", (15, 9), "red")
    done = render(file(tmp_path / "small.png", small), Settings(image_size=64))
    assert (done.verdict, done.reason) == ("too small", "15 x 9 pixels, expected a side of 16")
    one = dataclasses.replace(FACES, min_side=1000)
    done = render(file(tmp_path / "page.png", page((30, 60, 0))), one)
    assert done.verdict == "too small"
    assert done.reason.endswith("pixels, expected 1000")


def test_what_the_opt_out_list_names_is_read_but_not_decoded(tmp_path):
    artwork = file(tmp_path / "red.png", Image.new("RGB", (64, 64), "red"))
    sha256 = render(artwork, Settings()).sha256
    done = render(artwork, Settings(), forbidden={sha256})
    assert (done.verdict, done.reason) == ("rejected", "on the opt-out list")
    assert done.portraits == ()


def test_what_its_source_rejects_is_not_read():
    artwork = FileArtwork(
        artist="ann", work_id="1", reference="1", place=None, rejection="2 artists"
    )
    done = render(artwork, Settings())
    assert (done.verdict, done.reason, done.sha256) == ("rejected", "2 artists", None)


def test_a_picture_on_which_nothing_is_drawn_is_unreadable(tmp_path):
    done = render(file(tmp_path / "none.png", Image.new("RGBA", (64, 64))), Settings())
    assert (done.verdict, done.reason) == (
        "unreadable", "nothing is drawn: all of it is transparent",
    )  # fmt: skip


def test_too_little_memory_for_one_picture_is_no_end(monkeypatch):
    def decode(*_, **__):
        raise MemoryError

    monkeypatch.setattr(type(drawing("ann", 1)), "decode", decode)
    done = render(drawing("ann", 1), Settings())
    assert (done.verdict, done.reason) == ("unreadable", "not enough memory to decode it")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"image_size": 0}, "image_size: expected at least 1, received 0"),
        ({"crop_scale": 0.0}, "crop_scale: expected more than 0"),
        ({"detector": "eyes"}, "detector: expected one of none, animeface, received 'eyes'"),
    ],
)
def test_settings_that_make_no_sense_are_errors(values, message):
    with pytest.raises(InputError, match=message):
        Settings(**values)


def test_the_description_is_plain_and_names_the_packages_that_decide_the_pixels():
    said = json.loads(json.dumps(FACES.description()))
    assert said["packages"].keys() == {"pillow", "animeface"}
    assert said["image_size"] == 64


def test_equal_works_give_equal_bytes(tmp_path):
    artwork = file(tmp_path / "page.png", page((30, 60, 10)))
    assert render(artwork, FACES) == render(artwork, FACES)
    buffer = io.BytesIO()
    page((30, 60, 10)).save(buffer, format="PNG")
    assert render(artwork, FACES).size == len(buffer.getvalue())
