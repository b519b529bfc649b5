import json

import pytest
from PIL import Image

from tests.calls import call
from tests.export.readme import readme_command
from tests.stages.searchable import MANY, make_index, make_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("run"))
    make_index(workdir)
    Image.new("RGB", (20, 20), "teal").save(workdir / "q.png")
    return workdir


def test_a_picture_is_answered_and_a_broken_one_makes_the_exit_code_1(workdir, tmp_path):
    (tmp_path / "bad.png").write_bytes(b"no picture")
    asked = readme_command(
        "export/query.py",
        workdir=workdir,
        images=f"{workdir}/q.png,{tmp_path}/bad.png",
        count=3,
        output=tmp_path / "out",
    )
    done = call(*asked, "--workers=1")
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[:2] == [
        "pictures asked with: 1",
        f"{tmp_path}/out/neighbors.png",
    ]
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"set aside: {tmp_path}/bad.png: unreadable: no picture")
    assert len((tmp_path / "out" / "neighbors.csv").read_text().splitlines()) == 4


@pytest.fixture(scope="module")
def attributed(tmp_path_factory):
    workdir = make_run(tmp_path_factory.mktemp("many"), works=MANY)
    make_index(workdir)
    return workdir


def test_a_picture_is_attributed_or_called_unknown(workdir, attributed, tmp_path):
    asked = f"--images={workdir}/q.png"
    done = call(
        "export/query.py", f"--workdir={attributed}", asked, f"--output={tmp_path}",
        "--workers=1", "--error_rate=0.01",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].startswith("nothing is called unknown: with 6 calibration")
    told = json.loads((tmp_path / "neighbors.json").read_text("utf-8"))
    (answer,) = told["queries"]
    assert set(answer["attribution"]) == {"artist", "probability", "p_value", "unknown"}
    assert "the p-value is at most 0.01" in told["definitions"]["unknown"]


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(workdir, attributed, tmp_path):
    wrong = [
        [f"--workdir={tmp_path}"],
        [f"--workdir={workdir}", "--count=0"],
        [f"--workdir={attributed}", "--error_rate=2"],
    ]
    given = ["export/query.py", "--images=a.png", f"--output={tmp_path}/out"]
    for flags in wrong:
        code, output, said = call(*given, *flags)
        assert (code, output) == (2, "")
        (line,) = said.splitlines()
        assert line.startswith("error: ")


@pytest.mark.parametrize("both", [True, False])
def test_a_run_or_a_gallery_is_asked_and_not_both(workdir, tmp_path, both):
    asked = [f"--workdir={workdir}", f"--gallery={tmp_path}"] if both else []
    done = call("export/query.py", *asked, "--images=a.png", f"--output={tmp_path}/out")
    assert done.returncode == 2
    received = "both" if both else "neither"
    assert done.stderr == (
        "error: expected either --workdir=RUN or --gallery=FOLDER, received "
        f"{received}: give one of them\n"
    )
