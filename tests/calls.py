"""Calls commands as a user does, each in a process of its own.

Importing TensorFlow takes most of the time of a command that ends soon. So these processes are
forks of one that has imported what commands import and has not used it; what only a Python started
anew shows (which modules it imports, what their libraries write) is asked with `call_anew`.
"""

import contextlib
import multiprocessing
import os
import pathlib
import runpy
import subprocess
import sys
import tempfile
import traceback
import typing

from tests.conventions.sources import ROOT

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["tests.imported_once"])


class Ended(typing.NamedTuple):
    """How a command ended; the names are those of `subprocess.CompletedProcess`."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def said(self):
        """All that was written."""
        return self.stdout + self.stderr


class Running:
    """A command that has been started.

    Args:
        words: those after `python`: a script, `-m` and a module, or `-c` and a program; then flags.
        folder: where the process is.
        environment: variables beside those of this process.
    """

    def __init__(self, *words, folder=ROOT, environment=None):
        self._said = tempfile.TemporaryDirectory()
        self._outputs = [pathlib.Path(self._said.name, kind) for kind in ("stdout", "stderr")]
        variables = os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {})
        words = list(map(str, words))
        self._process = _FORKS.Process(
            target=_run, args=(words, str(folder), variables, list(map(str, self._outputs)))
        )
        with _level_of_log_lines("3"):  # as `load_tensorflow` sets it
            self._process.start()
        self.pid = self._process.pid

    def has_ended(self):
        """Whether the process is over."""
        return not self._process.is_alive()

    def send_signal(self, number):
        """Sends a signal to the process."""
        os.kill(self.pid, number)

    def end(self, timeout=600):
        """Waits for the end.

        Args:
            timeout: seconds, after which the process is killed and a `TimeoutError` raised.

        Returns:
            An `Ended`.
        """
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            raise TimeoutError(f"a command runs for more than {timeout} s")
        said = [path.read_bytes().decode("utf-8", "surrogateescape") for path in self._outputs]
        self._said.cleanup()
        return Ended(self._process.exitcode, *said)


def call(*words, **how):
    """Runs a command to its end; see `Running`. Returns an `Ended`."""
    return Running(*words, **how).end()


def call_anew(*words):
    """Runs a Python that is started anew in the repository's root. Returns an `Ended`."""
    ended = subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT, env=_variables_of_a_user(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def _variables_of_a_user():
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    variables.pop("TF_CPP_MIN_LOG_LEVEL", None)
    return variables


@contextlib.contextmanager
def _level_of_log_lines(level):
    """The process that is forked takes the variable of its first start for good."""
    before = os.environ.get("TF_CPP_MIN_LOG_LEVEL")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = level
    try:
        yield
    finally:
        os.environ.pop("TF_CPP_MIN_LOG_LEVEL")
        if before is not None:
            os.environ["TF_CPP_MIN_LOG_LEVEL"] = before


def _run(words, folder, variables, outputs):
    for number, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND), number)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(folder)
    kind = words[0] if words[0] in ("-m", "-c") else "script"
    if kind == "script":
        words = ["script", *words]
    what, sys.argv = words[1], words[1:]
    code = 0
    try:
        if kind == "-m":
            runpy.run_module(what, run_name="__main__", alter_sys=True)
        elif kind == "-c":
            sys.argv[0] = "-c"
            exec(compile(what, "<string>", "exec"), {"__name__": "__main__"})
        else:
            runpy.run_path(what, run_name="__main__")
    except SystemExit as end:
        code = end.code or 0
        if isinstance(code, str):
            sys.stderr.write(f"{code}\n")
            code = 1
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    # `multiprocessing` would wait for the processes of a pool before the pool can tell them to end.
    os._exit(code)
