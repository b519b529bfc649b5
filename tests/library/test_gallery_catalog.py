import csv

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.library import pretrained_coder
from anime_style_tf.library.answer_sheet import query
from anime_style_tf.library.gallery_catalog import GalleryCatalog

COLORS = {"ann": (20, 120, 120), "bo": (220, 30, 30)}


@pytest.fixture(autouse=True)
def _weights_at_random(monkeypatch):
    monkeypatch.setattr(pretrained_coder, "load_published", lambda layer: None)


@pytest.fixture
def gallery(tmp_path):
    """Two artists with a color each, and a file that is no picture."""
    folder = tmp_path / "gallery"
    for artist, color in COLORS.items():
        (folder / artist).mkdir(parents=True)
        for shade in range(3):
            picture = np.full((64, 64, 3), color, np.uint8) + np.uint8(shade)
            Image.fromarray(picture).save(folder / artist / f"{shade}.png")
    (folder / "bad.png").write_bytes(b"no picture")
    return folder


def read_table(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_folder_is_asked_without_a_run_and_names_what_it_cannot_read(gallery, tmp_path):
    asked = tmp_path / "q.png"
    Image.new("RGB", (64, 64), COLORS["bo"]).save(asked)
    lines, unusable = query(None, [asked], tmp_path / "out", gallery=gallery, count=3)
    assert unusable == []
    assert any("bad.png: unreadable" in line for line in lines)
    rows = read_table(tmp_path / "out" / "neighbors.csv")
    assert [row["artist"] for row in rows] == ["bo"] * 3
    assert rows[0]["work"] == "bo/0.png"
    assert float(rows[0]["distance"]) == pytest.approx(0, abs=1e-2)
    artists = read_table(tmp_path / "out" / "artists.csv")
    assert [row["artist"] for row in artists] == ["bo", "ann"]
    assert artists[0]["probability"] == ""
    assert (tmp_path / "out" / "neighbors.png").is_file()


def test_works_are_named_and_shown_as_they_are_in_the_folder(gallery):
    catalog = GalleryCatalog(gallery)
    assert catalog.artists == ["ann", "bo"]
    assert "untrained" in catalog.title
    assert "style space" not in catalog.title
    row = next(row for row in range(6) if catalog.work(row)["source"].endswith("bo/1.png"))
    assert catalog.work(row) | {"source": ""} == {
        "artist": "bo", "work": "bo/1.png", "source": "", "split": "gallery"
    }  # fmt: skip
    np.testing.assert_array_equal(catalog.picture(row)[5, 5], np.add(COLORS["bo"], 1))


def test_a_folder_without_pictures_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^--gallery: expected a folder with pictures, found non"):
        GalleryCatalog(tmp_path)
