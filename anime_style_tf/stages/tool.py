"""Runs a tool: a command that takes flags only."""

import contextlib
import csv
import os
import re
import sys

from absl import app, flags

from anime_style_tf.errors import InputError
from anime_style_tf.stages.startup import read_all_as_utf8

_NOT_GIVEN = re.compile(r"(flag --\w+)=None: Flag --\w+ must have a value other than None\.")


def run_tool(main):
    """Parses the flags, calls `main`, and exits with what it returns.

    What the user can fix, wrong flags and places that cannot be read or written included, is one
    line on standard error and exit code 2; 1 is left for what a tool finds. Stopped by Ctrl-C it
    says so, exit code 130.

    Args:
        main: function without arguments that returns an exit code or None.
    """
    read_all_as_utf8()
    app.run(lambda _: _called(main), flags_parser=_parse)


def this_python():
    """Returns how to call this Python from the current folder, for commands that are printed."""
    python = os.path.relpath(sys.executable)
    return "python" if python.startswith("..") else python


def paths(values):
    """Returns the paths in the values of a flag that may be given several times.

    A value is one path if there is such a file or folder, else paths separated by commas; one
    with a comma is then put in double quotes.

    Args:
        values: list of texts.

    Returns:
        List of texts.
    """
    found = []
    for value in values:
        if os.path.exists(value):
            found.append(value)
        else:
            found += [each.strip() for each in next(csv.reader([value]), [])]
    return found


def _called(main):
    with _refusal_in_one_line():
        return main()


def _parse(argv):
    with _refusal_in_one_line():
        words = flags.FLAGS(argv)
        if words[1:]:
            raise InputError(f"only flags are expected, received {words[1]!r}: see --help")
        return words


@contextlib.contextmanager
def _refusal_in_one_line():
    try:
        yield
    except (InputError, flags.Error) as error:
        _stop(_NOT_GIVEN.sub(r"\1 is required: see --help", str(error)))
    except OSError as error:
        if error.filename is None:  # not a place that the user named
            raise
        _stop(f"cannot use {error.filename}: {error.strerror}")
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; each file is written whole or not at all\n")
        sys.exit(130)


def _stop(message):
    sys.stderr.write(f"error: {' '.join(message.split())}\n")
    sys.exit(2)
