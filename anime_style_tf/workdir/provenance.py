"""Where a stage's results come from: settings, code, packages, data.

Small JSON files say it. Before a stage starts, `config.json` gets the settings and
`inputs.json` the checksums of the results that it is given; when it has ended, `done.json` gets
all there is to say, and its presence is what "finished" means.
"""

import hashlib
import importlib.metadata
import json
import pathlib
import platform
import subprocess

import anime_style_tf
from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

PACKAGES = ("tensorflow", "keras", "numpy", "pillow", "ml_collections")


def plain(config):
    """Returns a configuration as JSON gives it back: dicts, lists, strings and numbers."""
    return json.loads(json.dumps(config.to_dict(), sort_keys=True))


def differing_keys(ours, theirs, prefix=""):
    """Names the settings in which two plain configurations differ.

    Args:
        ours: Nested dict of plain values.
        theirs: The same.
        prefix: Dotted path of both, for the names.

    Returns:
        Sorted dotted names of leaves that differ. One that only one of them has differs unless
        it is None there: an option that has come since and is not used changes nothing.
    """
    if not (isinstance(ours, dict) and isinstance(theirs, dict)):
        same = type(ours) is type(theirs) and ours == theirs
        return [] if same else [prefix.removesuffix(".")]
    return [
        name
        for key in sorted({*ours, *theirs})
        for name in differing_keys(ours.get(key), theirs.get(key), f"{prefix}{key}.")
    ]


def checksum(path):
    """Returns the SHA-256 of a file as hexadecimal digits, or None where there is no file."""
    path = pathlib.Path(path)
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def write_json(path, values):
    """Writes a JSON file whole or not at all.

    Raises:
        InputError: the disk is full.
    """
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(values, indent=2) + "\n", "utf-8")


def read_json(path, *, keys=()):
    """Returns the object that a JSON file holds, a dict, or None where there is no file.

    Args:
        path: of the file.
        keys: that the object has if the file is whole.

    Raises:
        InputError: it is damaged.
    """
    path = pathlib.Path(path)
    if not path.is_file():
        return None
    again = "make it anew with the command that wrote it"
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(f"{path} is damaged: expected JSON, received {error}; {again}") from error
    lacking = [key for key in keys if key not in found] if isinstance(found, dict) else list(keys)
    if lacking or not isinstance(found, dict):
        expected = f"an object with {', '.join(lacking)}" if lacking else "an object"
        raise InputError(
            f"{path} is damaged: expected {expected}, received {str(found)[:60]}; {again}"
        )
    return found


def versions():
    """Returns the versions of Python, this package and those that can change a result."""
    found = {"python": platform.python_version(), "anime_style_tf": anime_style_tf.__version__}
    for package in PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = None
    return found


def code_and_data(workdir):
    """Returns which code, packages and records the results in a run's folder come from."""
    return {
        "git_revision": git_revision(),
        "versions": versions(),
        "records_info_sha256": checksum(pathlib.Path(workdir) / "records" / "info.json"),
    }


def git_revision():
    """Returns the commit of the code that runs, `+changes` if edited since; None outside git.

    A package that is installed *inside* somebody's repository, in a virtual environment, is
    not in git: that repository does not track it.
    """
    package = pathlib.Path(anime_style_tf.__file__).parent

    def git(*words):
        return subprocess.run(
            ["git", *words], cwd=package, capture_output=True, text=True, check=True, timeout=30
        ).stdout.strip()

    try:
        git("ls-files", "--error-unmatch", "__init__.py")
        commit = git("rev-parse", "HEAD")
        return f"{commit}+changes" if git("status", "--porcelain", "--", ".") else commit
    except (OSError, subprocess.SubprocessError):
        return None
