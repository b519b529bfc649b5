"""What reaches the user's terminal: our own lines, and TensorFlow's only if something fails."""

import contextlib
import importlib
import os
import pathlib
import sys
import tempfile

from absl import logging

_PACKAGE = pathlib.Path(__file__).parents[1]


def read_all_as_utf8():
    """Starts this command again in Python's UTF-8 mode where the locale is of another encoding.

    Words of the command, names of files and what is printed are then UTF-8, here and in worker
    processes: with any other encoding a name would not be the one that is on a list.
    """
    if sys.getfilesystemencoding() != "utf-8":
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def log_own_lines():
    """Writes what this package logs as plain lines, and of what others log only their errors."""
    logging.set_verbosity(logging.INFO)
    handler = logging.get_absl_handler()
    handler.setFormatter(None)
    handler.addFilter(
        lambda record: (
            record.levelno > logging.converter.STANDARD_WARNING
            or _PACKAGE in pathlib.Path(record.pathname).parents
        )
    )


def load_tensorflow():
    """Imports TensorFlow and finds its devices; what that writes is shown only if it fails.

    The notes (no GPU found, oneDNN is on) come from static initializers of its libraries,
    before `TF_CPP_MIN_LOG_LEVEL` has a say; that level quiets what comes later. Errors are raised
    in Python, too; the error lines of its native code are about its own fallbacks.
    """
    if "tensorflow" in sys.modules:
        return
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
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
