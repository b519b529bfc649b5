"""The commands that `export/README.md` shows, for the tests that run them."""

import pathlib
import re
import shlex

PATH = pathlib.Path(__file__).parents[2] / "export" / "README.md"


def readme_command(program, **replaced):
    """Returns the words of the README's command after `python`.

    Args:
        program: such as `export/query.py`.
        replaced: values of flags in place of those that are shown.
    """
    (line,) = re.findall(rf"^python ({program} .*)$", PATH.read_text("utf-8"), re.MULTILINE)
    words = shlex.split(line)
    shown = {word[2:].partition("=")[0] for word in words if word.startswith("--")}
    if not replaced.keys() <= shown:
        raise ValueError(f"{program} shows no {', '.join(replaced.keys() - shown)}")
    return [
        f"--{name}={replaced[name]}"
        if (name := word[2:].partition("=")[0]) in replaced and word.startswith("--")
        else word
        for word in words
    ]
