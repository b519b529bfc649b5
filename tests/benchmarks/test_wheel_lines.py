"""Lines are typed as told: in order, in another folder, until their work is done."""

import time

import pytest

from anime_style_tf.commands import COMMANDS
from anime_style_tf.errors import InputError
from benchmarks.wheel_lines import FILES, LINES, Line, Shell
from tests.conventions.sources import ROOT


def typed(words, until=None, stays=False):
    return Line("somebody", "something", words, until, stays)


def test_a_line_is_typed_in_the_folder_without_this_projects_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with Shell(tmp_path) as shell:
        shell.type(typed('test -z "$PYTHONPATH" && echo written > a.txt'))
    assert (tmp_path / "a.txt").read_text() == "written\n"


def test_an_environments_programs_come_first(tmp_path):
    program = tmp_path / "environment" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\necho this one > which.txt\n")
    program.chmod(0o755)
    with Shell(tmp_path, tmp_path / "environment") as shell:
        shell.type(typed("python"))
    assert (tmp_path / "which.txt").read_text() == "this one\n"


def test_what_fails_is_an_error_with_its_last_words(tmp_path):
    with Shell(tmp_path) as shell:
        with pytest.raises(InputError, match=r"expected exit code 0, received 3.*no such thing"):
            shell.type(typed("echo no such thing; exit 3"))
        with pytest.raises(InputError, match="expected test -f there to succeed"):
            shell.type(typed("exit 1", until="test -f there", stays=True))


def test_a_line_that_stays_is_done_when_the_other_succeeds_and_ends_with_the_shell(tmp_path):
    with Shell(tmp_path) as shell:
        begun = time.monotonic()
        words = "sleep 0.3; touch there; while true; do touch alive; sleep 0.05; done"
        seconds = shell.type(typed(words, until="test -f there", stays=True))
        assert 0.3 <= seconds <= time.monotonic() - begun
    (tmp_path / "alive").unlink(missing_ok=True)
    time.sleep(0.2)
    assert not (tmp_path / "alive").exists()


def test_each_user_has_lines_and_each_command_exists():
    assert {line.user for line in LINES} == {"curator", "illustrator", "engineer", "operator"}
    commands = {line.typed.split()[1] for line in LINES if line.typed.startswith("anime-style ")}
    assert len(commands) > 6
    assert commands <= set(COMMANDS)
    for line in LINES:
        words = line.typed.split()
        assert words[0] != "python" or words[1] == "-c" or words[1] in FILES
