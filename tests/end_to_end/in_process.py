"""Calls commands one after the other in one process, in which TensorFlow starts once.

`python -m tests.end_to_end.in_process` reads a JSON list of commands from standard input, each a
list of words, and prints a JSON list with exit code, standard output and standard error of each.
"""

import contextlib
import io
import json
import runpy
import sys
import traceback

from absl import app, flags

MAIN = "anime_style_tf"
app.define_help_flags()
_OWN_FLAGS = set(flags.FLAGS)


def call(command, words):
    """Runs a command in this process.

    Args:
        command: path of a script, or `MAIN`.
        words: what is typed after it.

    Returns:
        `(code, output, errors)`.
    """
    for name in set(flags.FLAGS) - _OWN_FLAGS:  # those of the command before
        delattr(flags.FLAGS, name)
    for name in [name for name in sys.modules if name.startswith(f"{MAIN}.commands.")]:
        del sys.modules[name]  # it is read anew, and its flags with it
    sys.argv = [command, *words]
    outputs = [io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2)]
    with contextlib.redirect_stdout(outputs[0]), contextlib.redirect_stderr(outputs[1]):
        try:
            if command == MAIN:
                runpy.run_module(command, run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(command, run_name="__main__")
            code = 0
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:
            traceback.print_exc()
            code = 1
    return code, *(output.buffer.getvalue().decode() for output in outputs)


if __name__ == "__main__":
    outcomes = [call(command, words) for command, *words in json.load(sys.stdin)]
    json.dump(outcomes, sys.stdout)
