import csv
import json
import re

import pytest
from PIL import Image

from export import client
from tests.calls import call
from tests.conventions.sources import ROOT
from tests.export.readme import readme_command
from tests.stages.searchable import MANY, make_index, make_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"), works=MANY)
    make_index(workdir)
    return workdir


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    for color in ("teal", "navy"):
        Image.new("RGB", (20, 20), color).save(folder / f"{color}.png")
    (folder / "bad.png").write_bytes(b"no picture")
    return folder


def enroll(workdir, *flags):
    return call("export/enroll.py", f"--workdir={workdir}", *flags)


def test_an_enrolled_artist_is_found_drawn_listed_and_removed(workdir, pictures, server, tmp_path):
    command = readme_command("export/enroll.py", workdir=workdir, artist="新人", images=pictures)
    done = call(*command, "--workers=1")
    assert done.returncode == 1, done.stderr
    assert done.stdout == "新人: enrolled from 2 portraits\n"
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"set aside: {pictures}/bad.png: unreadable: no picture")

    asked = call(
        "export/query.py", f"--workdir={workdir}", f"--images={pictures}/teal.png",
        f"--output={tmp_path}", "--workers=1", "--error_rate=0.5",
    )  # fmt: skip
    assert asked.returncode == 0, asked.stderr
    (answer,) = json.loads((tmp_path / "neighbors.json").read_text("utf-8"))["queries"]
    assert answer["neighbors"][0]["artist"] == "新人"
    with open(tmp_path / "artists.csv", newline="", encoding="utf-8") as file:
        assert {row["artist"] for row in csv.DictReader(file)} == {*MANY, "新人"}

    draw = ["generate", "--artist=新人", f"--model_json={workdir}/enrolled/styles.json"]
    assert client.main(["--server", server, *draw, f"--output={tmp_path}/drawn"]) == 0
    assert (tmp_path / "drawn" / "generated_0.png").is_file()

    listed = enroll(workdir, "--list")
    assert listed.stdout == f"新人: 2 portraits, from {pictures}\n"
    assert enroll(workdir, "--remove=新人").stdout == "新人: forgotten\n"
    assert enroll(workdir, "--list").stdout == "no artist is enrolled\n"


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(workdir):
    wrong = [
        [],
        ["--artist=a"],
        ["--images=a.png"],
        ["--list", "--remove=a"],
        ["--list", "--images=a.png"],
        ["--remove=nobody"],
        ["--artist=ann", "--images=a.png"],
        ["--artist=new", "--images=nowhere.png", "--workers=1"],
    ]
    for flags in wrong:
        code, output, said = enroll(workdir, *flags)
        assert (code, output) == (2, "")
        (line,) = said.splitlines()
        assert line.startswith("error: ")


def test_the_readme_lists_every_flag():
    script = (
        "from absl import flags; import anime_style_tf.commands.enroll as tool; "
        "print(*[f.name for f in flags.FLAGS.flags_by_module_dict()[tool.__name__]])"
    )
    names = call("-c", script).stdout.split()
    readme = (ROOT / "export" / "README.md").read_text("utf-8")
    assert "remove" in names
    assert [name for name in names if not re.search(rf"[ `]--{name}\b", readme)] == []
