import pathlib
import signal
import subprocess
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).parents[1]
PRESET = """
from ml_collections import ConfigDict

def get_config():
    return ConfigDict({
        "name": "tiny", "image_size": 16, "precision": "float32", "seed": 0,
        "records": {
            "source": "folder",
            "source_options": {"path": "nowhere"},
            "writer": {"image_size": 16},
        },
        "style": {"fit": {"steps": 3, "rate": 0.5}},
    })
"""


@pytest.fixture
def preset(tmp_path):
    path = tmp_path / "tiny.py"
    path.write_text(PRESET)
    return f"--config={path}"


def anime_style(*words):
    ended = subprocess.run(
        [sys.executable, "-m", "anime_style_tf", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--config.stile.fit.steps=1"], "did you mean --config.style.fit.steps?"),
        (["--config.style.fit.setps=1"], "did you mean --config.style.fit.steps?"),
        (
            ["--config.style.fit.steps=many"],
            "flag --config.style.fit.steps=many: invalid literal",
        ),
        (["--stage=gan"], "the configuration has no gan, which stage gan reads"),
        (
            ["--stage=gun"],
            "should be one of <records|style|content|gan|evaluate|explore|index|export|",
        ),
        (["--stge=gan"], "Unknown command line flag 'stge'"),
        (["style"], "only flags are expected, received 'style'"),
        (["--stage=style"], "needs the results of stage records"),
        (["--stage=evaluate"], "the configuration has no evaluate"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(preset, tmp_path, words, message):
    code, said = anime_style(preset, f"--workdir={tmp_path / 'run'}", *words)
    assert code == 2
    assert said.count("\n") == 1
    assert said.startswith("error: ")
    assert message in said


def test_a_folder_of_artworks_that_is_not_there_is_named(preset, tmp_path):
    code, said = anime_style(preset, f"--workdir={tmp_path / 'run'}", "--stage=records")
    assert code == 2
    assert said.splitlines()[-1] == (
        "error: no artworks: expected a folder, a .zip or a .tar at nowhere, received no "
        "such file; give its path (--input, --root or source_options)"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--config=missing.py", "--workdir=x"], "which is not there: give one of configs/"),
        (["--workdir=x"], "--config is missing: give"),
    ],
)
def test_a_missing_configuration_is_one_line_and_exit_code_2(words, message):
    code, said = anime_style(*words)
    assert (code, said.count("\n")) == (2, 1)
    assert message in said


def test_a_missing_workdir_is_one_line_and_exit_code_2(preset):
    code, said = anime_style(preset)
    assert (code, said.count("\n")) == (2, 1)
    assert "--workdir is missing: give" in said


def test_help_and_mistakes_do_not_wait_for_tensorflow():
    program = (
        "import sys\n"
        "import anime_style_tf.__main__\n"
        "print(sorted({'keras', 'matplotlib', 'sklearn', 'tensorflow'} & {*sys.modules}))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ended.stdout == "[]\n"


INSTALLED = "from anime_style_tf.terminal.command_line import run_as_module; run_as_module()"


@pytest.mark.parametrize("way", [["-m", "anime_style_tf"], ["-c", INSTALLED]])
def test_help_names_the_flags_however_the_command_was_started(way):
    ended = subprocess.run(
        [sys.executable, *way, "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    for flag in ("--config", "--workdir", "--stage", "--[no]overwrite"):
        assert flag in ended.stdout


def test_sigterm_while_a_stage_runs_exits_with_143_and_says_how_to_go_on(preset, tmp_path):
    program = (
        "import signal, sys, types\n"
        "wait = types.SimpleNamespace(run=lambda config, workdir: signal.pause())\n"
        "sys.modules['anime_style_tf.stages.records'] = wait\n"
        "from anime_style_tf.__main__ import main\n"
        "main()\n"
    )
    words = [preset, f"--workdir={tmp_path / 'run'}", "--stage=records"]
    with subprocess.Popen(
        [sys.executable, "-c", program, *words], cwd=ROOT, stderr=subprocess.PIPE, text=True
    ) as running:
        deadline = time.monotonic() + 120
        while not (tmp_path / "run" / "records" / "config.json").exists():
            assert running.poll() is None, running.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=60)[1]
    assert running.returncode == 143
    assert "the same command resumes from here" in said
    assert said.splitlines()[-1].strip().endswith(" ".join(words))
