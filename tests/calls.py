"""Calls tools as a user does."""

import os
import subprocess
import sys

from tests.conventions.sources import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENVIRONMENT.pop("TF_CPP_MIN_LOG_LEVEL", None)


def call(*arguments):
    """Runs Python with some words in the repository's root; returns what `subprocess.run` does."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=ENVIRONMENT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
