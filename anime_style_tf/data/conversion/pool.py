"""Renders artworks in other processes, in order; a work that fails is reported, never fatal.

The processes are started afresh (no fork: this one may hold TensorFlow's threads) and import
sources alone, without TensorFlow.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import functools
import itertools
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
import types
from concurrent.futures.process import BrokenProcessPool

from anime_style_tf.data.artwork import Artwork
from anime_style_tf.data.conversion.rendering import Rendered, render
from anime_style_tf.data.verdicts import UNREADABLE

_AHEAD = 48  # works for each process that may be handed out, or wait for those before them
_PREFETCHED = 1  # works that `concurrent.futures` queues beyond one for each process

# In a rendering process: held by its main thread but while it renders. There alone the process
# may end at any moment; elsewhere it may be using the pipe that all processes share.
_between_works = threading.Lock()


@dataclasses.dataclass
class _Task:
    artwork: Artwork
    future: concurrent.futures.Future | None = None  # None: to be handed out

    def lost(self):
        future = self.future
        return future is None or not future.done() or future.exception() is not None


def render_all(artworks, *, settings, workers, forbidden=frozenset()):
    """Renders artworks, each by itself, so that the last ones keep all processes busy, too.

    Closing it, or an exception, also ends the processes at once, whatever they are at.

    Args:
        artworks: iterable of `Artwork`; read only as far as the processes keep up.
        settings: a `Settings`.
        forbidden: SHA-256 of files never to be decoded, hexadecimal.
        workers: number of processes; 1 renders in this one, where a crash of a native renderer
            is fatal instead of an unreadable work.

    Yields:
        A `Rendered` for each artwork, in their order whatever the number of workers.
    """
    work = functools.partial(render, settings=settings, forbidden=forbidden)
    if workers == 1:
        yield from map(work, artworks)
        return
    artworks = iter(artworks)
    pending = collections.deque()
    with contextlib.ExitStack() as running:
        pool = running.enter_context(_started(workers))
        while True:
            room = _AHEAD * workers - len(pending)
            pending.extend(map(_Task, itertools.islice(artworks, room)))
            if not pending:
                return
            try:
                for task in pending:
                    task.future = task.future or _submit(pool, [task.artwork], work)
                (rendered,) = pending[0].future.result()
            except BrokenProcessPool:
                running.close()
                _settle(pending, work, suspects=2 * workers + _PREFETCHED)
                pool = running.enter_context(_started(workers))
            else:
                pending.popleft()
                yield rendered


def _settle(pending, work, *, suspects):
    """After a crash: renders apart what the processes had, the first of what is not done."""
    lost = [task for task in pending if task.lost()]
    rendered = _render_apart([task.artwork for task in lost[:suspects]], work)
    for task, result in itertools.zip_longest(lost, rendered):
        task.future = None
        if result is not None:
            task.future = concurrent.futures.Future()
            task.future.set_result([result])


def _render_apart(artworks, work):
    """Renders works in a process of their own, and halves of them if it crashes: which one?"""
    with _started(1) as pool:
        try:
            return _submit(pool, artworks, work).result()
        except BrokenProcessPool:
            if len(artworks) == 1:
                (artwork,) = artworks
                reason = "the process that read it crashed"
                return [Rendered(artwork, artwork.stamp(), verdict=UNREADABLE, reason=reason)]
    half = len(artworks) // 2
    return _render_apart(artworks[:half], work) + _render_apart(artworks[half:], work)


@contextlib.contextmanager
def _started(workers):
    """Processes that end when this does."""
    context = multiprocessing.get_context("spawn")
    ended, ending = context.Pipe(duplex=False)
    pool = concurrent.futures.ProcessPoolExecutor(
        workers, mp_context=context, initializer=_follow_the_parent, initargs=(ended,)
    )
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        ending.close()  # which each process sees, as it sees the end of this one
        ended.close()


def _follow_the_parent(ended):
    """In a new process: leave Ctrl-C to the parent, and end when the parent says so or ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _between_works.acquire()
    parent = multiprocessing.parent_process()

    def wait():
        multiprocessing.connection.wait([parent.sentinel, ended])
        while parent.is_alive() and not _between_works.acquire(timeout=0.1):
            pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def _render_here(artworks, work):
    """In a rendering process: renders works."""
    rendered = []
    for artwork in artworks:
        _between_works.release()
        try:
            rendered.append(work(artwork))
        finally:
            _between_works.acquire()
    return rendered


def _submit(pool, artworks, work):
    with _anonymous_main(artworks), _interrupts_blocked():
        return pool.submit(_render_here, artworks, work)


@contextlib.contextmanager
def _interrupts_blocked():
    """Processes that start inside leave Ctrl-C to this one from their first moment."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _anonymous_main(artworks):
    """Hides the main module while processes start: they would import it, with TensorFlow."""
    main = sys.modules["__main__"]
    if any(type(artwork).__module__ == "__main__" for artwork in artworks):
        yield
        return
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
