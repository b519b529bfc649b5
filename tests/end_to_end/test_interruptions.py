import csv
import json
import signal
import time

import numpy as np
import pytest

from anime_style_tf.training.checkpoints import stored_steps
from anime_style_tf.workdir import networks
from tests.end_to_end.commands import run, start

pytestmark = pytest.mark.slow

# SIGKILL to itself at once when the checkpoint of a step is there: from outside it would come
# some steps later.
KILLED_AT_10 = """
import os, signal, sys
from anime_style_tf.training.checkpoints import Checkpoints
save = Checkpoints.save
def save_and_die(self):
    save(self)
    if int(self.step) == 10 and str(self.folder).endswith({folder!r}):
        os.kill(os.getpid(), signal.SIGKILL)
Checkpoints.save = save_and_die
from anime_style_tf.__main__ import main
main()
"""


def rows_of(path):
    """Rows of `metrics.csv` without the time, which differs from run to run."""
    with path.open(newline="") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


def assert_same_results(stage, workdir, undisturbed):
    compared = []
    for path in sorted((undisturbed / stage).rglob("*")):
        again = workdir / path.relative_to(undisturbed)
        if path.suffix == ".keras":
            before, after = networks.load_network(path), networks.load_network(again)
            weights = zip(before.get_weights(), after.get_weights(), strict=True)
            assert all(np.array_equal(*pair) for pair in weights), path.name
        elif path.suffix == ".npz":
            before, after = np.load(path), np.load(again)
            assert all(np.array_equal(before[name], after[name]) for name in before)
        elif path.name == "metrics.csv":
            assert rows_of(again) == rows_of(path)
        elif path.name == "pruning.json":
            assert json.loads(again.read_text()) == json.loads(path.read_text())
        else:
            continue
        compared.append(path.name)
    assert "metrics.csv" in compared
    assert [name for name in compared if name.endswith(".keras")]


@pytest.mark.parametrize(
    ("stage", "folder"),
    [
        ("style", "style/checkpoints"),
        ("style", "style/classifier/checkpoints"),
        ("content", "content/checkpoints"),
        ("gan", "gan/checkpoints"),
    ],
)
def test_ten_steps_sigkill_and_ten_steps_are_twenty_steps_bit_for_bit(
    smoke_run, inputs_of, stage, folder
):
    workdir = inputs_of(stage)
    killed = run(workdir, stage, program=("-c", KILLED_AT_10.format(folder=folder)))
    assert killed.returncode == -signal.SIGKILL, killed.said
    assert stored_steps(workdir / folder)[-1] == 10
    assert not (workdir / stage / "done.json").exists()
    ended = run(workdir, stage)
    assert ended.returncode == 0, ended.said
    assert "going on where it was interrupted" in ended.said
    assert "resumes after step 10" in ended.said
    assert_same_results(stage, workdir, smoke_run[0])


def test_sigterm_saves_says_so_in_a_line_and_the_same_command_goes_on(inputs_of):
    workdir = inputs_of("content")
    more = "--config.content.fit.steps=40"
    running = start(workdir, "content", more)
    deadline = time.monotonic() + 200
    while not stored_steps(workdir / "content" / "checkpoints"):
        assert not running.has_ended(), running.end().said
        assert time.monotonic() < deadline
        time.sleep(0.05)
    running.send_signal(signal.SIGTERM)
    stopped = running.end(timeout=100)
    assert stopped.returncode == 143, stopped.said
    step = stored_steps(workdir / "content" / "checkpoints")[-1]
    message, command = stopped.said.splitlines()[-2:]
    assert message == (
        f"Stopped by SIGTERM after step {step} of 40; all is saved. Run the same command again to "
        "resume."
    )
    assert command.endswith(f"--workdir={workdir} {more} --stage=content")
    ended = run(workdir, "content", more)
    assert ended.returncode == 0, ended.said
    assert f"content: resumes after step {step}" in ended.said
    rows = rows_of(workdir / "content" / "metrics.csv")
    assert [int(row["step"]) for row in rows] == list(range(5, 41, 5))
