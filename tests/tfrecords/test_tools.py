import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

ROOT = pathlib.Path(__file__).parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENVIRONMENT.pop("TF_CPP_MIN_LOG_LEVEL", None)


def call(*arguments):
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=ENVIRONMENT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def portraits(tmp_path_factory):
    folder = tmp_path_factory.mktemp("portraits")
    random = np.random.default_rng(0)
    for artist, count in {"ann": 7, "bob": 6, "eve": 2}.items():
        (folder / artist).mkdir()
        for number in range(count):
            pixels = random.integers(0, 256, (10, 8, 3), np.uint8)
            Image.fromarray(pixels).save(folder / artist / f"{number}.png")
    (folder / "ann" / "broken.png").write_bytes(b"not a picture")
    return folder


def test_a_folder_is_converted_inspected_and_its_problems_are_named(portraits, tmp_path):
    output = tmp_path / "records"
    done = call(
        "tfrecords/convert.py", f"--input={portraits}", f"--output={output}", "--image_size=16",
        "--min_works=5", "--test_minimum=2", "--workers=1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 artists, 9 training and 4 test works" in done.stdout
    assert "dropped: eve has 2 works" in done.stderr
    assert "set aside: ann/broken.png: UnidentifiedImageError" in done.stderr

    shown = call("tfrecords/inspect_records.py", f"--records={output}")
    assert shown.returncode == 0, shown.stderr
    rows = [line.split() for line in shown.stdout.splitlines()]
    assert ["0", "ann", "5", "2"] in rows
    assert ["1", "bob", "4", "2"] in rows
    assert ["all", "9", "4"] in rows
    with Image.open(output / "contact_sheet-000.png") as sheet:
        assert sheet.height > 2 * 64

    shard = next(output.glob("train-*"))
    shard.write_bytes(shard.read_bytes()[:-1] + b"!")
    damaged = call("-m", "tfrecords.inspect_records", f"--records={output}")
    assert damaged.returncode == 1
    assert f"damaged: {shard.name}: its SHA-256" in damaged.stdout


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(tmp_path):
    for tool, flags in (
        ("convert", [f"--input={tmp_path / 'nowhere'}", f"--output={tmp_path / 'out'}"]),
        ("convert", [f"--output={tmp_path / 'out'}"]),
        ("inspect_records", [f"--records={tmp_path / 'nowhere'}"]),
    ):
        done = call("-m", f"tfrecords.{tool}", *flags)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: ")


@pytest.mark.parametrize("tool", ["convert", "inspect_records"])
def test_help_starts_at_once_either_way(tool):
    for command in ([f"tfrecords/{tool}.py"], ["-X", "importtime", "-m", f"tfrecords.{tool}"]):
        done = call(*command, "--help")
        assert "--output" in done.stdout
        assert "tensorflow" not in done.stderr


def test_the_readme_lists_every_flag():
    readme = (ROOT / "tfrecords" / "README.md").read_text("utf-8")
    script = (
        "import json, sys; from absl import flags; import tfrecords.convert as tool; "
        "print(*[f.name for f in flags.FLAGS.flags_by_module_dict()[tool.__name__]])"
    )
    done = call("-c", script)
    assert done.returncode == 0, done.stderr
    names = done.stdout.split()
    assert len(names) > 10
    for name in names:
        assert f"| `--{name}` |" in readme
