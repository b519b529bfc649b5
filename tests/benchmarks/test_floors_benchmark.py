"""The floors' benchmark on an archive of squares: style is easy, and content is not there."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from tests.benchmarks.commands import run

GROUPS, SIDE = 20, 16


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """Three artists with a color each; a subject is a place, the same for all artists."""
    path = tmp_path_factory.mktemp("floors") / "emoji.zip"
    rows = ["file\tartist\tgroup"]
    with zipfile.ZipFile(path, "w") as file:
        for number, artist in enumerate(("blue", "green", "red")):
            for group in range(GROUPS):
                pixels = np.full((SIDE, SIDE, 3), 20, "uint8")
                top, left = divmod(group, 5)
                square = pixels[3 * top : 3 * top + 3, 3 * left : 3 * left + 3]
                square[:] = 150
                square[..., 2 - number] = 220
                buffer = io.BytesIO()
                Image.fromarray(pixels).save(buffer, "png")
                file.writestr(f"{artist}/{group}.png", buffer.getvalue())
                rows.append(f"{artist}/{group}.png\t{artist}\tgroup {group}")
        file.writestr("MANIFEST.tsv", "\n".join(rows))
    return path


def measure(archive, output, *words):
    words = (f"--input={archive}", f"--output={output}", *words)
    done = run("floors", *words, few_drawings=True)
    return json.loads(output.read_text()), done.stdout


def test_each_floor_is_measured_over_the_seeds_and_printed(archive, tmp_path):
    results, printed = measure(archive, tmp_path / "floors.json", "--seeds=0,1")
    assert len(results) == 6
    for name, row in results.items():
        assert f"| {name} | {row['features']:,} |" in printed
        assert len(row["style"]["by_seed"]) == 2
        assert row["style"]["count"] == 2 * 3 * (GROUPS // 3)
        for measured in (row["style"], row["content"]):
            low, high = measured["interval"]
            assert low <= measured["value"] <= high
    # The color is the artist's, and one square in one place says which subject it is.
    assert results["rgb_histogram"]["style"]["value"] == 1
    assert results["raw_pixels"]["content"]["value"] == 1
    assert results["raw_pixels"]["content"]["chance"] == pytest.approx(1 / GROUPS)


def test_features_are_chosen_on_groups_that_no_seed_reports(archive, tmp_path):
    words = ("--seeds=0,1", "--validation", "--floors=rgb_histogram")
    results, _ = measure(archive, tmp_path / "floors.json", *words)
    (row,) = results.values()
    assert len(row["style"]["by_seed"]) == 1
    assert 0 < row["style"]["count"] < 3 * (GROUPS - GROUPS // 3 + 1)
