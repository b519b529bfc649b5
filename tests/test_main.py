import os
import pathlib
import re
import signal
import subprocess
import sys
import time

import pytest

import anime_style_tf
from anime_style_tf.commands import COMMANDS
from tests.calls import call

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
    ended = call("-m", "anime_style_tf", *words)
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
        (
            ["--config=missing.py", "--workdir=x"],
            "which is not there: give one of collection, demo, ",
        ),
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


@pytest.mark.parametrize(
    "words",
    [
        "draw --workdir=nowhere --what=generate --output=out",
        "draw --pretrained --what=grid --images=nowhere,a.png --output=out",
        "embed --encoder=pretrained --input=nowhere --output=out.parquet",
        "enroll --workdir=nowhere --list",
        "inspect --records=nowhere",
        "query --gallery=nowhere --images=a.png --output=out",
        "review --records=nowhere",
        "serve --workdir=nowhere",
    ],
)
def test_a_path_that_is_not_there_is_named_before_tensorflow_is_loaded(words):
    program = (
        "import sys\n"
        "from anime_style_tf.__main__ import main\n"
        "try:\n"
        "    main()\n"
        "finally:\n"
        "    print('tensorflow' in sys.modules)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, *words.split()], cwd=ROOT, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "False\n")
    assert re.fullmatch(r"error: --\w+: expected .* there, received nowhere.*\n", ended.stderr)


def test_help_of_the_command_names_all_that_can_be_done_within_a_second():
    started = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-m", "anime_style_tf", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert time.monotonic() - started < 1 or os.getloadavg()[0] > os.cpu_count()
    listed = re.findall(r"^  ([\w-]+)  +\S", ended.stdout, re.MULTILINE)
    assert listed == list(COMMANDS)


def test_every_command_lists_its_flags():
    named = [call("-m", "anime_style_tf", name, "--help") for name in COMMANDS]
    flags_alone = call("-m", "anime_style_tf", "--stage=gan", "--help")
    for name, ended in zip(COMMANDS, named, strict=True):
        assert ended.returncode == 0
        assert f"`anime-style {name} " in ended.stdout.splitlines()[0]
        assert f"\nanime-style {name}:\n  --" in ended.stdout
    assert flags_alone.stdout == named[0].stdout


def test_a_command_of_no_such_name_is_answered_with_the_right_one():
    assert anime_style("qury") == (
        2, "error: anime-style has no command 'qury': did you mean query?\n"
    )  # fmt: skip
    code, said = anime_style("zzzz")
    assert (code, said.count("\n")) == (2, 1)
    assert said.endswith(f"there are {', '.join(COMMANDS)}\n")


def test_the_version_is_that_of_the_package():
    ended = subprocess.run(
        [sys.executable, "-m", "anime_style_tf", "--version"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert ended.stdout == f"anime_style_tf {anime_style_tf.__version__}\n"


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
