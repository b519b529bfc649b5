import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.library import portrait_sources
from anime_style_tf.library.drawing import KINDS, blend_of, draw, shifts_of, values_of
from anime_style_tf.library.style_space import load
from tests.library.drawable import make_drawable


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return make_drawable(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for name, color in (("a", "teal"), ("b", "gold")):
        Image.new("RGB", (16, 16), color).save(folder / f"{name}.png")
    return folder


@pytest.mark.parametrize(
    ("kind", "options", "files"),
    [
        ("generate", {"artists": ["ann", {"ann": 1, "bob": 2}], "count": 2}, 4),
        ("generate", {}, 4),
        ("transfer", {}, 4),
        ("transfer", {"artists": ["ann", "bob", "cat"]}, 6),
        ("reconstruct", {}, 2),
        ("grid", {"rows": 2, "columns": 3}, 6),
        ("slide", {"dimension": 1, "values": [0, 1, 2]}, 6),
        ("edit", {"shifts": {0: 1.0}}, 2),
    ],
)
def test_each_kind_leaves_its_pictures_and_a_sheet(
    workdir, pictures, tmp_path, kind, options, files
):
    images = [] if kind == "generate" else [pictures]
    lines, skipped = draw(kind, workdir, tmp_path, images=images, progress=False, **options)
    assert skipped == []
    assert lines[:2] == [f"pictures drawn: {files}, in {tmp_path}", f"{tmp_path}/sheet.png"]
    drawn = [path for path in tmp_path.iterdir() if path.name != "sheet.png"]
    assert len(drawn) == files
    for path in drawn:
        with Image.open(path) as picture:
            assert picture.size == (16, 16)


def test_every_kind_is_tried_above():
    assert set(KINDS) == {"generate", "transfer", "reconstruct", "grid", "slide", "edit"}


def test_a_file_holds_what_its_name_says(workdir, pictures, tmp_path):
    draw("transfer", workdir, tmp_path, images=[pictures], progress=False)
    with Image.open(tmp_path / "a_png_in_the_style_of_b_png.png") as picture:
        drawn = np.asarray(picture)
    wanted = load(workdir).transfer(content=pictures / "a.png", style=pictures / "b.png")[0]
    np.testing.assert_array_equal(drawn, wanted)


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_drawn(
    workdir, pictures, tmp_path
):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    lines, ((source, reason),) = draw(
        "reconstruct", workdir, tmp_path / "out", images=[tmp_path, pictures], progress=False
    )
    assert lines[0].startswith("pictures drawn: 2")
    assert source == f"{tmp_path}/bad.png"
    assert "no picture" in reason


def test_nothing_is_made_where_nothing_can_be_drawn(workdir, pictures, tmp_path):
    wrong = [
        ("transfer", [pictures / "a.png"], {}, "at least 2 usable, received 1"),
        ("grid", [], {}, "2 or 4 pictures"),
        ("generate", [], {"artists": ["zed"]}, "no artist is called 'zed'"),
        ("slide", [pictures], {"dimension": 9}, "from 0 to 1"),
    ]
    for kind, images, options, words in wrong:
        with pytest.raises(InputError, match=words):
            draw(kind, workdir, tmp_path / "out", images=images, progress=False, **options)
    assert not (tmp_path / "out").exists()


def test_blends_values_and_shifts_are_read_as_people_type_them():
    assert blend_of("ann") == "ann"
    assert blend_of("Smith, Ann") == "Smith, Ann"
    assert blend_of("ann:0.7, bo:0.3") == {"ann": 0.7, "bo": 0.3}
    assert blend_of("Re:Zero") == "Re:Zero"
    assert blend_of("Re:Zero:0.5,Team:7:0.5") == {"Re:Zero": 0.5, "Team:7": 0.5}
    assert values_of(["-2", " 0", "1.5"]) == [-2, 0, 1.5]
    assert shifts_of(["0:1.5", "12:-1"]) == {0: 1.5, 12: -1}
    for read, text in ((blend_of, "ann:x,bo:1"), (values_of, ["nan"]), (values_of, []),
                       (shifts_of, ["1.5"]), (shifts_of, ["a:1"]), (shifts_of, [])):  # fmt: skip
        with pytest.raises(InputError, match="expected"):
            read(text)


@pytest.mark.parametrize("kind", ["transfer", "reconstruct", "grid", "slide", "edit"])
def test_a_portrait_is_made_of_each_picture_once(workdir, pictures, tmp_path, kind, monkeypatch):
    given = []

    class Noted(portrait_sources.GivenPictures):
        def __init__(self, pictures):
            given.append(pictures)
            super().__init__(pictures)

    monkeypatch.setattr(portrait_sources, "GivenPictures", Noted)
    options = {"edit": {"shifts": {0: 1.0}}}.get(kind, {})
    draw(kind, workdir, tmp_path, images=[pictures], progress=False, **options)
    assert given == [[pictures]]


def test_long_names_in_kanji_give_files_that_a_disk_takes(workdir, tmp_path):
    folder = tmp_path / "pictures"
    folder.mkdir()
    for letter in "\u3042\u3044":
        Image.new("RGB", (16, 16), "teal").save(folder / f"{letter * 70}.png")
    lines, _ = draw("transfer", workdir, tmp_path / "drawn", images=[folder], progress=False)
    assert lines[0].startswith("pictures drawn: 4")
    assert len(list((tmp_path / "drawn").iterdir())) == 5
