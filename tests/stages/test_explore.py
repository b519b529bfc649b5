"""Which works and artists are in the figures of a run whose pictures are known by their color."""

import json
import types

import numpy as np
import pytest
from ml_collections import ConfigDict

from anime_style_tf.stages import evaluate, explore
from anime_style_tf.stages.pictures import artist_map, generated, prefix_curves
from anime_style_tf.stages.pictures.exhibits import Exhibits
from tests.conventions.sources import ROOT
from tests.stages.made_up_run import (
    ARTISTS,
    CORNERS,
    images_of,
    labels_of,
    make_trained,
    patch_networks,
    read,
)

EVALUATE = {"recovery": {"images": 8}, "reattribution": {"images_per_artist": 1}}
EXPLORE = {
    "figure_2": {"rows": 1, "columns": 2}, "figure_3": {"side": 2}, "figure_6": {"works": 2},
    "figure_4_5": {"samples": 1, "works": 2}, "figure_7": {"rows": 1, "columns": 2},
    "style_map": {}, "dimension_dictionary": {"works": 2, "resamples": 5},
}  # fmt: skip
BY_STYLE_ALONE = {"figure_1.png", "style_map.png", "dimensions.png", "retrieval.png"}


@pytest.fixture
def exhibits(monkeypatch, tmp_path):
    patch_networks(monkeypatch)
    return Exhibits(make_trained(tmp_path), seed=0)


def codes_of(page):
    """The code of each picture of a page, in the order in which they were placed."""
    return np.array([read(np.asarray(image.get_array())[None])[0] for image in page.axes[0].images])


def names_on(page):
    return [text.get_text() for text in page.axes[0].texts if text.get_gid() == "artist"]


def works_by(name):
    """Codes of the test works by an artist, rounded."""
    codes = read(images_of("test"))[labels_of("test") == ARTISTS.index(name)]
    return codes.round(1).tolist()


def assert_near(codes, expected):
    """Within the half level that a picture is rounded by."""
    np.testing.assert_allclose(codes, expected, atol=0.051)


def test_a_column_of_figure_2_is_in_the_style_of_the_artist_above_it(exhibits):
    page = generated.figure_2(exhibits, rows=2, columns=3)
    names = names_on(page)
    assert names == ARTISTS
    for name, (example, *drawn) in zip(names, codes_of(page).reshape(3, 3, 3), strict=True):
        assert example.round(1).tolist() in works_by(name)
        assert_near([code[:2] for code in drawn], [CORNERS[ARTISTS.index(name), :2]] * 2)


def test_the_corners_of_figure_3_are_the_artists_named_there(exhibits):
    page = generated.figure_3(exhibits, side=2)
    between = codes_of(page)[4:]
    # Four corners of three artists: the first one's again at the end.
    assert_near(between[:, :2], CORNERS[[0, 1, 2, 0], :2])
    words = [text.get_text() for text in page.axes[0].texts]
    assert [word for word in words if word in ARTISTS] == ["ann", "bob", "cy", "ann"]


def test_a_pair_of_figure_6_is_a_work_by_the_artist_named_and_its_reconstruction(exhibits):
    page = generated.figure_6(exhibits, works=3)
    names = names_on(page)
    assert names == ARTISTS
    for name, (work, rebuilt) in zip(names, codes_of(page).reshape(3, 2, 3), strict=True):
        assert work.round(1).tolist() in works_by(name)
        assert_near(rebuilt, work * [1, 1, 0.5])


def test_a_cell_of_figure_7_has_the_style_above_it_and_the_content_beside_it(exhibits):
    exhibits.images = exhibits.images.copy()
    exhibits.images[..., 2] += np.arange(12, dtype=np.uint8)[:, None, None]  # contents differ
    page = generated.figure_7(exhibits, rows=2, columns=3)
    codes = codes_of(page)
    columns, contents = codes[:9].reshape(3, 3, 3), codes[9:]
    for name, (work, *cells) in zip(names_on(page), columns, strict=True):
        assert work[:2].round(1).tolist() in [code[:2] for code in works_by(name)]
        for cell, content in zip(cells, contents, strict=True):
            assert_near(cell[:2], work[:2])
            assert_near(cell[2], content[2] / 2)


def test_the_map_places_each_work_with_its_artist(exhibits):
    _, numbers = artist_map.artist_map(exhibits)
    axes, center = (np.array(numbers[key]["value"]) for key in ("axes", "center"))
    for number, work in enumerate(numbers["works"]):
        assert work["work_id"] == f"test {number}"
        assert work["artist"] == ARTISTS[labels_of("test")[number]]
        place = np.array(work["place"]) @ axes + center
        np.testing.assert_allclose(place, read(images_of("test"))[number, :2], atol=1e-4)


def test_a_curve_is_drawn_under_the_name_of_its_network(exhibits):
    def entry(values):
        return {"value": values, "interval": [values, values], "count": 6}

    curves = {"metric_learning": entry([0.1, 0.2]), "classifier": entry([0.3, 0.4])}
    style = {"accuracy_against_d": curves, "variance_ratio_against_d": curves,
             "k_S": {"value": 2}, "accuracy_at_k_S": {"count": 6}}  # fmt: skip
    page = prefix_curves.figure_1(types.SimpleNamespace(metrics={"style": style}, names=ARTISTS))
    for axes in page.axes[1:]:
        lines = {line.get_label(): list(line.get_ydata()) for line in axes.lines}
        assert lines["metric learning"] == [0.1, 0.2]
        assert lines["classifier"] == [0.3, 0.4]


def explored(workdir, patch, lacking):
    """Files and lines of the stage on the made-up run, measured just before."""
    patch_networks(patch)
    for stage, settings in ((evaluate, EVALUATE), (explore, EXPLORE)):
        patch.setattr(stage, "Trained", lambda folder: make_trained(folder, lacking=lacking))
        name = stage.__name__.rpartition(".")[2]
        (workdir / name).mkdir()
        said = stage.run(ConfigDict({"seed": 0, name: settings}).lock(), workdir)
    return {path.name for path in (workdir / "explore").iterdir()}, said


def test_every_file_of_the_table_is_drawn_or_missed_with_its_reason(tmp_path, monkeypatch):
    left, said = explored(tmp_path, monkeypatch, lacking=())
    table = [file for picture in explore.PICTURES.values() for file in picture.files]
    assert left == {*table} - {"calibration.png"}
    assert said[0].endswith(
        "explore/figure_1.png ... figure_7.png, content_curve.png, style_map.png, dimensions.png, "
        "retrieval.png"
    )
    (line,) = said[1:]
    assert line.startswith("no calibration.png: an attribution needs 2 artists and 7 test works")


def test_without_content_and_generator_the_figures_of_the_style_code_are_drawn(
    tmp_path, monkeypatch
):
    left, said = explored(tmp_path, monkeypatch, lacking=("content", "gan"))
    assert left == BY_STYLE_ALONE | {"style_map.json", "dimensions.json"}
    assert said[1] == (
        "no figure_2.png, figure_3.png, figure_4.png, figure_5.png, figure_6.png, figure_7.png, "
        "content_curve.png: no content"
    )


def test_without_a_reference_classifier_its_curves_are_missing(tmp_path, monkeypatch):
    left, _ = explored(tmp_path, monkeypatch, lacking=("classifier",))
    assert left >= BY_STYLE_ALONE
    metrics = json.loads((tmp_path / "evaluate" / "metrics.json").read_text("utf-8"))
    page = prefix_curves.figure_1(types.SimpleNamespace(metrics=metrics, names=ARTISTS))
    for axes in page.axes[1:]:
        lines = [line.get_label() for line in axes.lines]
        assert "metric learning" in lines
        assert "classifier" not in lines


def test_every_row_says_what_it_shows_and_each_file_is_of_one_row():
    files = [file for picture in explore.PICTURES.values() for file in picture.files]
    assert len(files) == len(set(files))
    for picture in explore.PICTURES.values():
        assert picture.shows
        assert set(picture.needs) <= {"content", "gan", "classifier"}
    assert set(explore.CALLABLES) == set(EXPLORE)


def test_the_document_has_the_table_of_figures():
    rows = [
        f"| {', '.join(f'`{file}`' for file in picture.files)} | {picture.shows} | "
        f"{', '.join(picture.needs)} |"
        for picture in explore.PICTURES.values()
    ]
    assert "\n".join(rows) in (ROOT / "docs" / "method.md").read_text("utf-8")
