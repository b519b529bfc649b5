import json
import shutil

from anime_style_tf.stages import origins

FIRST, LATER, LAST = (f"2026-01-02T03:04:0{second}+00:00" for second in (5, 6, 7))


def finish(workdir, name, moment=FIRST):
    """Leaves what a stage leaves: what it began with, and that it has ended."""
    (workdir / name).mkdir(exist_ok=True)
    (workdir / name / "inputs.json").write_text(json.dumps(origins.inputs(workdir, name)))
    (workdir / name / "done.json").write_text(json.dumps({"finished": moment}))


def finish_all(workdir):
    for name in ("records", "style", "content", "evaluate"):
        finish(workdir, name)


def test_a_stage_reads_what_it_needs_and_of_what_it_uses_that_which_is_finished(tmp_path):
    for name in ("records", "style", "gan"):
        finish(tmp_path, name)
    (tmp_path / "content").mkdir()
    assert origins.sources(tmp_path, "evaluate") == ["records", "style", "gan"]
    assert list(origins.inputs(tmp_path, "evaluate")) == ["records", "style", "gan"]


def test_nothing_is_doubtful_until_an_input_has_changed(tmp_path):
    finish_all(tmp_path)
    assert origins.doubt(tmp_path, "evaluate") is None
    assert origins.changed_since(tmp_path, "evaluate") == {}
    assert origins.doubt(tmp_path, "explore") is None  # it never began


def test_the_earliest_change_above_a_stage_is_named(tmp_path):
    finish_all(tmp_path)
    finish(tmp_path, "content", LATER)
    assert origins.doubt(tmp_path, "evaluate") == "content was redone since"
    finish(tmp_path, "style", LATER)
    assert origins.doubt(tmp_path, "evaluate") == "style was redone since"
    assert origins.doubt(tmp_path, "content") == "style was redone since"
    assert origins.doubt(tmp_path, "style") is None
    finish(tmp_path, "content", LAST)
    assert origins.changed_since(tmp_path, "content") == {}


def test_what_came_or_went_since_is_not_said_to_be_redone(tmp_path):
    finish_all(tmp_path)
    finish(tmp_path, "gan", LATER)
    assert origins.doubt(tmp_path, "evaluate") == "gan was finished since"
    shutil.rmtree(tmp_path / "gan")
    assert origins.doubt(tmp_path, "evaluate") is None
    shutil.rmtree(tmp_path / "content")
    assert origins.doubt(tmp_path, "evaluate") == "content was removed since"


def test_a_stage_that_did_not_read_what_was_there_already_is_not_stale(tmp_path):
    finish_all(tmp_path)
    for name in ("gan", "evaluate", "explore"):
        finish(tmp_path, name)
    finish(tmp_path, "export", LATER)
    path = tmp_path / "export" / "inputs.json"
    read = json.loads(path.read_text())
    del read["explore"]
    path.write_text(json.dumps(read))
    assert origins.changed_since(tmp_path, "export") == {}
    finish(tmp_path, "explore", LAST)
    assert origins.doubt(tmp_path, "export") == "explore was finished since"
