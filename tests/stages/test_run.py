import json
import os
import random
import signal
import sys
import types

import keras
import numpy as np
import pytest
from ml_collections import ConfigDict

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES
from anime_style_tf.stages.run import run_stages


@pytest.fixture
def ran(monkeypatch):
    """Replaces each stage's module by one that leaves a file; returns the names as they run."""
    names = []

    def module(name):
        def run(config, workdir):
            names.append(name)
            (workdir / name / "made.txt").write_text(str(len(names)))
            return [f"{name} results"]

        return types.SimpleNamespace(run=run)

    for name in STAGES:
        monkeypatch.setitem(sys.modules, f"anime_style_tf.stages.{name}", module(name))
    return names


def replace_stage(monkeypatch, name, run):
    module = types.SimpleNamespace(run=run)
    monkeypatch.setitem(sys.modules, f"anime_style_tf.stages.{name}", module)


def config(**overrides):
    values = {name: {"fit": {"steps": 3}} for name in STAGES}
    values |= {"name": "tiny", "image_size": 16, "precision": "float32", "seed": 7}
    settings = ConfigDict(values)
    settings.update_from_flattened_dict(overrides)
    return settings


def run(workdir, stage="all", settings=None, **options):
    lines = []
    command = ["anime-style", "--config=tiny.py", f"--workdir={workdir}"]
    run_stages(
        config() if settings is None else settings,
        workdir,
        stage,
        report=lines.append,
        command=command,
        **options,
    )
    return lines


def test_all_runs_every_stage_in_order_and_says_where_the_results_are(ran, tmp_path):
    lines = run(tmp_path)
    assert ran == list(STAGES)
    assert "[2/7] style: style encoder, by metric learning over artists" in lines
    assert [line.split() for line in lines[-3:]] == [
        ["numbers", "evaluate", "results"],
        ["pictures", "explore", "results"],
        ["SavedModel", "export", "results"],
    ]


def test_a_finished_run_runs_nothing_and_still_says_where_the_results_are(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    lines = run(tmp_path)
    assert ran == []
    assert lines[0] == "[1/7] records: finished already"
    assert lines[-1].split() == ["SavedModel", "export", "results"]


@pytest.mark.parametrize("name", [name for name in STAGES if STAGES[name].needs])
def test_a_missing_input_names_the_stage_and_the_command(ran, tmp_path, name):
    with pytest.raises(InputError) as refusal:
        run(tmp_path, name)
    first = STAGES[name].needs[0]
    message = str(refusal.value)
    assert f"stage {name} needs the results of stage {first}" in message
    assert f"anime-style --config=tiny.py --workdir={tmp_path} --stage={first}" in message
    assert ran == []


def test_every_stage_needs_only_earlier_ones_and_reads_its_own_section():
    for position, (name, stage) in enumerate(STAGES.items()):
        assert set(stage.needs) <= set(list(STAGES)[:position])
        assert name in stage.reads


def test_a_stage_is_given_only_the_settings_that_it_declares(ran, monkeypatch, tmp_path):
    seen = {}
    replace_stage(monkeypatch, "records", lambda config, workdir: seen.update(config))
    run(tmp_path, "records")
    assert sorted(seen) == ["image_size", "records", "seed"]


def test_a_stage_cannot_change_its_settings_by_a_wrong_name(monkeypatch, ran, tmp_path):
    def misspell(config, workdir):
        config.records.fit.setps = 4

    replace_stage(monkeypatch, "records", misspell)
    with pytest.raises(AttributeError):
        run(tmp_path, "records")


def test_done_says_what_the_results_come_from(ran, tmp_path):
    run(tmp_path)
    (tmp_path / "records" / "info.json").write_text("{}")
    run(tmp_path, "style", overwrite=True)
    done = json.loads((tmp_path / "style" / "done.json").read_text())
    assert done["settings"] == {
        "image_size": 16,
        "precision": "float32",
        "seed": 7,
        "style": {"fit": {"steps": 3}},
    }
    assert done["versions"]["keras"] == keras.__version__
    # SHA-256 of "{}", by sha256sum.
    assert done["records_info_sha256"] == (
        "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    )
    assert list(done["inputs"]) == ["records"]
    assert done["left"] == ["style results"]


def test_overwrite_redoes_one_stage_and_all_then_redoes_what_was_made_from_it(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    run(tmp_path, "content", overwrite=True)
    assert ran == ["content"]
    lines = run(tmp_path)
    assert ran == ["content", "gan", "evaluate", "explore", "export"]
    assert "[4/7] gan: removing the old results (stale: content was redone since)" in lines


def test_a_stale_stage_asked_for_by_name_is_kept_and_reported(ran, tmp_path):
    run(tmp_path)
    run(tmp_path, "style", overwrite=True)
    ran.clear()
    (line,) = run(tmp_path, "export")
    assert ran == []
    assert "stale: style was redone since" in line
    assert line.endswith("--stage=export --overwrite")


def test_a_stage_on_stale_inputs_runs_and_says_so(ran, tmp_path):
    for name in ("records", "style", "content"):
        run(tmp_path, name)
    run(tmp_path, "records", overwrite=True)
    lines = run(tmp_path, "gan")
    assert "its input style is stale, records was redone since" in lines[0]
    assert ran[-1] == "gan"


def test_other_settings_are_named_and_nothing_is_redone_unasked(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    lines = run(tmp_path, settings=config(**{"gan.fit.steps": 9}))
    assert ran == []
    (line,) = [line for line in lines if "other settings" in line]
    assert line.startswith(
        "[4/7] gan: finished already, but made with other settings: gan.fit."
    )
    assert "--stage=gan --overwrite" in line


def test_overwriting_all_redoes_all(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    run(tmp_path, overwrite=True)
    assert ran == list(STAGES)


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
    assert lines[0] == "[2/7] style: going on where it was interrupted"
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


def test_a_stage_refused_at_its_door_may_be_tried_with_other_settings(
    ran, monkeypatch, tmp_path
):
    def refuse(config, workdir):
        raise InputError("no such source")

    with monkeypatch.context() as patch:
        replace_stage(patch, "records", refuse)
        with pytest.raises(InputError, match="no such source"):
            run(tmp_path, "records")
    run(tmp_path, "records", settings=config(seed=8))
    assert ran == ["records"]


def test_a_folder_that_no_run_has_made_is_neither_written_nor_removed(ran, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "precious.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="was not made by a run"):
            run(tmp_path, "records", overwrite=overwrite)
    assert (tmp_path / "records" / "precious.txt").read_text() == "mine"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_ends_a_stage_with_its_code_and_says_how_to_go_on(
    ran, monkeypatch, tmp_path, number, code
):
    handler = signal.getsignal(signal.SIGTERM)
    unwound = []

    def be_stopped(config, workdir):
        try:
            os.kill(os.getpid(), number)
            signal.pause()
        finally:
            unwound.append(True)

    replace_stage(monkeypatch, "records", be_stopped)
    lines = []
    with pytest.raises(SystemExit) as stop:
        run_stages(config(), tmp_path, report=lines.append)
    assert stop.value.code == code
    assert unwound
    assert lines[-1].strip() == f"anime-style --config=... --workdir={tmp_path} --stage=all"
    assert signal.getsignal(signal.SIGTERM) is handler
    assert not (tmp_path / "records" / "done.json").exists()


def test_what_a_training_loop_says_of_its_interruption_is_passed_on(ran, monkeypatch, tmp_path):
    from anime_style_tf.training.fit import Interrupted

    def be_interrupted(config, workdir):
        raise Interrupted(signal.SIGTERM, 30, 100)

    replace_stage(monkeypatch, "records", be_interrupted)
    lines = []
    with pytest.raises(SystemExit) as stop:
        run_stages(config(), tmp_path, "records", report=lines.append)
    assert stop.value.code == 143
    assert "after step 30 of 100" in lines[-2]


def test_the_result_of_a_stage_does_not_depend_on_which_ran_before(ran, monkeypatch, tmp_path):
    draws = []

    def draw(config, workdir):
        layer = keras.layers.Dense(2)
        layer.build((None, 3))
        dropout = keras.layers.Dropout(0.5)(np.ones((1, 64)), training=True)
        normal = keras.random.normal((3,))
        draws.append([layer.name, random.random(), np.random.rand(), layer.kernel.numpy()])
        draws[-1] += [np.array(dropout), np.array(normal)]

    replace_stage(monkeypatch, "style", draw)
    replace_stage(monkeypatch, "content", draw)
    run(tmp_path, "records")
    run(tmp_path, "style")
    run(tmp_path, "content")
    for of_style, of_content in zip(*draws, strict=True):
        np.testing.assert_array_equal(of_style, of_content)


def test_the_precision_is_that_of_the_configuration(ran, monkeypatch, tmp_path):
    policies = []

    def note(config, workdir):
        policies.append(keras.config.dtype_policy().name)

    replace_stage(monkeypatch, "style", note)
    run(tmp_path, "records")
    run(tmp_path, "style", settings=config(precision="mixed_bfloat16"))
    assert policies == ["mixed_bfloat16"]


def test_a_section_that_is_missing_is_named(ran, tmp_path):
    settings = config()
    del settings["records"]
    with pytest.raises(InputError, match="no records, which stage records reads"):
        run(tmp_path, "records", settings=settings)
