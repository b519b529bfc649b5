import json

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.projector.projector_plugin import ProjectorPlugin
from werkzeug.test import Client
from werkzeug.wrappers import Response

from anime_style_tf.library.projector import SPRITE_SIDE, spread, write_projector

NAMES = ["ann", "Ōtomo", "tab\tand\nline"]


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(0)
    works = 12
    return {
        "code": random.standard_normal((works, 5)).astype(np.float32),
        "artist": [NAMES[number % 3] for number in range(works)],
        "work_id": [f"work {number}" for number in range(works)],
        "split": ["train", "test"] * 6,
        "source": [f"file {number}" for number in range(works)],
    }


def images(rows):
    return [np.full((16, 16, 3), row % 256, np.uint8) for row in rows]


def served(folder):
    """TensorBoard's own plugin on a folder: a function from a path to its answer."""
    provider = MultiplexerDataProvider(EventMultiplexer(), str(folder))
    plugin = ProjectorPlugin(TBContext(logdir=str(folder), data_provider=provider))
    apps = plugin.get_plugin_apps()

    def get(path, **query):
        answer = Client(apps[path], Response).get(path, query_string=query)
        assert answer.status_code == 200, answer.text
        return answer

    return get


def test_tensorboards_plugin_serves_codes_labels_and_sprite(table, tmp_path):
    assert write_projector(tmp_path, table, images, thumbnail_side=8) == 12
    get = served(tmp_path)
    assert json.loads(get("/runs").data) == ["."]
    (embedding,) = json.loads(get("/info", run=".").data)["embeddings"]
    assert embedding["tensorShape"] == [12, 5]
    assert embedding["sprite"]["singleImageDim"] == [8, 8]
    about = {"run": ".", "name": embedding["tensorName"]}
    codes = np.frombuffer(get("/tensor", **about).data, np.float32).reshape(12, 5)
    np.testing.assert_array_equal(codes, table["code"])
    lines = get("/metadata", **about).text.splitlines()
    assert lines[0].split("\t") == ["artist", "work_id", "split", "source"]
    assert lines[2].split("\t") == ["Ōtomo", "work 1", "test", "file 1"]
    assert lines[3].split("\t")[0] == "tab\\tand\\nline"
    assert len(lines) == 13
    assert get("/sprite_image", **about).data == (tmp_path / "sprite.png").read_bytes()


def test_thumbnails_lie_row_by_row_in_a_square(table, tmp_path):
    write_projector(tmp_path, table, images, thumbnail_side=8)
    with Image.open(tmp_path / "sprite.png") as sprite:
        pixels = np.asarray(sprite)
    assert pixels.shape == (24, 32, 3)  # 12 in rows of 4
    for number in range(12):
        row, column = divmod(number, 4)
        assert (pixels[8 * row : 8 * row + 8, 8 * column : 8 * column + 8] == number).all()


def test_many_thumbnails_shrink_to_what_tensorboard_takes(tmp_path):
    works = 900
    names = {name: ["x"] * works for name in ("artist", "work_id", "split", "source")}
    table = {"code": np.zeros((works, 3), np.float32), **names}
    write_projector(tmp_path, table, images, thumbnail_side=300)
    with Image.open(tmp_path / "sprite.png") as sprite:
        assert sprite.size == (30 * 273, 30 * 273)
        assert max(sprite.size) <= SPRITE_SIDE
    assert "single_image_dim: 273" in (tmp_path / "projector_config.pbtxt").read_text()


def test_codes_of_one_dimension_are_drawn_on_three_axes(table, tmp_path):
    narrow = table | {"code": table["code"][:, :1]}
    write_projector(tmp_path, narrow, images)
    codes = np.loadtxt(tmp_path / "tensors.tsv", dtype=np.float32)
    np.testing.assert_array_equal(codes, np.pad(narrow["code"], ((0, 0), (0, 2))))


def test_a_choice_of_works_is_even_over_the_artists():
    artists = ["a"] * 10 + ["b"] * 3 + ["c"] * 5
    chosen = spread(artists, 11)
    assert chosen == sorted(chosen)
    counts = [sum(artists[row] == name for row in chosen) for name in "abc"]
    assert counts == [4, 3, 4]
    assert spread(artists, 100) == list(range(18))
