"""Runs a tool: a command that takes flags only."""

import contextlib
import csv
import os
import re
import sys
import tempfile
import traceback
import warnings

from absl import app, flags

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.command_line import with_presets
from anime_style_tf.terminal.startup import read_all_as_utf8
from anime_style_tf.text import one_line

_NOT_GIVEN = re.compile(r"(flag --\w+)=None: Flag --\w+ must have a value other than None\.")


def run_tool(main):
    """Parses the flags, calls `main`, and exits with what it returns.

    What the user can fix, wrong flags and places that cannot be read or written included, is one
    line on standard error and exit code 2; 1 is left for what a tool finds. Stopped by Ctrl-C it
    says so, exit code 130. See `refusals_in_one_line`.

    Args:
        main: function without arguments that returns an exit code or None.
    """
    read_all_as_utf8()
    sys.stdout.reconfigure(errors="backslashreplace")  # a name may hold what cannot be printed
    # Letters that no font has are numbered on sheets; measuring a text must not speak of each.
    warnings.filterwarnings("ignore", message="Glyph ")
    _help_of(sys.modules[main.__module__])
    app.run(lambda _: _called(main), flags_parser=_parse)


def there(flag):
    """Returns the path in a flag, refused before anything is loaded if nothing is there.

    Args:
        flag: `absl.flags.FlagHolder` of a text, or None for a flag that is not given.

    Raises:
        InputError: no such file or folder.
    """
    if flag.value is not None and not os.path.exists(flag.value):
        raise InputError(
            f"--{flag.name}: expected a path that is there, received {flag.value}: no such file "
            "or folder"
        )
    return flag.value


def paths(flag):
    """Returns the paths in a flag that may be given several times.

    A value is one path if there is such a file or folder, else paths separated by commas; one
    with a comma is then put in double quotes.

    Args:
        flag: `absl.flags.FlagHolder` of a list of texts, or of None for none.

    Returns:
        List of texts, of which some may not be there: who reads them names those.

    Raises:
        InputError: none of them is there.
    """
    found = []
    for value in flag.value or []:
        if os.path.exists(value):
            found.append(value)
        else:
            found += [each.strip() for each in next(csv.reader([value]), [])]
    if found and not any(map(os.path.exists, found)):
        received = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if found[3:] else "")
        raise InputError(
            f"--{flag.name}: expected paths that are there, received {received}: no such file or "
            "folder"
        )
    return found


def _help_of(module):
    """Makes `--help` that of the module of the command, whichever script has been started."""
    sys.modules["__main__"].__doc__ = module.__doc__
    for flag in flags.FLAGS.get_key_flags_for_module(module.__name__):
        flags.FLAGS.register_key_flag_for_module(sys.argv[0], flag)


def _called(main):
    with refusals_in_one_line():
        return main()


def _parse(argv):
    with refusals_in_one_line():
        try:
            words = flags.FLAGS(with_presets(argv))
        except SystemExit:  # of --help and its like alone, which absl calls a failure
            sys.exit(0)
        if words[1:]:
            raise InputError(f"only flags are expected, received {words[1]!r}: see --help")
        return words


@contextlib.contextmanager
def refusals_in_one_line():
    """Ends the command with one line on standard error where what is inside cannot go on.

    What the user can fix is said and ends with exit code 2. So does a fault of the program itself,
    whose traceback is kept in a file that the line names.
    """
    try:
        yield
    except (InputError, flags.Error) as error:
        _stop(_NOT_GIVEN.sub(r"\1 is required: see --help", str(error)))
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; each file is written whole or not at all\n")
        sys.exit(130)
    except BrokenPipeError:  # whoever read the output, such as `head`, has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.filename is None:  # not a place that the user named
            _stop_at_a_fault(error)
        _stop(f"cannot use {os.fsdecode(error.filename)}: {error.strerror}")
    except Exception as error:
        _stop_at_a_fault(error)


def _stop_at_a_fault(error):
    with tempfile.NamedTemporaryFile(
        "w", prefix="anime-style-", suffix=".txt", delete=False, errors="backslashreplace"
    ) as file:
        traceback.print_exception(error, file=file)
    what = str(error).partition("\n")[0]
    _stop(
        f"unexpected {type(error).__name__}: {what}: a fault of this program, or an input that it "
        f"does not check; what is finished is kept, and {file.name} says where it happened"
    )


def _stop(message):
    sys.stderr.write(f"error: {one_line(' '.join(message.split()))}\n")
    sys.exit(2)
