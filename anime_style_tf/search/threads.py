"""Threads for work on blocks: one for each core, none of them starting more of its own."""

import concurrent.futures
import contextlib
import functools
import os
from collections.abc import Iterator

from threadpoolctl import ThreadpoolController


@contextlib.contextmanager
def threads() -> Iterator[concurrent.futures.Executor]:
    """Gives an executor with a thread for each core that this process may use.

    Matrix products inside keep to one thread each: blocks are many, and threads that start
    threads wait for one another.
    """
    with _libraries().limit(limits=1), concurrent.futures.ThreadPoolExecutor(cores()) as pool:
        yield pool


def cores() -> int:
    """How many threads of this process may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


@functools.cache
def _libraries():
    # Looking for the libraries takes milliseconds, as long as a search of a small set.
    return ThreadpoolController()
