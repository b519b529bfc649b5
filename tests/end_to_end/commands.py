"""Starts the command as a user does."""

import os
import subprocess
import sys

from tests.conventions.sources import ROOT


def started(workdir, stage, *words, program=("-m", "anime_style_tf")):
    """A running process of a stage of the preset `smoke`."""
    return subprocess.Popen(
        [
            *(sys.executable, *program, "--config=configs/smoke.py"),
            *(f"--workdir={workdir}", f"--stage={stage}", *words),
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "TF_CPP_MIN_LOG_LEVEL"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(workdir, stage, *words, program=("-m", "anime_style_tf")):
    """Exit code and everything said."""
    with started(workdir, stage, *words, program=program) as running:
        said = running.communicate()[0]
    return running.returncode, said
