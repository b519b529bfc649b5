import errno
import json
import random

import keras
import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES, checks
from tests.stages.tiny_runs import config, replace_stage, run


def test_all_runs_every_stage_in_order_and_says_where_the_results_are(ran, tmp_path):
    lines = run(tmp_path)
    assert ran == list(STAGES)
    assert "[2/8] style: style encoder, by metric learning over artists" in lines
    assert [line.split() for line in lines[-8:-4]] == [
        ["numbers", "evaluate", "results"],
        ["pictures", "explore", "results"],
        ["index", "index", "results"],
        ["SavedModel", "export", "results"],
    ]
    assert all(line.startswith("      next  ") for line in lines[-4:])


def test_a_finished_run_runs_nothing_and_still_says_where_the_results_are(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    lines = run(tmp_path)
    assert ran == []
    assert lines[0] == "[1/8] records: finished already"
    assert lines[-5].split() == ["SavedModel", "export", "results"]


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
        assert {*stage.needs, *stage.uses} <= set(list(STAGES)[:position])
        assert not {*stage.needs}.intersection(stage.uses)
        assert name in stage.reads


def test_the_style_code_alone_is_measured_drawn_and_indexed(ran, tmp_path):
    for name in ("records", "style", "evaluate", "explore", "index"):
        run(tmp_path, name)
    assert ran == ["records", "style", "evaluate", "explore", "index"]
    done = json.loads((tmp_path / "evaluate" / "done.json").read_text())
    assert list(done["inputs"]) == ["records", "style"]


def test_all_runs_the_stages_that_the_configuration_chooses(ran, tmp_path):
    chosen = ("index", "records", "style")
    lines = run(tmp_path, settings=config(stages=chosen))
    assert ran == ["records", "style", "index"]
    assert "[3/3] index: index over the style codes, to search and to look at" in lines
    assert [line.split()[0] for line in lines[-4:]] == ["index", "next", "next", "next"]
    lines = run(tmp_path, "evaluate", settings=config(stages=chosen))
    assert lines[0].startswith("[5/8] evaluate: ")


@pytest.mark.parametrize(
    ("chosen", "complaint"),
    [
        (("records", "styles"), r"^stages: expected some of records, .*, received also styles$"),
        (("records", "index"), r"^stages: index needs style too: add it, or run it first$"),
    ],
)
def test_stages_that_cannot_run_are_refused_before_the_first(chosen, complaint, ran, tmp_path):
    with pytest.raises(InputError, match=complaint):
        run(tmp_path, settings=config(stages=chosen))
    assert ran == []


def test_what_was_measured_without_a_stage_is_stale_when_it_has_come(ran, tmp_path):
    for name in ("records", "style", "evaluate", "explore", "index", "content"):
        run(tmp_path, name)
    ran.clear()
    lines = run(tmp_path)
    assert ran == ["gan", "evaluate", "explore", "export"]
    assert "[5/8] evaluate: replacing the old results (stale: content was finished since)" in lines


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
    assert "[4/8] gan: replacing the old results (stale: content was redone since)" in lines


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
    assert line.startswith("[4/8] gan: finished already, but made with other settings: gan.fit.")
    assert "--stage=gan --overwrite" in line


def test_overwriting_all_redoes_all(ran, tmp_path):
    run(tmp_path)
    ran.clear()
    run(tmp_path, overwrite=True)
    assert ran == list(STAGES)


def test_a_folder_that_no_run_has_made_is_neither_written_nor_removed(ran, tmp_path):
    (tmp_path / "records").mkdir()
    (tmp_path / "records" / "precious.txt").write_text("mine")
    for overwrite in (False, True):
        with pytest.raises(InputError, match="was not made by a run"):
            run(tmp_path, "records", overwrite=overwrite)
    assert (tmp_path / "records" / "precious.txt").read_text() == "mine"


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


def test_a_refused_replacement_leaves_the_old_results_as_they_were(ran, monkeypatch, tmp_path):
    run(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}

    def refuse(config, workdir):
        raise InputError("these settings do not fit")

    replace_stage(monkeypatch, "style", refuse)
    with pytest.raises(InputError, match="do not fit"):
        run(tmp_path, "style", overwrite=True)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert run(tmp_path, "style") == ["[2/8] style: finished already"]


def test_old_results_are_kept_until_new_ones_are_finished(ran, monkeypatch, tmp_path):
    run(tmp_path)
    kept = []

    def look(config, workdir):
        kept.append((tmp_path / ".replaced-style" / "done.json").is_file())

    replace_stage(monkeypatch, "style", look)
    run(tmp_path, "style", overwrite=True)
    assert kept == [True]
    assert not (tmp_path / ".replaced-style").exists()


def test_a_full_disk_is_one_line_in_any_stage(ran, monkeypatch, tmp_path):
    def fill(config, workdir):
        raise OSError(errno.ENOSPC, "No space left on device", "part-3")

    replace_stage(monkeypatch, "records", fill)
    with pytest.raises(InputError, match=r"the disk is full: .*records could not be written"):
        run(tmp_path, "records")


def test_all_checks_the_settings_of_every_stage_before_the_first_runs(ran, monkeypatch, tmp_path):
    def refuse(config, names):
        raise InputError(f"wrong in one of {', '.join(names)}")

    run(tmp_path, "records")
    monkeypatch.setattr(checks, "check_settings", refuse)
    with pytest.raises(InputError, match="one of style, content, gan, evaluate, explore, index"):
        run(tmp_path)
    with pytest.raises(InputError, match=r"one of style$"):
        run(tmp_path, "style")
    assert ran == ["records"]


def test_a_set_is_checked_when_it_is_there_and_old_results_are_kept(ran, monkeypatch, tmp_path):
    def refuse(config, path, stage):
        if stage != "records":
            raise InputError(f"{path} is too small for {stage}")

    run(tmp_path)
    made = (tmp_path / "style" / "made.txt").read_text()
    monkeypatch.setattr(checks, "check_set", refuse)
    with pytest.raises(InputError, match="records is too small for style"):
        run(tmp_path, overwrite=True)
    assert ran == [*STAGES, "records"]
    assert (tmp_path / "style" / "made.txt").read_text() == made


def test_a_missing_section_of_a_later_stage_is_named_before_the_first_runs(ran, tmp_path):
    settings = config()
    del settings["gan"]
    with pytest.raises(InputError, match="no gan, which stage gan reads"):
        run(tmp_path, settings=settings)
    assert ran == []
