"""Runs a program as a user would, and says how long it took and how much memory."""

import dataclasses
import pathlib
import re
import resource
import subprocess
import threading
import time

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


def run(command, *, environment):
    """Runs a program to its end.

    Args:
        command: list of words.
        environment: dict, all of the program's environment.

    Returns:
        A `Finished`.

    Raises:
        RuntimeError: it failed; with the end of what it wrote.
    """
    started, cpu_before = time.perf_counter(), _children_cpu_seconds()
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
        raise RuntimeError(f"{' '.join(command)} exited with {process.returncode}:\n"
                           f"{errors[-2000:]}")  # fmt: skip
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
