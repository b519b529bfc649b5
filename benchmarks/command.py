"""What benchmarks have in common as commands: places checked before hours are spent, results."""

import json
import os
import pathlib

from absl import flags

from anime_style_tf.replacing import replacing

flags.disclaim_key_flags()  # `--help` lists what is declared here with the benchmark that calls it


def define_output(name, what="Results, JSON; replaced."):
    """Declares `--output`, whose folder must be there.

    Args:
        name: of the file if the flag is not given.
        what: the flag's help.

    Returns:
        The flag.
    """
    flag = flags.DEFINE_string("output", name, what)
    flags.register_validator(
        flag, _can_be_written, "expected the name of a file in a folder that exists"
    )
    return flag


def define_input(name, what, *, required=False):
    """Declares a flag of a file that must be there.

    Args:
        name: of the flag.
        what: the flag's help.
        required: whether the benchmark needs it.

    Returns:
        The flag.
    """
    flag = flags.DEFINE_string(name, None, what, required=required)
    flags.register_validator(flag, _is_there, "expected a file that exists")
    return flag


def define_numbers(name, default, what, *, kind=int):
    """Declares a flag of numbers, separated by commas.

    Args:
        name: of the flag.
        default: list of numbers.
        what: the flag's help.
        kind: int or float.

    Returns:
        The flag; its value is a list.
    """
    serializer = flags.CsvListSerializer(",")
    return flags.DEFINE(_NumbersParser(kind), name, default, what, serializer=serializer)


class _NumbersParser(flags.ListParser):
    """Refuses what is no number where flags are parsed, before anything is measured."""

    def __init__(self, kind):
        super().__init__()
        self._kind = kind

    def parse(self, argument):
        return [self._kind(each) for each in super().parse(argument)]


def write_json(path, content):
    """Replaces a file by JSON.

    Raises:
        InputError: the disk is full.
    """
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _can_be_written(path):
    path = pathlib.Path(path)
    return path.parent.is_dir() and not path.is_dir() and os.access(path.parent, os.W_OK)


def _is_there(path):
    return path is None or pathlib.Path(path).is_file()
