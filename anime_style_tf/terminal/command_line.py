"""What a command line says: its `--config` checked before it is parsed, its words said again.

`ml_collections` raises whatever the lookup of a wrong key raised, from inside the parsing of
flags; here the same mistakes are one line that says what to type.
"""

import difflib
import pathlib
import re

from ml_collections import ConfigDict
from ml_collections.config_flags.config_flags import ConfigFileFlagParser

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.typed import anime_style

_PACKAGE = pathlib.Path(__file__).parents[1]
_EXAMPLES = {
    "config": "the settings of a run, for instance --config=demo",
    "workdir": "the folder of the run, for instance --workdir=runs/demo",
}


def with_presets(argv):
    """Checks `--config` and the names of its overrides on a command line.

    Args:
        argv: The words of the command, its own name first. Those other than `--config=FILE` and
            `--config.some.key=value` are not looked at.

    Returns:
        The words, with the path of a preset in place of its name.

    Raises:
        InputError: There is no such preset or file or it gives no configuration, or an override
            names a key that the configuration does not have.
    """
    words, config = list(argv), None
    for position, word in enumerate(argv[1:], 1):
        if word == "--":
            break
        if given := re.fullmatch(r"--?config(?:=(.*))?", word, re.DOTALL):
            if given[1] is not None:
                path = _path_of(given[1])
                words[position] = f"--config={path}"
            else:
                path = _path_of("".join(argv[position + 1 : position + 2]))
                words[position + 1 : position + 2] = [path]
            config = _load(path)
        elif named := re.match(r"--?(?:no)?config\.([^=]*)", word):
            if config is None:
                raise InputError(f"--config=FILE must come before {word}: put it first")
            _check_key(named[1], config)
    return words


def check_given(**required):
    """Refuses to go on without some flags.

    Args:
        **required: their values; None for one that is not given.

    Raises:
        InputError: One is missing.
    """
    for name, value in required.items():
        if value is None:
            raise InputError(f"--{name} is missing: give {_EXAMPLES[name]}")


def words_to_repeat(argv):
    """Returns the command that trains again as it was typed, but for its stage and `--overwrite`.

    Args:
        argv: The words of the command, its own name first.
    """
    words, skip = [], False
    for word in argv[1:]:
        chooses = re.fullmatch(r"--?(stage(=.*)?|(no)?overwrite(=.*)?)", word)
        if not chooses and not skip:
            words.append(word)
        skip = word.lstrip("-") == "stage"
    return [*anime_style(), "train", *words]


def presets():
    """Returns dict name -> path of the presets that are there, sorted."""
    # In an installed package they are beside the code, in a checkout at its top.
    folders = (_PACKAGE / "presets", _PACKAGE.parent / "configs")
    folder = next(path for path in folders if path.is_dir())
    return {path.stem: str(path) for path in sorted(folder.glob("[!_]*.py"))}


def _path_of(value):
    """Returns what `--config` says with the path of a preset in place of its name."""
    name, colon, argument = value.partition(":")
    return presets().get(name, name) + colon + argument


def _load(value):
    path, _, argument = value.partition(":")
    path = pathlib.Path(path)
    if not path.is_file():
        raise InputError(
            f"--config must be a preset or the path of a configuration file, received {value!r}, "
            f"which is not there: give one of {', '.join(presets())}, or the path of a file"
        )
    try:
        config = ConfigFileFlagParser(name="config").parse(value)
    except Exception as error:  # the file is the user's program, which may raise anything
        why = f"{type(error).__name__}: {error}".strip().splitlines()[-1]
        if not argument:
            raise InputError(
                f"{path} is no configuration file ({why}): expected get_config() as "
                "the presets have"
            ) from error
        raise InputError(
            f"{path} cannot be read with {argument!r} after its colon ({why}): the top of the "
            "file says what it takes"
        ) from error
    if not isinstance(config, ConfigDict):
        raise InputError(
            f"{path}: get_config() must return an ml_collections.ConfigDict, received "
            f"{type(config).__name__}: return one, as the presets do"
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
