import json

import pyarrow.parquet as pq
import pytest
from PIL import Image

from tests.calls import call
from tests.export.readme import readme_command
from tests.stages.searchable import make_run

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return make_run(tmp_path_factory.mktemp("run"))


def embed(workdir, *flags):
    return call("export/embed.py", f"--workdir={workdir}", "--workers=1", *flags)


def test_a_folder_is_embedded_and_a_broken_file_makes_the_exit_code_1(workdir, tmp_path):
    (tmp_path / "in" / "ann").mkdir(parents=True)
    for name in ("a.png", "ann/b.png"):
        Image.new("RGB", (20, 20), "teal").save(tmp_path / "in" / name)
    (tmp_path / "in" / "bad.png").write_bytes(b"no picture")
    output = tmp_path / "x.parquet"
    shown = {"workdir": workdir, "input": tmp_path / "in", "output": output}
    done = call(*readme_command("export/embed.py", **shown), "--workers=1")
    assert done.returncode == 1, done.stderr
    assert done.stdout == f"{output}: 2 portraits\n"
    assert "embedding: 100%" in done.stderr
    assert done.stderr.splitlines()[-1].startswith(f"set aside: {tmp_path}/in/bad.png: unreadable")
    table = pq.read_table(output)
    assert table["artist"].to_pylist() == ["", "ann"]

    again = embed(workdir, f"--input={tmp_path}/in", f"--output={output}")
    assert again.returncode == 2
    assert (
        again.stderr
        == f"error: --output: {output} is there already: add --overwrite, or name another\n"
    )


def test_a_manifest_and_a_set_of_records_are_embedded(workdir, tmp_path):
    Image.new("RGB", (20, 20), "teal").save(tmp_path / "a.png")
    (tmp_path / "works.csv").write_text("path,artist\na.png,Ann\n")
    listed = embed(
        workdir,
        f"--input={tmp_path}/works.csv",
        "--source=manifest",
        f"--output={tmp_path}/m.parquet",
    )
    assert listed.returncode == 0, listed.stderr
    assert pq.read_table(tmp_path / "m.parquet")["artist"].to_pylist() == ["Ann"]
    recorded = embed(workdir, f"--input={workdir}/records", f"--output={tmp_path}/r.parquet")
    assert recorded.stdout == f"{tmp_path}/r.parquet: 25 portraits\n"
    assert recorded.returncode == 0


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(workdir, tmp_path):
    wrong = [
        ["--input=nowhere"],
        ["--input=.", "--batch_size=0"],
        [f"--input={tmp_path}"],
        ["--input=.", "--output=codes.csv"],
        ["--input=.", "--output=README.md/codes.parquet"],
    ]
    given = ["export/embed.py", f"--workdir={workdir}", f"--output={tmp_path}/x.parquet"]
    for flags in wrong:
        code, output, said = call(*given, *flags)
        assert (code, output) == (2, "")
        (line,) = said.splitlines()
        assert line.startswith("error: ")
    assert list(tmp_path.iterdir()) == []


def test_whom_the_records_of_the_run_refuse_is_set_aside(tmp_path):
    workdir = make_run(tmp_path / "run")
    info = workdir / "records" / "info.json"
    content = json.loads(info.read_text("utf-8"))
    content["opt_outs"]["artists"] = ["手塚", "ann"]
    info.write_text(json.dumps(content), "utf-8")
    for artist in ("手塚", "eve"):
        (tmp_path / "in" / artist).mkdir(parents=True)
        Image.new("RGB", (20, 20), "teal").save(tmp_path / "in" / artist / "1.png")
    done = embed(workdir, f"--input={tmp_path}/in", f"--output={tmp_path}/x.parquet")
    assert done.returncode == 1, done.stderr
    refused = "rejected: on the opt-out list"
    assert f"set aside: {tmp_path}/in/手塚/1.png: {refused}" in done.stderr
    assert pq.read_table(tmp_path / "x.parquet")["artist"].to_pylist() == ["eve"]
    other = make_run(tmp_path / "other") / "records"
    done = embed(workdir, f"--input={other}", f"--output={tmp_path}/y.parquet")
    assert done.stdout == f"{tmp_path}/y.parquet: 16 portraits\n"


@pytest.mark.parametrize("both", [True, False])
def test_a_run_or_pretrained_maps_embed_and_not_both(workdir, both):
    asked = [f"--workdir={workdir}", "--encoder=pretrained"] if both else []
    done = call("export/embed.py", *asked, "--input=.", "--output=codes.parquet")
    assert done.returncode == 2
    received = "both" if both else "neither"
    assert done.stderr == (
        "error: expected either --workdir=RUN or --encoder=pretrained, received "
        f"{received}: give one of them\n"
    )
