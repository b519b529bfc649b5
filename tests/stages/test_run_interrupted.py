import os
import signal
import time

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.stages.run import run_stages
from anime_style_tf.training.fit import Interrupted
from tests.stages.tiny_runs import config, replace_stage, run


def interrupted_style(monkeypatch, workdir):
    """Runs records, then a style stage that is killed after it has written something."""
    run(workdir, "records")

    def die(config, workdir):
        (workdir / "style" / "checkpoint").write_text("half")
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        replace_stage(patch, "style", die)
        with pytest.raises(RuntimeError, match="killed"):
            run(workdir, "style")


def test_an_interrupted_stage_goes_on_in_its_folder(ran, monkeypatch, tmp_path):
    interrupted_style(monkeypatch, tmp_path)
    lines = run(tmp_path, "style")
    assert lines[0] == "[2/8] style: going on where it was interrupted"
    assert (tmp_path / "style" / "checkpoint").read_text() == "half"


def test_an_interrupted_stage_refuses_to_go_on_with_other_settings(ran, monkeypatch, tmp_path):
    interrupted_style(monkeypatch, tmp_path)
    with pytest.raises(InputError, match=r"with other seed, style\.fit\.steps"):
        run(tmp_path, "style", settings=config(seed=8, **{"style.fit.steps": 9}))


def test_an_interrupted_stage_refuses_to_go_on_with_other_records(ran, monkeypatch, tmp_path):
    interrupted_style(monkeypatch, tmp_path)
    run(tmp_path, "records", overwrite=True)
    with pytest.raises(InputError, match="with other results of records"):
        run(tmp_path, "style")


def test_a_stage_refused_at_its_door_may_be_tried_with_other_settings(ran, monkeypatch, tmp_path):
    def refuse(config, workdir):
        raise InputError("no such source")

    with monkeypatch.context() as patch:
        replace_stage(patch, "records", refuse)
        with pytest.raises(InputError, match="no such source"):
            run(tmp_path, "records")
    run(tmp_path, "records", settings=config(seed=8))
    assert ran == ["records"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_stage_with_its_code_and_says_how_to_go_on(
    ran, monkeypatch, tmp_path, number, code
):
    # A job that a shell starts in the background ignores Ctrl-C; the one tested does not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    handler = signal.getsignal(signal.SIGTERM)
    unwound = []

    def be_stopped(config, workdir):
        try:
            os.kill(os.getpid(), number)
            time.sleep(30)
        finally:
            unwound.append(True)

    replace_stage(monkeypatch, "records", be_stopped)
    lines = []
    try:
        with pytest.raises(SystemExit) as stop:
            run_stages(config(), tmp_path, report=lines.append)
    finally:
        signal.signal(signal.SIGINT, before)
    assert stop.value.code == code
    assert unwound
    assert lines[-1].strip() == f"anime-style --config=... --workdir={tmp_path} --stage=all"
    assert signal.getsignal(signal.SIGTERM) is handler
    assert not (tmp_path / "records" / "done.json").exists()


def test_what_a_training_loop_says_of_its_interruption_is_passed_on(ran, monkeypatch, tmp_path):
    def be_interrupted(config, workdir):
        raise Interrupted(signal.SIGTERM, 30, 100)

    replace_stage(monkeypatch, "records", be_interrupted)
    lines = []
    with pytest.raises(SystemExit) as stop:
        run_stages(config(), tmp_path, "records", report=lines.append)
    assert stop.value.code == 143
    assert "after step 30 of 100" in lines[-2]
