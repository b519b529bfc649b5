import csv
import json

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from anime_style_tf.library import answer_sheet
from anime_style_tf.library.answer_sheet import query
from anime_style_tf.library.index_folder import open_index
from anime_style_tf.library.portrait_sources import Portrait, RecordedPortraits
from anime_style_tf.search import NearestWorks
from anime_style_tf.workdir.figure_files import save_figure
from tests.stages.searchable import MANY, make_index, make_run


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"))
    make_index(workdir)
    for number, image in enumerate(RecordedPortraits(workdir / "records").images([7, 20])):
        Image.fromarray(image).save(workdir / f"q{number}.png")
    return workdir


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_work_of_the_index_finds_itself_first(workdir, tmp_path):
    images = [workdir / "q0.png", workdir / "q1.png"]
    lines, aside = query(workdir, images, tmp_path / "out", count=5)
    assert aside == []
    assert lines[0] == "pictures asked with: 2"
    assert lines[1:5] == [
        str(tmp_path / "out" / name)
        for name in ("neighbors.png", "neighbors.csv", "artists.csv", "neighbors.json")
    ]
    _, table, info = open_index(workdir)
    rows = rows_of(tmp_path / "out" / "neighbors.csv")
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4", "5"] * 2
    for first, record in ((rows[0], 7), (rows[5], 20)):
        assert first["source"] == table["source"][record]
        assert first["work"] == table["work_id"][record]
        assert float(first["distance"]) < 1e-5
    told = json.loads((tmp_path / "out" / "neighbors.json").read_text("utf-8"))
    assert told["definitions"]["neighbors"] == info["distance"]


def test_artists_are_ranked_by_the_distance_to_their_mean(workdir, tmp_path):
    query(workdir, [workdir / "q0.png"], tmp_path, count=5)
    _, table, _ = open_index(workdir)
    artists = np.array(table["artist"])
    means = {name: table["code"][artists == name].mean(axis=0) for name in set(artists)}
    away = {name: np.linalg.norm(table["code"][7] - mean) for name, mean in means.items()}
    rows = rows_of(tmp_path / "artists.csv")
    assert [row["artist"] for row in rows] == sorted(away, key=away.get)
    for row in rows:
        assert float(row["distance"]) == pytest.approx(away[row["artist"]], abs=1e-5)


def test_json_and_csv_say_the_same(workdir, tmp_path):
    query(workdir, [workdir / "q0.png", workdir / "q1.png"], tmp_path, count=3)
    told = json.loads((tmp_path / "neighbors.json").read_text("utf-8"))
    for kind in ("neighbors", "artists"):
        rows = rows_of(tmp_path / f"{kind}.csv")
        listed = [(q["query"], each) for q in told["queries"] for each in q[kind]]
        assert len(rows) == len(listed)
        for row, (name, each) in zip(rows, listed, strict=True):
            assert row["query"] == name
            assert {key: str(each[key]) for key in row.keys() & each.keys()} == {
                key: row[key] for key in row.keys() & each.keys()
            }


def test_the_table_of_artists_has_probabilities_and_whether_the_picture_is_unknown(
    workdir, tmp_path
):
    attributed = make_run(tmp_path / "run", works=MANY)
    make_index(attributed)
    lines, _ = query(attributed, [workdir / "q0.png"], tmp_path / "out", error_rate=0.3)
    assert len(lines) == 5
    told = json.loads((tmp_path / "out" / "neighbors.json").read_text("utf-8"))
    (answer,) = told["queries"]
    rows = rows_of(tmp_path / "out" / "artists.csv")
    assert sum(float(row["probability"]) for row in rows) == pytest.approx(1)
    for row, each in zip(rows, answer["artists"], strict=True):
        assert float(row["probability"]) == each["probability"]
        assert float(row["distance"]) == each["distance"]
        assert float(row["p_value"]) == answer["attribution"]["p_value"]
        assert row["unknown"] == str(answer["attribution"]["unknown"])
    assert {"probability", "p_value", "unknown"} < told["definitions"].keys()


def test_a_question_that_is_stopped_leaves_the_earlier_answers(workdir, tmp_path, monkeypatch):
    query(workdir, [workdir / "q0.png"], tmp_path)
    earlier = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(earlier) == {"neighbors.png", "neighbors.csv", "artists.csv", "neighbors.json"}

    def stopped(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(answer_sheet, "_write_tables", stopped)
    with pytest.raises(KeyboardInterrupt):
        query(workdir, [workdir / "q1.png"], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == earlier


def test_only_the_artists_asked_for_answer(workdir, tmp_path):
    query(workdir, [workdir / "q0.png"], tmp_path, count=50, artists=["bob"])
    assert {row["artist"] for row in rows_of(tmp_path / "neighbors.csv")} == {"bob"}
    assert {row["artist"] for row in rows_of(tmp_path / "artists.csv")} == {"bob"}
    with pytest.raises(InputError, match="has none called 'bod': give for instance bob"):
        query(workdir, [workdir / "q0.png"], tmp_path, artists=["bod"])


def test_a_picture_that_cannot_be_read_is_named_and_the_others_are_answered(workdir, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    images = [tmp_path / "bad.png", workdir / "q0.png", tmp_path / "gone.png"]
    lines, aside = query(workdir, images, tmp_path / "out")
    assert lines[0] == "pictures asked with: 1"
    assert [source for source, _ in aside] == [f"{tmp_path}/bad.png", f"{tmp_path}/gone.png"]
    told = json.loads((tmp_path / "out" / "neighbors.json").read_text("utf-8"))
    assert [each["source"] for each in told["set_aside"]] == [source for source, _ in aside]


def test_many_pictures_get_a_sheet_for_each_twenty(workdir, tmp_path):
    lines, _ = query(workdir, [workdir / "q0.png"] * 41, tmp_path, count=1)
    sheets = sorted(path.name for path in tmp_path.glob("*.png"))
    assert sheets == ["neighbors.png", "neighbors_2.png", "neighbors_3.png"]
    assert lines[1:7] == [
        *(str(tmp_path / name) for name in ("neighbors.png", "neighbors_2.png", "neighbors_3.png")),
        *(str(tmp_path / name) for name in ("neighbors.csv", "artists.csv", "neighbors.json")),
    ]


def test_the_answers_of_an_earlier_question_go(workdir, tmp_path):
    (tmp_path / "neighbors_of_mine.png").write_bytes(b"mine")
    query(workdir, [workdir / "q0.png"] * 21, tmp_path, count=1)
    query(workdir, [workdir / "q1.png"], tmp_path, count=1)
    sheets = sorted(path.name for path in tmp_path.glob("*.png"))
    assert sheets == ["neighbors.png", "neighbors_of_mine.png"]


def test_where_no_picture_can_be_used_the_earlier_answers_stay(workdir, tmp_path):
    query(workdir, [workdir / "q0.png"], tmp_path, count=1)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(
        InputError, match=r"none of 1 pictures .*gone.png: unreadable: no such file"
    ):
        query(workdir, [tmp_path / "gone.png"], tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    with pytest.raises(InputError, match="none of 1 pictures"):
        query(workdir, [tmp_path / "gone.png"], tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_without_a_picture_nothing_is_written(workdir, tmp_path):
    (tmp_path / "empty").mkdir()
    for images in ([tmp_path / "empty"], []):
        with pytest.raises(InputError, match="no picture there"):
            query(workdir, images, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_without_an_attribution_the_search_answers_and_says_what_is_lacking(workdir, tmp_path):
    lines, _ = query(workdir, [workdir / "q0.png"], tmp_path)
    assert lines[-1].startswith("an attribution needs 2 artists and 7 test works")
    told = json.loads((tmp_path / "neighbors.json").read_text("utf-8"))
    assert told["left_out"] == lines[-1:]
    assert set(told["definitions"]) == {"neighbors", "artists"}
    assert "attribution" not in told["queries"][0]
    assert {row["probability"] for row in rows_of(tmp_path / "artists.csv")} == {""}


class TwoArtists:
    """A catalog without a work, and the probabilities of its two artists."""

    def __init__(self, first, second, unknown=False):
        self.drawn_by = (
            {"artist": "ann", "probability": first, "unknown": unknown},
            [{"artist": "ann", "probability": first}, {"artist": "bo", "probability": second}],
        )

    def coder(self, images):
        return np.zeros((len(images), 2))

    def nearest(self, codes, count, artists):
        return NearestWorks(np.zeros((1, 0), int), np.zeros((1, 0)), 0.0)

    def who_drew(self, codes, artists):
        return [self.drawn_by]


@pytest.mark.parametrize(
    ("catalog", "answers"),
    [
        (TwoArtists(0.5, 0.4), [("ann", 0.5), ("bo", 0.4)]),
        (TwoArtists(0.7, 0.3), [("ann", 0.7)]),
        (TwoArtists(0.5, 0.4, unknown=True), [("unknown", None)]),
    ],
)
def test_the_sheet_names_the_next_artist_where_it_is_nearly_as_likely(catalog, answers):
    portrait = Portrait(source="a.png", image=np.zeros((4, 4, 3), np.uint8))
    (row,), _ = answer_sheet.ask(catalog, [portrait], count=1)
    assert row.answers == answers


def test_a_count_below_one_is_refused(workdir, tmp_path):
    with pytest.raises(InputError, match="--count: expected 1 or more, received 0"):
        query(workdir, [workdir / "q0.png"], tmp_path, count=0)


def test_the_sheet_shows_twenty_neighbors_and_says_so_and_the_tables_have_all(
    workdir, tmp_path, monkeypatch
):
    captions = []

    def save(figure, path):
        captions.append(" ".join(text.get_text() for text in figure.axes[0].texts))
        return save_figure(figure, path)

    monkeypatch.setattr(answer_sheet, "save_figure", save)
    query(workdir, [workdir / "q0.png"], tmp_path, count=10**6)
    works = len(open_index(workdir)[1]["artist"])
    assert len(rows_of(tmp_path / "neighbors.csv")) == works > 20
    with Image.open(tmp_path / "neighbors.png") as sheet:
        width = sheet.width
    query(workdir, [workdir / "q0.png"], tmp_path, count=20)
    with Image.open(tmp_path / "neighbors.png") as sheet:
        assert sheet.width == width
    cut, whole = (" ".join(caption.split()) for caption in captions)
    assert f"Shown are 20 of {works}; neighbors.csv has all." in cut
    assert "Shown are" not in whole
