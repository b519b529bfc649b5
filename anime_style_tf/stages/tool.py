"""Runs a tool: a command that takes flags only."""

import contextlib
import sys

from absl import app, flags

from anime_style_tf.errors import InputError


def run_tool(main):
    """Parses the flags, calls `main`, and exits with what it returns.

    What the user can fix, wrong flags included, is one line on standard error and exit code 2;
    1 is left for what a tool finds.

    Args:
        main: function without arguments that returns an exit code or None.
    """
    app.run(lambda _: _called(main), flags_parser=_parse)


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
        sys.stderr.write(f"error: {' '.join(str(error).split())}\n")
        sys.exit(2)
