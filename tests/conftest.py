import os
import sys

import pytest

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@pytest.fixture(autouse=True)
def leave_the_dtype_policy_as_it_was():
    """A test may set a global policy; the next one starts from float32."""
    yield
    keras = sys.modules.get("keras")
    if hasattr(keras, "config"):
        keras.config.set_dtype_policy("float32")
