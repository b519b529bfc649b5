"""What is written of a small run, checked by NumPy in double precision."""

import json
import pathlib

import numpy as np
import pytest

from anime_style_tf.explorer.page_data import write_page_data
from anime_style_tf.library.embedding import read_embeddings
from anime_style_tf.workdir.trained import Trained
from tests.library.drawable import MEAN_STYLES, make_drawable
from tests.stages.searchable import make_index

CENTER, AXES = [0.1, -0.2], [[0.6, 0.8], [-0.8, 0.6]]


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    workdir = make_drawable(tmp_path_factory.mktemp("explored"))
    make_index(workdir)
    (workdir / "explore").mkdir()
    chart = {"axes": {"value": AXES}, "center": {"value": CENTER}}
    (workdir / "explore" / "style_map.json").write_text(json.dumps(chart))
    (workdir / "enrolled").mkdir()
    (workdir / "enrolled" / "styles.json").write_text('{"artists": {"dee": [0.5, -0.25]}}')
    return workdir


def read(folder, name):
    return json.loads((pathlib.Path(folder) / name).read_text())


def test_works_have_their_codes_places_and_distance_to_others(run, tmp_path):
    assert write_page_data(Trained(run), tmp_path, works=30, thumbnail_side=8) == []
    table = read_embeddings(run / "index" / "embeddings.parquet")
    codes, artists = np.asarray(table["code"], np.float64), np.array(table["artist"])
    written = read(tmp_path, "works.json")
    assert len(written["works"]) == 30
    encoder = Trained(run).style_encoder
    mean, deviation = np.array(encoder.mean), np.array(encoder.deviation)
    np.testing.assert_allclose(written["deviation"], deviation, atol=1e-4)
    rows = {source: row for row, source in enumerate(table["source"])}
    for work in written["works"]:
        row = rows[work["id"]]
        assert (work["artist"], work["split"]) == (artists[row], table["split"][row])
        np.testing.assert_allclose(work["style"], (codes[row] - mean) / deviation, atol=2e-3)
        np.testing.assert_allclose(work["place"], AXES @ (codes[row] - CENTER), atol=2e-3)
        others = codes[artists != work["artist"]]
        expected = np.sqrt(((others - codes[row]) ** 2).sum(axis=1)).min()
        assert work["uniqueness"] == pytest.approx(expected, abs=1e-4)
        from_style = written["map"]["origin"] + written["map"]["by_style"] @ np.array(work["style"])
        np.testing.assert_allclose(from_style, work["place"], atol=1e-3)
    assert written["thumbnails"]["files"] == ["thumbnails-000.webp"]
    assert len(read(tmp_path, "dimensions.json")["dimensions"]) == 2


def test_artists_have_their_mean_styles_and_enrolled_ones_stand_apart(run, tmp_path):
    write_page_data(Trained(run), tmp_path, works=3)
    written = read(tmp_path, "artists.json")
    assert written["artists"] == dict(zip(["ann", "bob", "cat"], MEAN_STYLES.tolist(), strict=True))
    assert written["enrolled"] == {"dee": [0.5, -0.25]}


def test_a_run_without_index_shows_artists_alone_and_says_why(tmp_path):
    (line,) = write_page_data(Trained(make_drawable(tmp_path / "run")), tmp_path / "page")
    assert line.startswith("the explorer shows no works: ")
    assert "--stage=index" in line
    assert [path.name for path in (tmp_path / "page").iterdir()] == ["artists.json"]


def test_a_run_without_map_shows_works_without_places_and_says_why(run, tmp_path):
    chart = run / "explore" / "style_map.json"
    text = chart.read_text()
    chart.write_text('{"not_measured": "too few artists"}')
    try:
        lines = write_page_data(Trained(run), tmp_path, works=3)
    finally:
        chart.write_text(text)
    assert lines == ["the explorer has no map: too few artists"]
    written = read(tmp_path, "works.json")
    assert written["map"] is None
    assert [work["place"] for work in written["works"]] == [None] * 3
