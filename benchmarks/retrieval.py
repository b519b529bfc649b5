"""Measuring retrieval: time and memory beside two peers, equal figures, and honest intervals.

1. P@1, R-precision and MAP@R, leave-one-out, of many codes: this package, the `AccuracyCalculator`
   of pytorch-metric-learning and a brute-force search with scikit-learn. Each is a whole process
   with all cores; they take turns; the best of the repeats counts, the file keeps all. Linux only.
2. Every measure that pytorch-metric-learning has too, on few codes: leave-one-out with lone
   labels, a prefix, a gallery apart. All figures must agree to 1e-6.
3. How often 95 % intervals hold the truth in simulated worlds (`simulated_worlds.py`).

The codes are simulated too: artists normally distributed, works normally around them, a few works
whose artist has no other. The exit code is 1 if some figure does not agree.

    python -m benchmarks.retrieval --peers_python=PATH
"""

import dataclasses
import json
import os
import pathlib
import platform
import tempfile

import numpy as np
import sklearn
from absl import flags, logging

from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_input, define_output, write_json
from benchmarks.processes import contender, run
from benchmarks.simulated_worlds import WORLDS, coverage

_OUTPUT = define_output("retrieval.json")
_WORKS = flags.DEFINE_integer("works", 100_000, "Codes of the first part.", lower_bound=100)
_ARTISTS = flags.DEFINE_integer("artists", 1000, "Labels among them.", lower_bound=2)
_CODE_SIZE = flags.DEFINE_integer("code_size", 64, "Dimensions of a code.", lower_bound=9)
_REPEATS = flags.DEFINE_integer("repeats", 2, "Runs of each; the best counts.", lower_bound=1)
_SIMULATIONS = flags.DEFINE_integer("simulations", 500, "Draws of each world; 0 leaves it out.")
_PEERS_PYTHON = define_input(
    "peers_python",
    "Python with pytorch-metric-learning, faiss-cpu and scikit-learn: runs the first peer, which "
    "is left out if not given.",
)

OURS = "this package"
PYTORCH = "pytorch-metric-learning"
SCIKIT_LEARN = "scikit-learn"
TOLERANCE = 1e-6
_LONE_EVERY = 10_000  # works, one of which is the only one by its artist


def commands(path, what):
    """Returns contender -> command over a file of codes; without those not given."""
    made = {
        OURS: contender("retrieval_ours"),
        SCIKIT_LEARN: contender("retrieval_scikit_learn"),
    }
    if _PEERS_PYTHON.value:
        made[PYTORCH] = contender("retrieval_pytorch", _PEERS_PYTHON.value)
    return {name: [*command, str(path), what] for name, command in made.items()}


def measure(command):
    """Runs a contender once; returns what `processes.Finished` has and its report."""
    figures = dataclasses.asdict(run(command))
    return {"report": json.loads(figures.pop("output").splitlines()[-1]), **figures}


def make_codes(works, artists, code_size, seed=0):
    """Returns float32 codes `[works, code]` and labels `[works]`, some of them lone."""
    generator = np.random.default_rng(seed)
    labels = np.arange(works) % artists
    styles = 0.7 * generator.normal(size=(artists, code_size))
    codes = styles[labels] + generator.normal(size=(works, code_size))
    labels[::_LONE_EVERY] = artists + np.arange(len(labels[::_LONE_EVERY]))
    return codes.astype(np.float32), labels


def cases(code_size):
    """Returns name -> arrays of the second part."""
    codes, labels = make_codes(1500, 40, code_size, seed=1)
    return {
        "leave-one-out, a lone label": {"queries": codes, "query_labels": labels},
        "leave-one-out, d = 8": {"queries": codes[:, :8], "query_labels": labels},
        "gallery apart, a label it lacks": {
            "queries": codes[:500],
            "query_labels": labels[:500],
            "gallery": codes[500:],
            "gallery_labels": labels[500:],
        },
    }


def differences(figures):
    """Largest difference of each contender's figures from ours, over those that it has."""
    ours = figures[OURS]
    return {
        name: max(abs(value - ours[measure]) for measure, value in found.items())
        for name, found in figures.items()
        if name != OURS
    }


def take_turns(path):
    """First part: returns all runs, and for each contender the figures of its best ones."""
    runs = []
    for _ in range(_REPEATS.value):
        for name, command in commands(path, "head").items():
            runs.append({"contender": name, **measure(command)})
            logging.info("%s", runs[-1])
    rows = {}
    for name in commands(path, "head"):
        own = [each for each in runs if each["contender"] == name]
        rows[name] = {
            "seconds": min(each["seconds"] for each in own),
            "cpu_seconds": min(each["cpu_seconds"] for each in own),
            "peak_mib": max(each["main_mib"] for each in own),
            "figures": own[0]["report"]["figures"],
        }
    apart = differences({name: row["figures"] for name, row in rows.items()})
    for name, row in rows.items():
        row["difference"] = apart.get(name, 0.0)
        for key in ("seconds", "cpu_seconds"):
            row[f"{key}_ratio"] = row[key] / rows[OURS][key]
    return runs, rows


def compare(folder):
    """Second part: returns case -> contender -> largest difference."""
    compared = {}
    for number, (name, data) in enumerate(cases(_CODE_SIZE.value).items()):
        path = folder / f"case-{number}.npz"
        np.savez(path, **data)
        made = commands(path, "all")
        if "gallery" in data:
            del made[SCIKIT_LEARN]
        figures = {each: measure(made[each])["report"]["figures"] for each in made}
        compared[name] = differences(figures)
    return compared


def show(content):
    """Prints the three tables."""
    print("| contender | seconds | ratio | CPU seconds | ratio | peak MiB | difference |")
    print("|---|---|---|---|---|---|---|")
    for name, row in content["figures"].items():
        print(
            f"| {name} | {row['seconds']:.1f} | {row['seconds_ratio']:.1f} | "
            f"{row['cpu_seconds']:.1f} | {row['cpu_seconds_ratio']:.1f} | "
            f"{row['peak_mib']:,.0f} | {row['difference']:.0e} |"
        )
    print("\n| case | peer | largest difference |\n|---|---|---|")
    for case, row in content["equality"].items():
        for name, difference in row.items():
            print(f"| {case} | {name} | {difference:.0e} |")
    for number, (world, row) in enumerate(content["coverage"].items()):
        if not number:
            print(f"\n| simulated world | {' | '.join(row)} |\n|---|{'---|' * len(row)}")
        print(f"| {world} | {' | '.join(f'{share:.1%}' for share in row.values())} |")


def main():
    """Measures all three parts and prints the tables."""
    if not _PEERS_PYTHON.value:
        logging.warning("left out: %s; see --peers_python", PYTORCH)
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "codes.npz"
        codes, labels = make_codes(_WORKS.value, _ARTISTS.value, _CODE_SIZE.value)
        np.savez(path, queries=codes, query_labels=labels)
        runs, figures = take_turns(path)
        equality = compare(pathlib.Path(folder))
    content = {
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__},
        "works": _WORKS.value, "artists": _ARTISTS.value, "code_size": _CODE_SIZE.value,
        "simulations": _SIMULATIONS.value,
        "runs": runs, "figures": figures, "equality": equality, "coverage": {},
    }  # fmt: skip
    if _SIMULATIONS.value:
        content["coverage"] = {
            name: coverage(world, _SIMULATIONS.value) for name, world in WORLDS.items()
        }
    write_json(_OUTPUT.value, content)
    show(content)
    apart = [row["difference"] for row in figures.values()]
    apart += [difference for row in equality.values() for difference in row.values()]
    return 1 if max(apart) > TOLERANCE else 0


if __name__ == "__main__":
    run_tool(main)
