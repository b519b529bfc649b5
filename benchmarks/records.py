"""Converting pictures to records: images/s beside two peers, and the bare limit of the machine.

Each contender is a whole process, as a user starts it, over the same files: this package
(`write_records`, every step of it: hashes, search for near duplicates, ledger), StyleGAN3's
`dataset_tool.py` (one process; center crop; PNGs without compression), TensorFlow Datasets
(`ImageFolder` stored as a set of its own), and a loop of Pillow on all cores that keeps nothing:
the limit. They take turns; the best of the repeats counts, the file keeps all. Linux only.

    python -m benchmarks.records --peers_python=PATH --dataset_tool=PATH/dataset_tool.py
"""

import dataclasses
import json
import os
import pathlib
import platform
import shutil
import zipfile

import PIL
from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.processes import contender, run
from benchmarks.records_figures import LIMIT, OURS, PEERS, STYLEGAN, TFDS, ratios, summarize, table
from benchmarks.records_pictures import ARTISTS, FORMATS, link_some, make_pictures

_PICTURES = flags.DEFINE_string("pictures", "build/records-benchmark", "Keeps the pictures.")
_OUTPUT = define_output("records.json")
_COUNT = flags.DEFINE_integer("count", 5040, "Pictures; a quarter of them is converted too.")
_SIZES = define_numbers("sizes", [64, 256], "Sides of the records in pixels.")
_REPEATS = flags.DEFINE_integer("repeats", 3, "Runs of each; the best counts.", lower_bound=1)
_FORMATS = flags.DEFINE_list("formats", ["jpeg", "png"], "Of the files; TFDS passes WebP over.")
_DATASET_TOOL = define_input("dataset_tool", "StyleGAN3's; left out if not given.")
_PEERS_PYTHON = define_input(
    "peers_python",
    "Python with click, pillow, tensorflow and tensorflow_datasets: runs the peers, which are "
    "left out if not given.",
)

FEW = 2 * ARTISTS  # pictures of a run that is nearly all start and end
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "NO_GCE_CHECK": "true"}


def commands(pictures, size, output):
    """Returns contender -> command over a folder of artists; without those not given."""
    arguments = [str(pictures), str(size)]
    made = {
        LIMIT: [*contender("limit"), *arguments],
        OURS: [*contender("ours"), *arguments, str(output)],
    }
    python = _PEERS_PYTHON.value
    if python and _DATASET_TOOL.value:
        made[STYLEGAN] = [python, _DATASET_TOOL.value, f"--source={pictures}",
                          f"--dest={output / 'set.zip'}", f"--resolution={size}x{size}",
                          "--transform=center-crop"]  # fmt: skip
    if python:
        made[TFDS] = [*contender("tfds_folder", python), *arguments, str(output)]
    return made


def measure(name, command, output, expected):
    """Runs a contender once.

    Args:
        name: the contender's.
        command: of `commands`.
        output: folder that it writes to; emptied before and after.
        expected: number of pictures.

    Returns:
        Dict with the figures of `processes.Finished` and the `report` that it printed.

    Raises:
        InputError: it did not convert all of them.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    done = run(command, variables=_QUIET)
    if name == STYLEGAN:
        with zipfile.ZipFile(output / "set.zip") as file:
            report = {"pictures": sum(name.endswith(".png") for name in file.namelist())}
    else:
        report = json.loads(done.output.splitlines()[-1])
    shutil.rmtree(output)
    if report["pictures"] != expected:
        raise InputError(f"{name}: expected {expected} pictures, received {report}")
    figures = dataclasses.asdict(done)
    del figures["output"]
    return {**figures, "report": report}


def _inputs(cache, count):
    """Makes the folders of few, a quarter and all of the pictures; dict count -> folder."""
    everything = make_pictures(cache / "all", count, _FORMATS.value)
    for file in everything.rglob("*.*"):
        file.read_bytes()  # from now on all contenders find them in memory
    parts = (FEW, count // 4)
    return {part: link_some(everything, cache / str(part), part) for part in parts} | {
        count: everything
    }


def main():
    """Measures all contenders in turns and prints the tables."""
    count, cache = _COUNT.value, pathlib.Path(_PICTURES.value).resolve()
    if count < 8 * ARTISTS or count % (4 * ARTISTS):
        raise InputError(f"--count: expected a multiple of {4 * ARTISTS}, received {count}")
    if unknown := set(_FORMATS.value) - set(FORMATS):
        raise InputError(f"--formats: expected {', '.join(FORMATS)}, received {unknown}")
    if missing := [peer for peer in PEERS if peer not in commands(cache, 1, cache)]:
        logging.warning("left out: %s; see --peers_python and --dataset_tool", ", ".join(missing))
    inputs = _inputs(cache, count)
    content = {
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
        "versions": {"python": platform.python_version(), "pillow": PIL.__version__},
        "count": count, "few": FEW, "formats": _FORMATS.value, "runs": [], "figures": {},
    }  # fmt: skip
    for size in _SIZES.value:
        runs = []
        for _ in range(_REPEATS.value):
            for part, pictures in inputs.items():
                output = cache / "output"
                for name, command in commands(pictures, size, output).items():
                    measured = measure(name, command, output, part)
                    runs.append({"contender": name, "size": size, "count": part, **measured})
                    logging.info("%s", runs[-1])
        rows = summarize(runs, FEW, count)
        content["runs"] += runs
        content["figures"][size] = {"contenders": rows, "ratios": ratios(rows)}
        write_json(_OUTPUT.value, content)
        print("\n".join(table(size, rows, FEW, count)), flush=True)


if __name__ == "__main__":
    run_tool(main)
