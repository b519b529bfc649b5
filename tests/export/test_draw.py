import pytest
from PIL import Image

from tests.calls import call
from tests.export.readme import readme_command
from tests.library.drawable import make_drawable


@pytest.fixture(scope="module")
def workdir(tmp_path_factory):
    return make_drawable(tmp_path_factory.mktemp("run"))


def test_pictures_are_drawn_and_a_broken_one_makes_the_exit_code_1(workdir, tmp_path):
    for name, color in (("a", "teal"), ("b", "gold")):
        Image.new("RGB", (20, 20), color).save(tmp_path / f"{name}.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    images = ",".join(f"{tmp_path}/{name}.png" for name in ("a", "b", "bad"))
    asked = readme_command(
        "export/draw.py", workdir=workdir, images=images, output=tmp_path / "out"
    )
    done = call(*asked)
    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[0] == f"pictures drawn: 4, in {tmp_path}/out"
    assert done.stderr.splitlines()[-1].startswith(f"set aside: {tmp_path}/bad.png: unreadable")
    assert (tmp_path / "out" / "b_png_in_the_style_of_a_png.png").is_file()


def test_either_a_run_or_the_pretrained_model_draws(tmp_path):
    for given in ([], ["--workdir=x", "--pretrained"]):
        done = call("export/draw.py", "--what=generate", f"--output={tmp_path}", *given)
        assert (done.returncode, done.stdout) == (2, "")
        assert "error: expected either --workdir=RUN or --pretrained" in done.stderr


def test_what_the_user_can_fix_is_one_line_and_exit_code_2(workdir, tmp_path):
    done = call("export/draw.py", f"--workdir={workdir}", "--what=edit", f"--output={tmp_path}/out")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("error: --shift: expected dimension:standard")
