"""Converting pictures to records: images/s beside two peers, and the bare limit of the machine.

Each contender is a whole process, as a user starts it, over the same files: this package
(`write_records`, every step of it: hashes, search for near duplicates, ledger), StyleGAN3's
`dataset_tool.py` (one process; center crop; PNGs without compression), TensorFlow Datasets
(`ImageFolder` stored as a set of its own), and a loop of Pillow on all cores that keeps nothing:
the limit. They take turns; the best of the repeats counts, the file keeps all. Linux only.

    python benchmarks/records.py --peers_python=PATH --dataset_tool=PATH/dataset_tool.py
"""

import dataclasses
import json
import os
import pathlib
import platform
import shutil
import sys
import zipfile

import PIL
from absl import app, flags, logging
from processes import run
from records_figures import LIMIT, OURS, PEERS, STYLEGAN, TFDS, ratios, summarize, table
from records_pictures import ARTISTS, FORMATS, link_some, make_pictures

_PICTURES = flags.DEFINE_string("pictures", "build/records-benchmark", "Keeps the pictures.")
_OUTPUT = flags.DEFINE_string("output", "records.json", "All that was measured.")
_COUNT = flags.DEFINE_integer("count", 5040, "Pictures; a quarter of them is converted too.")
_SIZES = flags.DEFINE_list("sizes", ["64", "256"], "Sides of the records in pixels.")
_REPEATS = flags.DEFINE_integer("repeats", 3, "Runs of each; the best counts.", lower_bound=1)
_FORMATS = flags.DEFINE_list("formats", ["jpeg", "png"], "Of the files; TFDS passes WebP over.")
_DATASET_TOOL = flags.DEFINE_string("dataset_tool", None, "StyleGAN3's; left out if not given.")
_PEERS_PYTHON = flags.DEFINE_string(
    "peers_python",
    None,
    "Python with click, pillow, tensorflow and tensorflow_datasets: runs the peers, which are "
    "left out if not given.",
)

FEW = 2 * ARTISTS  # pictures of a run that is nearly all start and end
_HERE = pathlib.Path(__file__).resolve().parent
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "NO_GCE_CHECK": "true"}


def commands(pictures, size, output):
    """Returns contender -> command over a folder of artists; without those not given."""
    scripts = _HERE / "contenders"
    arguments = [str(pictures), str(size)]
    made = {
        LIMIT: [sys.executable, str(scripts / "limit.py"), *arguments],
        OURS: [sys.executable, str(scripts / "ours.py"), *arguments, str(output)],
    }
    python = _PEERS_PYTHON.value
    if python and _DATASET_TOOL.value:
        made[STYLEGAN] = [python, _DATASET_TOOL.value, f"--source={pictures}",
                          f"--dest={output / 'set.zip'}", f"--resolution={size}x{size}",
                          "--transform=center-crop"]  # fmt: skip
    if python:
        made[TFDS] = [python, str(scripts / "tfds_folder.py"), *arguments, str(output)]
    return made


def measure(contender, command, output, expected):
    """Runs a contender once.

    Args:
        contender: its name.
        command: of `commands`.
        output: folder that it writes to; emptied before and after.
        expected: number of pictures.

    Returns:
        Dict with the figures of `processes.Finished` and the `report` that it printed.

    Raises:
        RuntimeError: it did not convert all of them.
    """
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    environment = os.environ | _QUIET
    if contender == OURS:
        environment["PYTHONPATH"] = str(_HERE.parent)
    done = run(command, environment=environment)
    if contender == STYLEGAN:
        with zipfile.ZipFile(output / "set.zip") as file:
            report = {"pictures": sum(name.endswith(".png") for name in file.namelist())}
    else:
        report = json.loads(done.output.splitlines()[-1])
    shutil.rmtree(output)
    if report["pictures"] != expected:
        raise RuntimeError(f"{contender}: expected {expected} pictures, it reports {report}")
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


def main(argv):
    """Measures all contenders in turns and prints the tables."""
    if len(argv) > 1:
        raise app.UsageError(f"unexpected argument: {argv[1]}")
    count, cache = _COUNT.value, pathlib.Path(_PICTURES.value).resolve()
    if count < 8 * ARTISTS or count % (4 * ARTISTS):
        raise app.UsageError(f"--count: expected a multiple of {4 * ARTISTS}, received {count}")
    if unknown := set(_FORMATS.value) - set(FORMATS):
        raise app.UsageError(f"--formats: expected {', '.join(FORMATS)}, received {unknown}")
    if missing := [peer for peer in PEERS if peer not in commands(cache, 1, cache)]:
        logging.warning("left out: %s; see --peers_python and --dataset_tool", ", ".join(missing))
    inputs = _inputs(cache, count)
    content = {
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
        "versions": {"python": platform.python_version(), "pillow": PIL.__version__},
        "count": count, "few": FEW, "formats": _FORMATS.value, "runs": [], "figures": {},
    }  # fmt: skip
    for size in map(int, _SIZES.value):
        runs = []
        for _ in range(_REPEATS.value):
            for part, pictures in inputs.items():
                output = cache / "output"
                for contender, command in commands(pictures, size, output).items():
                    measured = measure(contender, command, output, part)
                    runs.append({"contender": contender, "size": size, "count": part, **measured})
                    logging.info("%s", runs[-1])
        rows = summarize(runs, FEW, count)
        content["runs"] += runs
        content["figures"][size] = {"contenders": rows, "ratios": ratios(rows)}
        pathlib.Path(_OUTPUT.value).write_text(json.dumps(content, indent=1) + "\n")
        print("\n".join(table(size, rows, FEW, count)), flush=True)


if __name__ == "__main__":
    app.run(main)
