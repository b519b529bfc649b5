"""Commands as the user can type them in the current folder, for what is printed."""

import os
import pathlib
import shlex
import shutil
import sys


def anime_style():
    """Returns the words that call the command `anime-style` of this Python, a list."""
    script = pathlib.Path(sys.executable).with_name("anime-style")
    if shutil.which("anime-style") == str(script):
        return ["anime-style"]
    if script.is_file():
        return [_from_here(script)]
    return [this_python(), "-m", "anime_style_tf"]  # run from a folder of code, not installed


def typed(command, *words, **values):
    """Returns a command line, quoted where that is needed.

    Args:
        command: such as `query`.
        *words: to be put in as they are, such as `...` for what the user adds.
        **values: of flags.
    """
    named = [f"--{name}={value}" for name, value in values.items()]
    return " ".join([shlex.join([*anime_style(), command, *named]), *words])


def this_python():
    """Returns how to call this Python."""
    python = os.path.relpath(sys.executable)
    return "python" if python.startswith("..") else python


def _from_here(path):
    relative = os.path.relpath(path)
    return str(path) if relative.startswith("..") else relative
