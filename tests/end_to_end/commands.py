"""Starts stages of the preset `smoke` as a user does."""

from tests.calls import Running


def start(workdir, stage, *words, program=("-m", "anime_style_tf")):
    """A stage that runs."""
    words = (f"--workdir={workdir}", *words, f"--stage={stage}")
    return Running(*program, "--config=configs/smoke.py", *words)


def run(workdir, stage, *words, program=("-m", "anime_style_tf")):
    """Runs a stage to its end; returns an `Ended`."""
    return start(workdir, stage, *words, program=program).end()
