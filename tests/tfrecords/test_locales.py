"""Names are bytes, read as UTF-8: which language the terminal speaks changes nothing."""

import os
import pathlib
import subprocess
import sys
import tarfile

import numpy as np
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]
UTF_8 = {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "0"}
ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

LIBRARY = """
import sys
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.sources import SOURCES
from anime_style_tf.data.conversion.writer import write_records
if __name__ == "__main__":
    name, path, output, opt_out = sys.argv[1:]
    write_records(Plan(
        source=SOURCES[name](path=path), output=output, opt_out=opt_out,
        rendering=Settings(image_size=16), rules=Rules(min_works=5, test_minimum=2),
        workers=1, progress=False,
    ))
"""


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A folder, a table and an archive of the same pictures, and a list that names 山田."""
    top = tmp_path_factory.mktemp("given")
    random = np.random.default_rng(0)
    rows = ["path,artist"]
    for artist in ("山田", "Zoë", "ann"):
        (top / "folder" / artist).mkdir(parents=True)
        for number in range(7):
            pixels = random.integers(0, 256, (10, 8, 3), np.uint8)
            Image.fromarray(pixels).save(top / "folder" / artist / f"絵{number}.png")
            rows.append(f"{artist}/絵{number}.png,{artist}")
    (top / "folder" / ".table.csv").write_text("\n".join(rows), "utf-8")
    with tarfile.open(top / "archive.tar", "w", format=tarfile.GNU_FORMAT) as archive:
        archive.add(top / "folder", arcname="folder")
    (top / "opt-out.txt").write_text("山田\n", "utf-8")
    return top


def call(locale, *arguments):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **locale}
    environment.pop("LANG", None)
    done = subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode("utf-8")


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_tool_leaves_the_same_bytes_in_any_locale(given, tmp_path):
    left = {}
    for name, locale in {"utf-8": UTF_8, "ascii": ASCII}.items():
        said = call(
            locale, "tfrecords/convert.py", f"--input={given / 'folder'}",
            f"--output={tmp_path / name}", f"--opt_out={given / 'opt-out.txt'}", "--image_size=16",
            "--min_works=5", "--test_minimum=2", "--workers=2",
        )  # fmt: skip
        assert "21 files = 14 kept + 7 rejected" in said
        left[name] = contents(tmp_path / name)
    assert "Zoë".encode() in left["utf-8"]["artist.labels.txt"]
    assert left["utf-8"] == left["ascii"]


@pytest.mark.parametrize(
    ("source", "path"),
    [("folder", "folder"), ("folder", "archive.tar"), ("manifest", "folder/.table.csv")],
)
def test_so_does_the_library_whose_process_has_begun_already(source, path, given, tmp_path):
    left = []
    for number, locale in enumerate((UTF_8, ASCII)):
        output = tmp_path / str(number)
        call(locale, "-c", LIBRARY, source, given / path, output, given / "opt-out.txt")
        left.append(contents(output))
    assert b"\xe5\xb1\xb1\xe7\x94\xb0" not in left[0]["artist.labels.txt"]
    assert left[0] == left[1]
