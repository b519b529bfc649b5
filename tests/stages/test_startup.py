import os
import subprocess
import sys

import pytest

from anime_style_tf.stages.startup import _standard_error_held_back


def test_tensorflow_starts_in_silence():
    program = (
        "from anime_style_tf.stages.startup import load_tensorflow\n"
        "load_tensorflow()\n"
        "import tensorflow as tf\n"
        "print(int(tf.reduce_sum(tf.ones(3))))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("3\n", "")


def test_what_was_written_is_shown_when_the_start_fails(capfd):
    def fail():
        os.write(2, b"libcuda is of another version\n")
        raise ImportError

    with pytest.raises(ImportError), _standard_error_held_back():
        fail()
    assert capfd.readouterr().err == "libcuda is of another version\n"


def test_standard_error_is_back_afterwards(capfd):
    with _standard_error_held_back():
        os.write(2, b"a note\n")
    os.write(2, b"an error\n")
    assert capfd.readouterr().err == "an error\n"
