"""What every source must do; a new one joins with a row."""

import inspect
import json
import pickle

import pytest
from PIL import Image

from anime_style_tf.data.sources import SOURCES


def folder(path):
    return {"path": path}


def manifest(path):
    rows = [f"{artist}/{number}.png,{artist}\n" for artist in ("ann", "bob") for number in (0, 1)]
    (path / "manifest.csv").write_text("path,artist\n" + "".join(rows))
    return {"path": path / "manifest.csv"}


def danbooru(path):
    lines = []
    for number in range(4):
        artist = ("ann", "bob")[number // 2]
        (path / artist / f"{number % 2}.png").rename(path / f"{number}.png")
        post = {"id": number, "file_ext": "png", "rating": "g", "tag_string_artist": artist}
        lines.append(json.dumps(post) + "\n")
    (path / "posts.jsonl").write_text("".join(lines))
    return {"path": path / "posts.jsonl"}


def dicebear(path):
    return {"works_per_artist": 2, "styles": ["dylan", "pixel-art"]}


OPTIONS = {"folder": folder, "manifest": manifest, "danbooru": danbooru, "dicebear": dicebear}


@pytest.fixture(params=SOURCES)
def source(request, tmp_path):
    for artist in ("ann", "bob"):
        (tmp_path / artist).mkdir()
        for number in range(2):
            Image.new("RGB", (9, 5), (99, 0, number)).save(tmp_path / artist / f"{number}.png")
    return SOURCES[request.param](**OPTIONS[request.param](tmp_path))


def test_constructor_arguments_are_keywords_only(source):
    parameters = list(inspect.signature(type(source)).parameters.values())
    assert all(parameter.kind == parameter.KEYWORD_ONLY for parameter in parameters)


def test_artworks_come_in_the_same_order_each_time_with_identities_unique_per_artist(source):
    works = list(source.artworks())
    assert works == list(source.artworks())
    assert len({(work.artist, work.work_id) for work in works}) == len(works) == 4
    assert len({work.reference for work in works}) == 4
    assert {work.rejection for work in works} == {None}


def test_artworks_survive_pickling_and_give_the_same_there(source):
    work = next(source.artworks())
    again = pickle.loads(pickle.dumps(work))
    assert again == work
    assert again.stamp() == work.stamp() != ""
    assert again.read() == work.read()


def test_a_work_is_bytes_with_json_factors_and_decodes_to_srgb_with_opacity(source):
    work = next(source.artworks())
    data, factors = work.read()
    assert isinstance(data, bytes)
    assert json.loads(json.dumps(factors)) == factors
    for size in (16, None):
        picture = work.decode(data, image_size=size, max_pixels=10**7)
        assert picture.mode == "RGBA"
        assert picture.size == work.decode(data, image_size=size, max_pixels=10**7).size


def test_the_description_names_the_source_and_is_json(source):
    description = json.loads(json.dumps(source.description()))
    assert SOURCES[description["name"]] is type(source)
