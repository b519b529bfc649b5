"""The command `anime-style`: its first word says what is done, the others are flags of that."""

import difflib
import importlib
import sys

import anime_style_tf
from anime_style_tf.commands import COMMANDS
from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import refusals_in_one_line, run_tool


def main():
    """Runs the command line; flags without a word before them train."""
    name, *words = sys.argv[1:] or ["--help"]
    with refusals_in_one_line():
        if name in ("--help", "-h", "help"):
            print(_help(), flush=True)
        elif name == "--version":
            print(f"anime_style_tf {anime_style_tf.__version__}", flush=True)
        else:
            if name.startswith("-"):
                name, words = "train", sys.argv[1:]
            module, _ = _command(name)
            sys.argv[:] = [f"anime-style {name}", *words]
            run_tool(importlib.import_module(f"anime_style_tf.{module}").main)


def _command(name):
    if name not in COMMANDS:
        near = difflib.get_close_matches(name, COMMANDS, 1)
        meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(COMMANDS)}"
        raise InputError(f"anime-style has no command {name!r}: {meant}")
    return COMMANDS[name]


def _help():
    rows = "\n".join(f"  {name:<14}  {does}" for name, (_, does) in COMMANDS.items())
    return (
        f"anime-style COMMAND [--flags]: the style space of anime portraits.\n\n{rows}\n\n"
        "anime-style COMMAND --help lists the flags of one; --version says which this is.\n"
        "To begin: anime-style train --config=demo --workdir=runs/demo"
    )


if __name__ == "__main__":
    main()
