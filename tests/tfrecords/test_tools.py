import numpy as np
import pytest
from PIL import Image

from tests.calls import call, call_anew
from tests.conventions.sources import ROOT

TOOLS = [path.stem for path in sorted((ROOT / "tfrecords").glob("[a-z]*.py"))]


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


def test_a_folder_is_converted_and_its_problems_are_named(portraits, tmp_path):
    output = tmp_path / "records"
    done = call(
        "tfrecords/convert.py", f"--input={portraits}", f"--output={output}", "--image_size=16",
        "--min_works=5", "--test_minimum=2", "--workers=1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "2 artists, 9 training and 4 test portraits" in done.stdout
    assert "16 files = 13 kept + 1 unreadable + 2 artist too small" in done.stdout
    assert "dropped: eve has 2 works" in done.stdout
    assert (
        "2 artists kept of 3; 1 have fewer than min_works = 5; --min_works=2 --test_minimum=1 "
        "keeps 3\n"
    ) in done.stdout
    quarantine = (output / "quarantine.csv").read_text("utf-8").splitlines()
    assert 'unreadable,ann/broken.png,ann,"no picture, or damaged' in quarantine[1]


def test_a_set_is_added_to_and_a_flag_of_another_source_is_refused(portraits, tmp_path):
    output = tmp_path / "records"
    settings = ("--image_size=16", "--min_works=5", "--test_minimum=2", "--workers=1")
    table = tmp_path / "works.csv"
    files = [portraits / "ann" / f"{number}.png" for number in range(7)]
    rows = [f"{file.relative_to(portraits)},anna,{file.stem},{{}}" for file in files]
    table.write_text("\n".join(["path,artist,id,factors", *rows]))
    source = ("--source=manifest", f"--input={table}", f"--root={portraits}")
    done = call("tfrecords/convert.py", *source, f"--output={output}", *settings)
    assert done.returncode == 0, done.stderr
    again = call(
        "tfrecords/convert.py", f"--input={portraits}", f"--output={output}", *settings, "--append"
    )
    assert again.returncode == 0, again.stderr
    assert "23 files = 13 kept + 7 duplicate + 1 unreadable + 2 artist too small" in again.stdout
    refused = call("tfrecords/convert.py", *source, f"--output={output}", "--ratings=g")
    assert refused.returncode == 2
    assert "error: --ratings: source 'manifest' takes none" in refused.stderr


@pytest.mark.parametrize("tool", TOOLS)
def test_help_starts_at_once_either_way(tool):
    for command in ([f"tfrecords/{tool}.py"], ["-X", "importtime", "-m", f"tfrecords.{tool}"]):
        done = call_anew(*command, "--help")
        assert f"tfrecords/{tool}.py" in done.stdout
        assert "  --" in done.stdout
        assert "tensorflow" not in done.stderr
