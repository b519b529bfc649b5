import os
import pathlib
import re
import shlex
import subprocess
import sys
import types

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import paths, there
from tests.conventions.sources import ROOT

TOOL = """
from absl import flags
from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool

WHERE = flags.DEFINE_string("where", None, "A place.", required=True)


def main():
    if WHERE.value == "stopped":
        raise KeyboardInterrupt
    if WHERE.value.endswith("/"):
        open(WHERE.value)
    if WHERE.value == "nowhere":
        raise InputError("no such place: expected one,\\nreceived none")
    if WHERE.value == "fault":
        raise TypeError("the author\\nerred")
    if WHERE.value == "names":
        print("caf\\udce9 \\u5c71\\u7530")
        raise InputError("no artist caf\\udce9\\x1b[2J: expected another")
    return int(WHERE.value)


if __name__ == "__main__":
    run_tool(main)
"""


def given(value):
    """A flag `--images` of that value."""
    return types.SimpleNamespace(name="images", value=value)


@pytest.fixture(scope="module")
def tool(tmp_path_factory):
    path = tmp_path_factory.mktemp("tool") / "tool.py"
    path.write_text(TOOL)

    def call(*words):
        return subprocess.run(
            [sys.executable, path, *words], cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False, encoding="utf-8",
        )  # fmt: skip

    return call


@pytest.mark.parametrize("code", [0, 1, 3])
def test_the_exit_code_is_what_the_tool_returns(tool, code):
    done = tool(f"--where={code}")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--where=configs/"], "cannot use configs/: Is a directory"),
        (["--where=nowhere"], "no such place: expected one, received none"),
        (["--where=1", "--whither=2"], "Unknown command line flag 'whither'"),
        (["--where=1", "there"], "only flags are expected, received 'there': see --help"),
    ],
)
def test_what_the_user_can_fix_is_one_line_and_exit_code_2(tool, words, message):
    done = tool(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {message}\n"


def test_a_flag_that_is_missing_is_named(tool):
    done = tool()
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line == "error: flag --where is required: see --help"


def test_stopped_it_says_so_in_one_line(tool):
    done = tool("--where=stopped")
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "interrupted; each file is written whole or not at all\n"


def test_a_path_may_have_commas_and_several_are_separated_by_them(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a, b.png").touch()
    assert paths(given(["a, b.png", "c.png, d.png"])) == ["a, b.png", "c.png", "d.png"]
    assert paths(given(['"a, b.png",c.png'])) == ["a, b.png", "c.png"]
    assert paths(given([""])) == paths(given(None)) == []
    many = ["a, b.png", ",".join(["x" * 100] * 60)]  # too long for a name
    assert paths(given(many)) == ["a, b.png", *["x" * 100] * 60]


def test_paths_of_which_none_is_there_are_refused_and_some_are_named(tmp_path):
    (tmp_path / "a.png").touch()
    gone = [str(tmp_path / f"gone_{number}.png") for number in range(5)]
    with pytest.raises(
        InputError, match=r"--images: .* .*gone_0.png, .*gone_2.png and 2 more: no such"
    ):
        paths(given(gone))
    with pytest.raises(InputError, match=r"--images: expected a path .*gone_0.png: no such"):
        there(given(gone[0]))
    assert there(given(None)) is None
    assert there(given(str(tmp_path / "a.png"))) == str(tmp_path / "a.png")


def test_a_fault_of_the_program_is_one_line_that_names_the_file_with_its_traceback(tool):
    done = tool("--where=fault")
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: unexpected TypeError: the author: a fault of this program")
    kept = pathlib.Path(re.search(r"and (\S+) says where", line)[1])
    assert "in main" in kept.read_text()
    assert "TypeError: the author" in kept.read_text()
    kept.unlink()


def test_what_a_terminal_cannot_print_is_escaped(tool):
    done = tool("--where=names")
    assert done.stdout == "caf\\udce9 \u5c71\u7530\n"
    assert done.stderr == "error: no artist caf\\udce9\\x1b[2J: expected another\n"
    assert done.returncode == 2


def test_a_reader_that_has_read_enough_is_no_error(tool, tmp_path):
    program = TOOL.replace("return int(WHERE.value)", 'print("line\\n" * 100_000)')
    (tmp_path / "tool.py").write_text(program)
    ended = subprocess.run(
        f"{shlex.quote(sys.executable)} {tmp_path / 'tool.py'} --where=1 | head -n 1",
        shell=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.stdout, ended.stderr) == ("line\n", "")
