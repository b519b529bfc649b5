"""The benchmark of averaged weights on an archive of squares, and what its results say."""

import io
import json
import subprocess
import sys
import zipfile

import numpy as np
from PIL import Image

from tests.conventions.sources import ROOT

PROGRAM = """
import emoji_drawings, runpy, sys
emoji_drawings.LEAST_DRAWINGS = 4
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_each_kind_of_weights_is_measured_after_the_same_steps(tmp_path):
    rows = ["file\tartist\tgroup"]
    with zipfile.ZipFile(tmp_path / "squares.zip", "w") as file:
        for hand in range(8):
            for group in range(12):
                buffer = io.BytesIO()
                pixels = np.full((64, 64, 3), 20 * hand + 5 * group, np.uint8)
                Image.fromarray(pixels).save(buffer, "png")
                file.writestr(f"{hand}/{group}.png", buffer.getvalue())
                rows.append(f"{hand}/{group}.png\thand {hand}\tgroup {group}")
        file.writestr("MANIFEST.tsv", "\n".join(rows))
    command = [
        sys.executable, "-c", PROGRAM, ROOT / "benchmarks" / "averaged_weights.py",
        f"--input={tmp_path / 'squares.zip'}", f"--output={tmp_path / 'results.json'}",
        "--steps=20", "--seeds=1",
    ]  # fmt: skip
    environment = {"PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}", "CUDA_VISIBLE_DEVICES": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    falling, constant = json.loads((tmp_path / "results.json").read_text())
    assert (falling["rates"], constant["rates"]) == ("falling", "constant")
    for row in (falling, constant):
        assert (row["steps"], row["seed"], row["works"]) == (20, 1, 32)
        assert row["weights served"] == "weights averaged over about 2 steps"


def test_the_weights_served_are_within_a_hundredth_of_the_last_or_better():
    path = ROOT / "benchmarks" / "results" / "averaged_weights.json"
    results = json.loads(path.read_text())
    for steps in (200, 1000, 5000):
        rows = [row for row in results if row["steps"] == steps]
        assert rows
        gains = [row["served"] - row["last weights"] for row in rows]
        assert np.mean(gains) >= -0.01
