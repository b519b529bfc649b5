"""What each kind of user types first, in a fresh environment that has the wheel and nothing else.

The wheel is built, installed with the extras `pretrained` and `serve`, and every line is typed in
another folder. Pictures are those of a folder with one sub-folder an artist; of the last one six
become `new/`, whom the others do not have. A line that fails ends the benchmark.

    anime-style export-records --records=runs/demo/records --output=build/PORTRAITS
    python -m benchmarks.wheel_alone --portraits=build/PORTRAITS
"""

import os
import pathlib
import platform
import shutil
import sys
import tempfile
import time

from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.processes import ROOT, run
from benchmarks.wheel_lines import FILES, LINES, Shell

_PORTRAITS = flags.DEFINE_string("portraits", None, "Folder with one sub-folder an artist.",
                                 required=True)  # fmt: skip
_OUTPUT = define_output("wheel_alone.json")

_WORKS = 50  # of an artist, so that the table is one of small collections


def main():
    """Builds, installs, types, writes."""
    artists = sorted(path for path in pathlib.Path(_PORTRAITS.value).glob("*") if path.is_dir())
    if len(artists) < 3:
        raise InputError(f"--portraits: expected a folder with a sub-folder for each of 3 artists "
                         f"or more, received {len(artists)} in {_PORTRAITS.value}")  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        environment, found = _installed(folder)
        _laid_out(artists, folder)
        rows = []
        with Shell(folder, environment) as shell:
            for line in LINES:
                seconds = round(shell.type(line), 2)
                logging.info("%s: %s: %s s", line.user, line.does, seconds)
                rows.append({"user": line.user, "does": line.does, "typed": line.typed,
                             "seconds": seconds})  # fmt: skip
    found |= {"artists": len(artists) - 1, "works_an_artist": _WORKS, "python": sys.version[:6]}
    found["machine"] = {"cpus": os.cpu_count(), "platform": platform.platform()}
    write_json(_OUTPUT.value, {"settings": found, "rows": rows})
    print("| who | does | typed | seconds |\n|---|---|---|---|")
    for row in rows:
        print(f"| {row['user']} | {row['does']} | `{row['typed']}` | {row['seconds']} |")


def _installed(folder):
    """Makes an environment with the wheel; returns its folder, and what that took."""
    run([sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", f"--wheel-dir={folder}",
         str(ROOT)])  # fmt: skip
    (wheel,) = folder.glob("*.whl")
    environment = folder / "environment"
    run([sys.executable, "-m", "venv", str(environment)])
    begun = time.monotonic()
    # With this project on the path, pip would find it installed.
    run([str(environment / "bin" / "pip"), "install", "--quiet", f"{wheel}[pretrained,serve]"],
        variables={"PYTHONPATH": ""})  # fmt: skip
    took = {"install_seconds": round(time.monotonic() - begun, 1)}
    return environment, took | {"wheel_mib": round(wheel.stat().st_size / 2**20, 1)}


def _laid_out(artists, folder):
    for artist in artists[:-1]:
        (folder / "portraits" / artist.name).mkdir(parents=True)
        for work in sorted(artist.glob("*.png"))[:_WORKS]:
            shutil.copy(work, folder / "portraits" / artist.name)
    (folder / "new").mkdir()
    for work in sorted(artists[-1].glob("*.png"))[:6]:
        shutil.copy(work, folder / "new")
    for name, artist in zip(("a.png", "b.png"), artists, strict=False):
        shutil.copy(next(iter(sorted(artist.glob("*.png")))), folder / name)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
