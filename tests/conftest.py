import os
import sys

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
if "PYTEST_XDIST_WORKER" in os.environ:  # each process of tests, and what it starts, has one core
    for name in ("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS"):
        os.environ.setdefault(name, "1")

# Folders whose tests share what is made once a session, or a port, or are killed at a moment.
TOGETHER = {"attribution", "end_to_end", "export", "faces", "figures"}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Where tests run in several processes, keeps a file or folder in one, and the slow first."""
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        folder = item.path.parent.name
        item.add_marker(pytest.mark.xdist_group(folder if folder in TOGETHER else str(item.path)))
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(autouse=True)
def leave_the_dtype_policy_as_it_was():
    """A test may set a global policy; the next one starts from float32."""
    yield
    keras = sys.modules.get("keras")
    if hasattr(keras, "config"):
        keras.config.set_dtype_policy("float32")
