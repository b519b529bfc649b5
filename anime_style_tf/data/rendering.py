"""Renders artworks in other processes, in order; a work that fails is reported, never fatal.

The processes are started afresh (no fork: this one may hold TensorFlow's threads) and import
sources alone, without TensorFlow.
"""

import collections
import concurrent.futures
import contextlib
import dataclasses
import itertools
import json
import multiprocessing
import os
import signal
import sys
import threading
import types
from concurrent.futures.process import BrokenProcessPool

from anime_style_tf.data.artwork import Artwork, DamagedArtworkError
from anime_style_tf.data.pictures import encode_png

_CHUNK = 16  # works sent to a process at once


@dataclasses.dataclass(frozen=True)
class Rendered:
    """A work after rendering: either the encoded picture, or the reason why there is none.

    Args:
        artwork: what was rendered.
        image_png: PNG, sRGB; None if it failed.
        coverage_png: PNG, one channel; None if it failed.
        factors: JSON object; None if it failed.
        reason: why the work is unusable; None if it is fine.
    """

    artwork: Artwork
    image_png: bytes | None = None
    coverage_png: bytes | None = None
    factors: str | None = None
    reason: str | None = None


def render(artwork, image_size):
    """Renders one artwork in this process; what is wrong with it is in the result."""
    try:
        picture = artwork.render(image_size)
        return Rendered(
            artwork,
            image_png=encode_png(picture.image),
            coverage_png=encode_png(picture.coverage),
            factors=json.dumps(picture.factors, sort_keys=True),
        )
    except DamagedArtworkError as error:
        return Rendered(artwork, reason=" ".join(str(error).split()))
    except MemoryError:
        return Rendered(artwork, reason="not enough memory to render it")


def render_all(artworks, *, image_size, workers):
    """Renders artworks.

    Args:
        artworks: iterable of `Artwork`; read only as far as the processes keep up.
        image_size: height and width in pixels.
        workers: number of processes; 1 renders in this one, where a crash of a native renderer
            is fatal instead of a work set aside.

    Yields:
        A `Rendered` for each artwork, in their order whatever the number of workers.
    """
    if workers == 1:
        for artwork in artworks:
            yield render(artwork, image_size)
        return
    artworks = iter(artworks)
    pool = _start(workers)
    pending = collections.deque()
    try:
        while True:
            while len(pending) < 3 * workers:
                chunk = list(itertools.islice(artworks, _CHUNK))
                if not chunk:
                    break
                pending.append((chunk, _submit(pool, chunk, image_size)))
            if not pending:
                return
            chunk, future = pending.popleft()
            try:
                yield from future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                for interrupted in [chunk, *(later for later, _ in pending)]:
                    yield from _render_apart(interrupted, image_size)
                pending.clear()
                pool = _start(workers)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _render_chunk(chunk, image_size):
    return [render(artwork, image_size) for artwork in chunk]


def _render_apart(chunk, image_size):
    """Renders works in a process of their own, and halves of them if it crashes: which one?"""
    with _start(1) as pool:
        try:
            return _submit(pool, chunk, image_size).result()
        except BrokenProcessPool:
            if len(chunk) == 1:
                return [Rendered(chunk[0], reason="the rendering process crashed on it")]
    half = len(chunk) // 2
    return _render_apart(chunk[:half], image_size) + _render_apart(chunk[half:], image_size)


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


def _submit(pool, chunk, image_size):
    with _anonymous_main(chunk):
        return pool.submit(_render_chunk, chunk, image_size)


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
