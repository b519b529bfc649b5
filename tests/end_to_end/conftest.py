import shutil

import pytest

from anime_style_tf.stages import STAGES
from tests.calls import call_anew


@pytest.fixture(scope="session")
def smoke_run(tmp_path_factory):
    """All stages of the preset `smoke`, undisturbed: the folder and what was said."""
    workdir = tmp_path_factory.mktemp("runs") / "smoke"
    ended = call_anew(
        *("-m", "anime_style_tf", "--config=configs/smoke.py"),
        *(f"--workdir={workdir}", "--stage=all"),
    )
    assert ended.returncode == 0, ended.said
    return workdir, ended.said


@pytest.fixture
def inputs_of(smoke_run, tmp_path):
    """Function from a stage to a run's folder with the results of the stages before it."""

    def copied(stage):
        workdir = tmp_path / "run"
        for name in STAGES[stage].needs + STAGES[stage].uses:
            shutil.copytree(smoke_run[0] / name, workdir / name)
        return workdir

    return copied
