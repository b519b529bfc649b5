"""The benchmark of averaged weights on an archive of squares, and what its results say."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.commands import run
from tests.conventions.sources import ROOT

pytestmark = pytest.mark.slow


def test_each_kind_of_weights_is_measured_after_the_same_steps(tmp_path):
    rows = ["file\tartist\tgroup"]
    with zipfile.ZipFile(tmp_path / "squares.zip", "w") as file:
        for artist in range(8):
            for group in range(12):
                buffer = io.BytesIO()
                pixels = np.full((64, 64, 3), 20 * artist + 5 * group, np.uint8)
                Image.fromarray(pixels).save(buffer, "png")
                file.writestr(f"{artist}/{group}.png", buffer.getvalue())
                rows.append(f"{artist}/{group}.png\tartist {artist}\tgroup {group}")
        file.writestr("MANIFEST.tsv", "\n".join(rows))
    run(
        "averaged_weights", f"--input={tmp_path / 'squares.zip'}",
        f"--output={tmp_path / 'results.json'}", "--steps=20", "--seeds=1",
        "--rates=falling", few_drawings=True,
    )  # fmt: skip
    (row,) = json.loads((tmp_path / "results.json").read_text())
    assert (row["rates"], row["steps"], row["seed"], row["works"]) == ("falling", 20, 1, 32)
    assert row["weights served"] == "weights averaged over about 2 steps"


def test_the_weights_served_are_within_a_hundredth_of_the_last_or_better():
    path = ROOT / "benchmarks" / "results" / "averaged_weights.json"
    results = json.loads(path.read_text())
    for steps in (200, 1000, 5000):
        rows = [row for row in results if row["steps"] == steps]
        assert rows
        gains = [row["served"] - row["last weights"] for row in rows]
        assert np.mean(gains) >= -0.01
