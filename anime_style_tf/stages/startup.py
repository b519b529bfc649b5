"""Starts TensorFlow without the notes that it writes before any setting can stop them."""

import contextlib
import importlib
import os
import sys
import tempfile


def load_tensorflow():
    """Imports TensorFlow and finds its devices; what that writes is shown only if it fails.

    The notes (no GPU found, oneDNN is on) come from static initializers of its libraries,
    before `TF_CPP_MIN_LOG_LEVEL` has a say; that level quiets what comes later.
    """
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    with _standard_error_held_back():
        importlib.import_module("tensorflow").config.list_physical_devices()


@contextlib.contextmanager
def _standard_error_held_back():
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)
