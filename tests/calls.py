"""Calls tools as a user does."""

import json
import os
import subprocess
import sys
import tempfile
import typing

from tests.conventions.sources import ROOT

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}
ENVIRONMENT.pop("TF_CPP_MIN_LOG_LEVEL", None)
# Importing takes most of the time of a command that ends at once: all have it from one process.
_ONE_AFTER_ANOTHER = """
import json, os, runpy, sys, traceback
import keras, sklearn.neighbors, tensorflow
for place, (name, *words) in enumerate(json.loads(sys.argv[1])):
    process = os.fork()
    if not process:
        for number, kind in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{sys.argv[2]}/{place}.{kind}", os.O_CREAT | os.O_WRONLY), number)
        sys.argv, code = [name, *words], 0
        try:
            if name.endswith(".py"):
                runpy.run_path(name, run_name="__main__")
            else:
                runpy.run_module(name, run_name="__main__", alter_sys=True)
        except SystemExit as end:
            code = end.code or 0
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        os._exit(code)  # TensorFlow takes seconds to end in a fork
    _, status = os.waitpid(process, 0)
    with open(f"{sys.argv[2]}/{place}.code", "w") as file:
        file.write(str(os.waitstatus_to_exitcode(status)))
"""


class Ended(typing.NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


def call(*arguments):
    """Runs Python with some words in the repository's root; returns what `subprocess.run` does."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], cwd=ROOT, env=ENVIRONMENT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def call_one_after_another(commands):
    """Runs commands that end before they compute much: `--help`, or a refusal.

    Args:
        commands: list of `[script or module, *words]`.

    Returns:
        An `Ended` for each.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = json.dumps([[str(word) for word in command] for command in commands])
        subprocess.run(
            [sys.executable, "-c", _ONE_AFTER_ANOTHER, words, folder],
            cwd=ROOT, env=ENVIRONMENT | {"TF_CPP_MIN_LOG_LEVEL": "3"},
            check=True, capture_output=True, timeout=600,
        )  # fmt: skip

        def written(place, kind):
            with open(f"{folder}/{place}.{kind}", encoding="utf-8") as file:
                return file.read()

        return [
            Ended(int(written(place, "code")), written(place, "out"), written(place, "err"))
            for place in range(len(commands))
        ]
