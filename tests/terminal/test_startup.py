import os
import subprocess
import sys

import pytest

from anime_style_tf.terminal.startup import _standard_error_held_back


def test_tensorflow_starts_in_silence():
    program = (
        "from anime_style_tf.terminal.startup import load_tensorflow\n"
        "load_tensorflow()\n"
        "import tensorflow as tf\n"
        "print(int(tf.reduce_sum(tf.ones(3))))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert (ended.stdout, ended.stderr) == ("3\n", "")


LOGS = """
import logging, sys
from absl import app
from anime_style_tf.terminal.startup import load_tensorflow, log_own_lines
from anime_style_tf.stages.run import logging as ours

def say(_):
    log_own_lines()
    load_tensorflow()
    import tensorflow as tf
    tf.get_logger().warning("a note of TensorFlow")
    logging.getLogger("absl").info("a note of Keras")
    tf.get_logger().error("an error of TensorFlow")
    exec(compile("ours.info('a line of ours')", OURS, "exec"), {"ours": ours})

OURS = sys.modules["anime_style_tf.stages.run"].__file__
app.run(say)
"""


def test_of_what_others_log_only_errors_are_shown():
    ended = subprocess.run([sys.executable, "-c", LOGS], capture_output=True, text=True, check=True)
    assert ended.stderr.splitlines() == ["an error of TensorFlow", "a line of ours"]


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
