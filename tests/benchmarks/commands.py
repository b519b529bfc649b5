"""Benchmarks run as a user runs them."""

import os
import subprocess
import sys

from tests.conventions.sources import ROOT

# Archives of a test have fewer drawings of each artist than a benchmark asks for.
_OF_FEW_DRAWINGS = """
import runpy
from benchmarks import emoji_drawings
emoji_drawings.LEAST_DRAWINGS = 4
runpy.run_module("benchmarks.{name}", run_name="__main__")
"""


def words_of(name, *words, few_drawings=False):
    """The command of a benchmark."""
    start = (
        ["-c", _OF_FEW_DRAWINGS.format(name=name)] if few_drawings else ["-m", f"benchmarks.{name}"]
    )
    return [sys.executable, *start, *map(str, words)]


def environment():
    places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(places), "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(name, *words, few_drawings=False, code=0):
    """Runs a benchmark to its end, which must have the exit code."""
    ended = subprocess.run(
        words_of(name, *words, few_drawings=few_drawings),
        env=environment(), capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert ended.returncode == code, ended.stderr
    return ended
