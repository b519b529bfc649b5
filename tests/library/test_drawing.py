import numpy as np
import pytest
from PIL import Image
from skimage import metrics

from anime_style_tf.errors import InputError
from anime_style_tf.library import portrait_sources
from anime_style_tf.library.drawing import KINDS, Drawings, draw
from anime_style_tf.library.style_space import StyleSpace, load
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
        ("reconstruct", {"refine": 3}, 2),
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


def test_refined_pictures_are_beside_those_of_the_encoders_codes_and_the_gain_is_said(
    workdir, pictures
):
    space = load(workdir)
    drawings = Drawings(space, space.usable_portraits(pictures)[0])
    rows = list(drawings.reconstruct(refine=3))
    plain, better = (space.reconstruct(pictures, refine=steps) for steps in (0, 3))
    for (originals, (drawing,)), before, after in zip(rows, plain, better, strict=True):
        assert [cell.framed for cell in originals] == [True, False]
        np.testing.assert_array_equal(originals[1].image, before)
        np.testing.assert_array_equal(drawing.cell.image, after)
    (line,) = drawings.lines
    works = space.portraits(pictures)
    for drawn in (plain, better):
        similarities = [
            metrics.structural_similarity(a, b, channel_axis=-1, data_range=255)
            for a, b in zip(drawn, works, strict=True)
        ]
        assert f"{np.mean(similarities):.3f}" in line


def test_a_picture_that_is_edited_is_encoded_once(workdir, pictures, monkeypatch):
    space, seen = load(workdir), []
    encode = StyleSpace.encode
    monkeypatch.setattr(
        StyleSpace, "encode", lambda space, given: seen.append(given) or encode(space, given)
    )
    rows = list(Drawings(space, space.usable_portraits(pictures)[0]).edit(shifts={0: 1.5}))
    assert len(seen) == len(rows) == 2
    plain, moved = space.reconstruct(pictures), space.edit(pictures, {0: 1.5})
    for ((_, redrawn), (drawing,)), before, after in zip(rows, plain, moved, strict=True):
        np.testing.assert_array_equal(redrawn.image, before)
        np.testing.assert_array_equal(drawing.cell.image, after)


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
    left = {path.name for path in (tmp_path / "drawn").iterdir()}
    # Where no font has these letters, a list says which names the sheet's numbers stand for.
    assert "sheet.png" in left
    assert len(left - {"sheet.png", "sheet.names.txt"}) == 4
