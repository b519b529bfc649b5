import errno
import json
import os
import shutil

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.stages.further import more_steps
from tests.stages.tiny_runs import config, replace_stage, run


@pytest.fixture
def finished(ran, monkeypatch, tmp_path):
    """A run of which a stage `style` has left a checkpoint."""

    def train(config, workdir):
        ran.append("style")
        steps = config.style.fit.steps
        folder = workdir / "style" / "checkpoints"
        folder.mkdir(exist_ok=True)
        (folder / f"ckpt-{steps}.index").write_text(f"after {len(list(folder.iterdir()))}")

    replace_stage(monkeypatch, "style", train)
    run(tmp_path)
    ran.clear()
    return tmp_path


def more(**others):
    return config(**{"style.fit.steps": 9, **others})


def test_a_finished_stage_goes_on_from_its_checkpoint_when_more_steps_are_asked_for(finished, ran):
    first, *_ = run(finished, "style", settings=more())
    assert first.startswith("[2/8] style: style.fit.steps raised from 3 to 9: trained further")
    assert "not equal to one training of 9" in first
    assert ran == ["style"]
    folder = finished / "style"
    assert (folder / "checkpoints" / "ckpt-9.index").read_text() == "after 1"
    assert json.loads((folder / "done.json").read_text())["settings"]["style"]["fit"]["steps"] == 9
    assert not (finished / ".replaced-style").exists()
    lines = run(finished)  # what was made from the shorter training is stale now
    assert "[2/8] style: finished already, but made with other settings: style.fit.steps" in (
        "\n".join(lines)
    )
    assert "content" in ran


def test_all_keeps_it_and_says_how_to_train_it_further(finished, ran):
    lines = run(finished, settings=more())
    assert ran == []
    (line,) = [line for line in lines if "other settings: style.fit.steps" in line]
    assert line.endswith(f"; to train it further: {command(finished, 'style')}")


def command(workdir, stage):
    return f"anime-style --config=tiny.py --workdir={workdir} --stage={stage}"


@pytest.mark.parametrize("asked", [config(**{"style.fit.steps": 2}), more(seed=8)], ids=str)
def test_fewer_steps_or_another_setting_are_kept_as_before(finished, ran, asked):
    (line,) = run(finished, "style", settings=asked)
    assert "made with other settings" in line
    assert "further" not in line
    assert ran == []


def test_without_its_checkpoints_it_is_kept_as_before(finished, ran):
    shutil.rmtree(finished / "style" / "checkpoints")
    (line,) = run(finished, "style", settings=more())
    assert "Kept; to redo it" in line
    assert "further" not in line
    assert ran == []


def test_the_finished_results_wait_until_the_longer_training_is_finished(
    finished, ran, monkeypatch
):
    def stop(config, workdir):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        replace_stage(patch, "style", stop)
        with pytest.raises(RuntimeError, match="killed"):
            run(finished, "style", settings=more())
    assert not (finished / "style" / "done.json").exists()
    assert (finished / ".replaced-style" / "done.json").is_file()
    lines = run(finished, "style", settings=more())
    assert lines[0] == "[2/8] style: going on where it was interrupted"


def test_an_interrupted_stage_goes_on_with_more_steps(finished, ran):
    (finished / "style" / "done.json").unlink()
    lines = run(finished, "style", settings=more())
    assert "style.fit.steps raised from 3 to 9" in lines[0]
    assert ran == ["style"]


def test_a_disk_too_full_for_a_copy_leaves_the_finished_results(finished, ran, monkeypatch):
    def fill(source, target):
        os.mkdir(target)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", fill)
    with pytest.raises(InputError, match="disk is full"):
        run(finished, "style", settings=more())
    assert (finished / "style" / "done.json").is_file()
    assert not (finished / ".replaced-style").exists()


def test_steps_are_compared_as_whole_numbers():
    before, after = ({"style": {"fit": {"steps": steps}}} for steps in (800, 2000))
    assert "raised from 800 to 2000" in more_steps("style", before, after)
    assert more_steps("style", after, before) is None
    assert more_steps("style", before, before) is None
    assert more_steps("gan", before, after) is None
