"""How a run is told to stop."""

import contextlib
import signal
import threading


@contextlib.contextmanager
def sigterm_unwinds():
    """Lets SIGTERM unwind the stack, so that temporary files and worker processes go away.

    A training loop puts a handler of its own in this one's place while it runs, and saves
    first.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signal_number, frame):
        raise SystemExit(128 + signal_number)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
