"""What each option of the generator's training does: with it and without, at equal processor time.

Every training starts from the same finished records, style and content of a demo, with the same
seeds, and takes as many steps as fit into the same processor minutes, counted once for all seeds of
an option. Judges are those that the generator was not trained through, but for the codes that are
found again. A part of a row that is already in the output is not trained again, so that the command
can be stopped and given again.

    python -m benchmarks.ablation --run=runs/demo --output=ablation.json
"""

import json
import pathlib

from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.terminal.tool import run_tool
from benchmarks.ablation_runs import OPTIONS, table
from benchmarks.command import define_numbers, define_output, write_json
from benchmarks.processes import contender, run

_RUN = flags.DEFINE_string("run", None, "Folder of a finished run of a preset.", required=True)
_PRESET = flags.DEFINE_string("preset", "demo", "The run's preset, whose `gan` is the full recipe.")
_OUTPUT = define_output("ablation.json", "Results, JSON; what is in it already is not done again.")
_MINUTES = flags.DEFINE_float("minutes", 3.0, "Processor minutes of each training.", lower_bound=0)
_SEEDS = define_numbers("seeds", [0, 1], "Of the trainings.")
_OPTIONS = flags.DEFINE_multi_enum("option", list(OPTIONS), list(OPTIONS), "Trained without it.")


def main():
    """Trains and judges what is not in the output yet, and prints the table."""
    if not (pathlib.Path(_RUN.value) / "content" / "done.json").is_file():
        raise InputError(f"--run: expected a run with finished content, received {_RUN.value}")
    path = pathlib.Path(_OUTPUT.value)
    content = json.loads(path.read_text()) if path.is_file() else {"rows": {}}
    if content.get("minutes", _MINUTES.value) != _MINUTES.value:
        raise InputError(f"--output: expected trainings of {_MINUTES.value} minutes, received "
                         f"some of {content['minutes']}: name another file")  # fmt: skip
    content["minutes"] = _MINUTES.value
    for seed in _SEEDS.value:
        for option in _OPTIONS.value:
            trained = content["rows"].setdefault(option, {})
            if str(seed) in trained:
                continue
            words = {
                "run": _RUN.value, "preset": _PRESET.value, "option": option, "seed": seed,
                "seconds": 60 * _MINUTES.value,
            }  # fmt: skip
            if trained:
                words["steps"] = next(iter(trained.values()))["steps"]
            done = run([*contender("generator"), json.dumps(words)])
            trained[str(seed)] = json.loads(done.output.splitlines()[-1])
            write_json(path, content)
            logging.info("%s, seed %d: %s", option, seed, trained[str(seed)])
    print(table(content["rows"]))


if __name__ == "__main__":
    run_tool(main)
