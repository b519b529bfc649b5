"""Renders artworks in other processes, in order; a work that fails is reported, never fatal.

The processes are started afresh (no fork: this one may hold TensorFlow's threads) and import
sources alone, without TensorFlow.
"""

import collections
import concurrent.futures
import contextlib
import functools
import itertools
import multiprocessing
import os
import signal
import sys
import threading
import types
from concurrent.futures.process import BrokenProcessPool

from anime_style_tf.data.rendering import Rendered, render
from anime_style_tf.data.verdicts import UNREADABLE

_CHUNK = 16  # works sent to a process at once


def render_all(artworks, *, settings, workers, forbidden=frozenset()):
    """Renders artworks.

    Args:
        artworks: iterable of `Artwork`; read only as far as the processes keep up.
        settings: a `Settings`.
        forbidden: SHA-256 of files never to be decoded, hexadecimal.
        workers: number of processes; 1 renders in this one, where a crash of a native renderer
            is fatal instead of a work set aside.

    Yields:
        A `Rendered` for each artwork, in their order whatever the number of workers.
    """
    if workers == 1:
        for artwork in artworks:
            yield render(artwork, settings, forbidden)
        return
    artworks = iter(artworks)
    work = functools.partial(render, settings=settings, forbidden=forbidden)
    pool = _start(workers)
    pending = collections.deque()
    try:
        while True:
            while len(pending) < 3 * workers:
                chunk = list(itertools.islice(artworks, _CHUNK))
                if not chunk:
                    break
                pending.append((chunk, _submit(pool, chunk, work)))
            if not pending:
                return
            chunk, future = pending.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                for interrupted in [chunk, *(later for later, _ in pending)]:
                    yield from _render_apart(interrupted, work)
                pending.clear()
                pool = _start(workers)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _render_chunk(chunk, work):
    return [work(artwork) for artwork in chunk]


def _render_apart(chunk, work):
    """Renders works in a process of their own, and halves of them if it crashes: which one?"""
    with _start(1) as pool:
        try:
            return _submit(pool, chunk, work).result()
        except BrokenProcessPool:
            if len(chunk) == 1:
                (artwork,) = chunk
                reason = "the process that read it crashed"
                return [Rendered(artwork, artwork.stamp(), verdict=UNREADABLE, reason=reason)]
    half = len(chunk) // 2
    return _render_apart(chunk[:half], work) + _render_apart(chunk[half:], work)


def _start(workers):
    context = multiprocessing.get_context("spawn")
    return concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_follow_the_parent
    )


def _follow_the_parent():
    """In a new process: leave Ctrl-C to the parent, and end if the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def wait():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _submit(pool, chunk, work):
    with _anonymous_main(chunk), _interrupts_blocked():
        return pool.submit(_render_chunk, chunk, work)


@contextlib.contextmanager
def _interrupts_blocked():
    """Processes that start inside leave Ctrl-C to this one from their first moment."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _anonymous_main(chunk):
    """Hides the main module while processes start: they would import it, with TensorFlow."""
    main = sys.modules["__main__"]
    if any(type(artwork).__module__ == "__main__" for artwork in chunk):
        yield
        return
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
