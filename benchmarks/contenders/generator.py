"""Trains a generator without one of its options for some processor time, and judges it.

    python -m benchmarks.contenders.generator '{"run": "runs/demo", "preset": "demo", ...}'

Prints JSON: steps, processor seconds, and the numbers that `ablation` reports.
"""

import json
import pathlib
import runpy
import sys
import tempfile
import time

from anime_style_tf.stages import gan
from anime_style_tf.stages.measures.fidelity_measures import measure_fidelity
from anime_style_tf.stages.measures.measured_run import MeasuredRun
from anime_style_tf.stages.measures.reattribution_measures import measure_reattribution
from anime_style_tf.stages.measures.recovery_measures import measure_recovery
from anime_style_tf.workdir.trained import Trained
from benchmarks.ablation_runs import numbers, without
from benchmarks.processes import ROOT

_FEW, _MORE = 5, 50  # steps of the two first trainings, whose difference says what a step costs
# Tracing takes now more, now less, so that a training of few steps tells little: the last training
# must have cost what was asked, within this share, or there is another.
_TOLERANCE, _ROUNDS = 0.1, 4


def trained(config, run, folder, *, steps):
    """Trains after the earlier stages of a run.

    Returns:
        Processor seconds, tracing included.
    """
    folder.mkdir()
    for stage in ("records", "style", "content"):
        (folder / stage).symlink_to((run / stage).resolve())
    config.gan.fit.steps = steps
    begin = time.process_time()
    gan.run(config, folder)
    return time.process_time() - begin


def train_for(config, run, scratch, *, seconds):
    """Trains for some processor seconds, tracing included.

    Returns:
        `(steps, seconds, folder)` of the training that took them, as nearly as it was found.
    """
    few = trained(config, run, scratch / "few", steps=_FEW)
    steps, spent = _MORE, trained(config, run, scratch / "more", steps=_MORE)
    for number in range(_ROUNDS):
        step = (spent - few) / (steps - _FEW)
        steps = max(_MORE, round(_FEW + (seconds - few) / step))
        folder = scratch / f"whole{number}"
        spent = trained(config, run, folder, steps=steps)
        if abs(spent / seconds - 1) <= _TOLERANCE:
            break
    return steps, spent, folder


def main():
    """Trains, measures and prints."""
    asked = json.loads(sys.argv[1])
    config = runpy.run_path(str(ROOT / "configs" / f"{asked['preset']}.py"))["get_config"]()
    config.gan, config.seed = without(config.gan, asked["option"]), asked["seed"]
    run = pathlib.Path(asked["run"])
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        if steps := asked.get("steps"):
            folder = scratch / "whole"
            seconds = trained(config, run, folder, steps=steps)
        else:
            steps, seconds, folder = train_for(config, run, scratch, seconds=asked["seconds"])
        (folder / "gan" / "done.json").write_text("{}", encoding="utf-8")
        measured = MeasuredRun(Trained(folder), seed=asked["seed"])
        sections = {
            "reattribution": measure_reattribution(measured),
            "fidelity": measure_fidelity(measured, **config.evaluate.fidelity),
            "recovery": measure_recovery(measured, **config.evaluate.recovery),
        }
    print(json.dumps({"steps": steps, "seconds": seconds, "numbers": numbers(sections)}))


if __name__ == "__main__":
    main()
