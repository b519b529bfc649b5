"""Benchmarks run as a user runs them."""

import json
import os
import subprocess
import sys
import typing

from tests.conventions.sources import ROOT

# Archives of a test have fewer drawings of each artist than a benchmark asks for.
_OF_FEW_DRAWINGS = """
import runpy
from benchmarks import emoji_drawings
emoji_drawings.LEAST_DRAWINGS = 4
runpy.run_module("benchmarks.{name}", run_name="__main__")
"""
# TensorFlow is imported once; what cannot be used is refused before any of it computes.
_ONE_AFTER_ANOTHER = """
import json, os, runpy, sys
import keras, sklearn.neighbors, tensorflow
from anime_style_tf.evaluation.uncertainty import calibration
from anime_style_tf.stages import fitting
for place, (name, *words) in enumerate(json.loads(sys.argv[1])):
    process = os.fork()
    if not process:
        for number, kind in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{sys.argv[2]}/{place}.{kind}", os.O_CREAT | os.O_WRONLY), number)
        sys.argv = [f"benchmarks/{name}.py", *words]
        runpy.run_module(f"benchmarks.{name}", run_name="__main__", alter_sys=True)
        sys.exit()
    _, status = os.waitpid(process, 0)
    with open(f"{sys.argv[2]}/{place}.code", "w") as file:
        file.write(str(os.waitstatus_to_exitcode(status)))
"""


class Ended(typing.NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


def words_of(name, *words, few_drawings=False):
    """The command of a benchmark."""
    start = (
        ["-c", _OF_FEW_DRAWINGS.format(name=name)] if few_drawings else ["-m", f"benchmarks.{name}"]
    )
    return [sys.executable, *start, *map(str, words)]


def environment():
    return os.environ | {"PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(name, *words, few_drawings=False, code=0):
    """Runs a benchmark to its end, which must have the exit code."""
    ended = subprocess.run(
        words_of(name, *words, few_drawings=few_drawings),
        env=environment(), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    return ended


def run_one_after_another(commands, folder):
    """Runs commands that end before they measure anything, such as `--help`.

    Args:
        commands: list of `[name, *words]`.
        folder: an empty one for what they write.

    Returns:
        An `Ended` for each.
    """
    subprocess.run(
        [sys.executable, "-c", _ONE_AFTER_ANOTHER, json.dumps(commands), str(folder)],
        env=environment(), cwd=ROOT, check=True, timeout=600,
    )  # fmt: skip
    return [
        Ended(int((folder / f"{place}.code").read_text()),
              *((folder / f"{place}.{kind}").read_text() for kind in ("out", "err")))
        for place in range(len(commands))
    ]  # fmt: skip
