"""What a command line says: its `--config` checked before it is parsed, its words said again.

`ml_collections` raises whatever the lookup of a wrong key raised, from inside the parsing of
flags; here the same mistakes are one line that says what to type.
"""

import difflib
import os
import pathlib
import re
import runpy

from ml_collections import ConfigDict
from ml_collections.config_flags.config_flags import ConfigFileFlagParser

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import this_python

_EXAMPLES = {
    "config": "the settings of a run, for instance --config=configs/demo.py",
    "workdir": "the folder of the run, for instance --workdir=runs/demo",
}


def check_overrides(argv):
    """Checks the configuration file and the names of its overrides on a command line.

    Args:
        argv: The words of the command, its own name first. Those other than `--config=FILE` and
            `--config.some.key=value` are not looked at.

    Raises:
        InputError: The file is not there or gives no configuration, or an override names a key
            that the configuration does not have.
    """
    config = None
    for position, word in enumerate(argv[1:], 1):
        if word == "--":
            return
        if given := re.fullmatch(r"--?config(?:=(.*))?", word, re.DOTALL):
            following = argv[position + 1] if position + 1 < len(argv) else ""
            config = _load(following if given[1] is None else given[1])
        elif named := re.match(r"--?(?:no)?config\.([^=]*)", word):
            if config is None:
                raise InputError(f"--config=FILE must come before {word}: put it first")
            _check_key(named[1], config)


def run_as_module():
    """Does what `python -m anime_style_tf` does: the installed command `anime-style`.

    absl lists the flags of the file that was run, which otherwise would be a two-line script.
    """
    runpy.run_module("anime_style_tf", run_name="__main__", alter_sys=True)


def only_flags(words, **required):
    """Returns the words that the flags' parsing has left: the command's name, nothing else.

    Args:
        words: what parsing has left.
        **required: values of flags that must be given; None for one that is not.

    Raises:
        InputError: There are more words, or a flag is missing.
    """
    if words[1:]:
        raise InputError(f"only flags are expected, received {words[1]!r}: see --help")
    for name, value in required.items():
        if value is None:
            raise InputError(f"--{name} is missing: give {_EXAMPLES[name]}")
    return words


def words_to_repeat(argv):
    """Returns the command that was typed, without its stage and `--overwrite`.

    Args:
        argv: The words of the command, its own name first.
    """
    words, skip = [], False
    for word in argv[1:]:
        chooses = re.fullmatch(r"--?(stage(=.*)?|(no)?overwrite(=.*)?)", word)
        if not chooses and not skip:
            words.append(word)
        skip = word.lstrip("-") == "stage"
    if pathlib.Path(argv[0]).name != "__main__.py":
        return [os.path.relpath(argv[0]), *words]
    return [this_python(), "-m", "anime_style_tf", *words]


def _load(value):
    path, _, argument = value.partition(":")
    path = pathlib.Path(path)
    if not path.is_file():
        presets = ", ".join(sorted(map(str, pathlib.Path("configs").glob("[!_]*.py"))))
        raise InputError(
            f"--config must be the path of a configuration file, received {value!r}, which is "
            f"not there: {f'give one of {presets}' if presets else 'give the path of one'}"
        )
    try:
        config = ConfigFileFlagParser(name="config").parse(value)
    except Exception as error:  # the file is the user's program, which may raise anything
        why = f"{type(error).__name__}: {error}".strip().splitlines()[-1]
        if not argument:
            raise InputError(
                f"{path} is no configuration file ({why}): expected get_config() as in "
                "configs/demo.py"
            ) from error
        raise InputError(
            f"{path} cannot be read with {argument!r} after its colon ({why}): the top of the "
            "file says what it takes"
        ) from error
    if not isinstance(config, ConfigDict):
        raise InputError(
            f"{path}: get_config() must return an ml_collections.ConfigDict, received "
            f"{type(config).__name__}: return one, as configs/demo.py does"
        )
    return config


def _check_key(name, config):
    keys = _keys(config)
    name = re.sub(r"\[.*", "", name)
    if name in keys:
        return
    section, _, last = name.rpartition(".")
    section = section if section in keys else ""
    inside = [key for key in keys if key.rpartition(".")[0] == section]
    near = _near(name, keys, inside, last) if section else difflib.get_close_matches(name, keys, 1)
    if near:
        meant = f"did you mean --config.{near[0]}?"
    elif inside:
        meant = f"there are {', '.join(inside)}"
    else:
        meant = f"{section} is empty: write what is to be in it into the configuration file"
    raise InputError(f"the configuration has no key {name!r}: {meant}")


def _near(name, keys, inside, last):
    """Returns the key meant by a name of which only the last part is wrong, as a list, or []."""
    lasts = {key.rpartition(".")[2]: key for key in inside}
    if near := difflib.get_close_matches(last, lasts, 1):
        return [lasts[near[0]]]
    elsewhere = [key for key in keys if key.endswith(f".{last}")]
    return difflib.get_close_matches(name, elsewhere, 1, cutoff=0)


def _keys(config, prefix=""):
    """Returns the dotted names of all values and sections."""
    names = []
    for key, value in config.items():
        names.append(f"{prefix}{key}")
        if isinstance(value, ConfigDict):
            names += _keys(value, f"{prefix}{key}.")
    return names
