"""Runs a program as a user would, and says how long it took and how much memory."""

import dataclasses
import os
import pathlib
import re
import resource
import subprocess
import sys
import threading
import time

from anime_style_tf.errors import InputError

ROOT = pathlib.Path(__file__).resolve().parents[1]
_LOOK_EVERY = 0.25  # seconds


@dataclasses.dataclass(frozen=True)
class Finished:
    """A program that has run.

    Attributes:
        seconds: from its start to its end, wall time.
        cpu_seconds: of all its processes that have ended and were waited for.
        main_mib: peak resident memory of its first process.
        workers_mib: sum of those of all processes that it started, each at its own peak.
        output: what it wrote to standard output.
    """

    seconds: float
    cpu_seconds: float
    main_mib: float
    workers_mib: float
    output: str


def contender(name, python=None):
    """Returns the words that start a program of `contenders/`.

    Args:
        name: of its module.
        python: another Python, which need not have what this project needs; None for this one.
    """
    if python is None:
        return [sys.executable, "-m", f"benchmarks.contenders.{name}"]
    return [python, str(ROOT / "benchmarks" / "contenders" / f"{name}.py")]


def run(command, *, variables=None):
    """Runs a program to its end.

    Args:
        command: list of words.
        variables: dict, of its environment beside this process' own and the path to this project.

    Returns:
        A `Finished`.

    Raises:
        InputError: it failed; with the last line of what it wrote.
    """
    started, cpu_before = time.perf_counter(), _children_cpu_seconds()
    environment = os.environ | {"PYTHONPATH": str(ROOT)} | (variables or {})
    process = subprocess.Popen(
        command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    peaks, over = {}, threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks, over))
    watcher.start()
    output, errors = process.communicate()
    seconds = time.perf_counter() - started
    over.set()
    watcher.join()
    if process.returncode:
        last = (errors.strip() or "nothing on standard error").splitlines()[-1]
        raise InputError(
            f"{' '.join(command)}: expected it to succeed, received exit code "
            f"{process.returncode}: {last}"
        )
    main = peaks.pop(process.pid, 0)
    cpu_seconds = _children_cpu_seconds() - cpu_before
    return Finished(seconds, cpu_seconds, main / 1024, sum(peaks.values()) / 1024, output)


def _children_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(root, peaks, over):
    """Keeps the peak of each process in KiB; a process that is gone keeps what was seen last."""
    while not over.wait(_LOOK_EVERY):
        for pid in family(root):
            status = _read(f"/proc/{pid}/status")
            if found := re.search(r"VmHWM:\s+(\d+) kB", status):
                peaks[pid] = int(found[1])


def family(root):
    """Returns the ids of a process and of all that it and they started (Linux)."""
    found = [root]
    for pid in found:
        for thread in pathlib.Path(f"/proc/{pid}/task").glob("*"):
            found += map(int, _read(thread / "children").split())
    return found


def _read(path):
    try:
        return pathlib.Path(path).read_text()
    except OSError:  # the process has ended
        return ""
