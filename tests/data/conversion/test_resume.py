"""A conversion that ends at any moment goes on, and leaves what an undisturbed one leaves."""

import os
import random
import subprocess
import sys
import time
import types

import pytest

from anime_style_tf.data.conversion import journal as journal_module
from anime_style_tf.data.conversion import outcome, shard_files, writer
from anime_style_tf.data.conversion.journal import Journal
from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.errors import InputError
from tests.conventions.sources import ROOT
from tests.data.drawings import Drawing, Drawings
from tests.data.written_sets import verdicts, write

WORKS = {"ann": 30, "bob": 20}


class Killed(BaseException):
    """Ends a conversion as a signal would."""


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def kill_at_call(monkeypatch, owner, name, count):
    """Makes the call number `count` of a function, from 0, the last thing that is done."""
    original = getattr(owner, name)
    calls = iter(range(count))

    def call(*arguments, **options):
        if next(calls, None) is None:
            raise Killed
        return original(*arguments, **options)

    monkeypatch.setattr(owner, name, call)


@pytest.mark.parametrize(
    ("owner", "name", "count"),
    [
        (Drawing, "read", 3),
        (Drawing, "read", 45),
        (writer, "select", 0),
        (shard_files, "_write_shard", 0),
        (shard_files, "_write_shard", 2),
        (outcome, "write_ledger", 0),
        (writer, "publish", 0),
        (outcome.os, "replace", 1),
        (outcome.os, "replace", 4),
        (outcome.shutil, "rmtree", 0),
    ],
    ids=str,
)
def test_wherever_it_ends_the_next_run_leaves_the_same_bytes(
    tmp_path, monkeypatch, owner, name, count
):
    undisturbed, disturbed = tmp_path / "1", tmp_path / "2"
    write(undisturbed, WORKS, shards=3)
    with monkeypatch.context() as patch:
        kill_at_call(patch, owner, name, count)
        with pytest.raises(Killed):
            write(disturbed, WORKS, shards=3)
    write(disturbed, WORKS, shards=3, overwrite=True)
    assert files(disturbed) == files(undisturbed)


def test_what_was_rendered_is_not_rendered_again(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        kill_at_call(patch, writer, "select", 0)
        with pytest.raises(Killed):
            write(tmp_path, WORKS)
    monkeypatch.setattr(Drawing, "read", None)
    assert write(tmp_path, WORKS)["verdicts"]["kept"] == 50


def test_works_that_changed_or_went_meanwhile_are_noticed(tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        kill_at_call(patch, writer, "select", 0)
        with pytest.raises(Killed):
            write(tmp_path / "1", {"ann": 30})
    write(tmp_path / "1", {"ann": 20}, source={"version": 1})
    write(tmp_path / "2", {"ann": 20}, source={"version": 1})
    assert files(tmp_path / "1") == files(tmp_path / "2")
    assert "20 works have changed since they were read" in caplog.text


def test_a_work_that_changes_while_the_others_are_read_is_read_again(tmp_path, monkeypatch):
    early = iter(["early"] * 3)  # as listed, as missing, and before it is read
    monkeypatch.setattr(
        Drawing, "stamp", lambda drawing: next(early, "late") if drawing.number == 5 else "same"
    )
    reads = []
    read = Drawing.read
    monkeypatch.setattr(Drawing, "read", lambda drawing: reads.append(drawing) or read(drawing))
    write(tmp_path, {"ann": 6})
    assert [drawing.number for drawing in reads] == [0, 1, 2, 3, 4, 5, 5]


def test_other_settings_begin_anew(tmp_path, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        kill_at_call(patch, writer, "select", 0)
        with pytest.raises(Killed):
            write(tmp_path, WORKS)
    assert write(tmp_path, WORKS, image_size=32)["image_size"] == 32
    assert "other settings or versions than before" in caplog.text


def test_a_damaged_journal_costs_only_time(tmp_path):
    write(tmp_path / "1", WORKS)
    (tmp_path / "2" / ".writing").mkdir(parents=True)
    (tmp_path / "2" / ".writing" / "journal.sqlite").write_bytes(b"no database" * 1000)
    write(tmp_path / "2", WORKS)
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_two_conversions_cannot_write_one_set(tmp_path, monkeypatch):
    def meanwhile(*_, **__):
        with pytest.raises(InputError, match="is being written by another process"):
            write(tmp_path, WORKS)
        raise Killed

    monkeypatch.setattr(writer, "select", meanwhile)
    with pytest.raises(Killed):
        write(tmp_path, WORKS)


def test_rewriting_a_set_renders_only_what_is_new(tmp_path, monkeypatch):
    write(tmp_path / "1", {"ann": 20, "eve": 2})
    read = []
    original = Drawing.read
    monkeypatch.setattr(
        Drawing, "read", lambda drawing: read.append(drawing.reference) or original(drawing)
    )
    write(tmp_path / "1", {"ann": 24, "eve": 2}, overwrite=True)
    assert sorted(read) == [f"ann no. {n}" for n in range(20, 24)] + ["eve no. 0", "eve no. 1"]


def test_adding_to_a_set_keeps_labels_sides_and_what_the_new_source_does_not_list(tmp_path):
    write(tmp_path, {"bob": 12, "eve": 2})
    before = {row["reference"]: row for row in read_ledger(tmp_path)}
    info = write(tmp_path, {"ann": 9, "eve": 9}, source={"name": "second"}, append=True)
    assert [artist["name"] for artist in info["artists"]] == ["bob", "ann", "eve"]
    assert info["inputs"] == [{"name": "drawings"}, {"name": "second"}]
    after = {row["reference"]: row for row in read_ledger(tmp_path) if row["input"] == 0}
    assert after.keys() == before.keys()
    for reference, row in before.items():
        assert after[reference]["verdict"] == row["verdict"]
        assert after[reference]["split"] == row["split"]
    assert info["verdicts"]["kept"] == 30


def test_the_verdicts_of_what_was_not_kept_stay_when_a_set_is_added_to(tmp_path):
    faults = {("ann", 3): "twin", ("ann", 5): "damaged"}
    write(tmp_path, {"ann": 12, "eve": 2}, faults)
    before = {row["reference"]: row for row in read_ledger(tmp_path)}
    assert before["ann no. 3"]["duplicate_of"] == "ann no. 0"
    info = write(tmp_path, {"joe": 8}, source={"name": "second"}, append=True)
    after = {row["reference"]: row for row in read_ledger(tmp_path)}
    for reference, row in before.items():
        for column in ("verdict", "reason", "duplicate_of", "split"):
            assert after[reference][column] == row[column]
    assert sum(info["verdicts"].values()) == 22


def test_artists_that_go_are_named(tmp_path, caplog):
    write(tmp_path, {"ann": 12, "bob": 8})
    write(tmp_path, {"ann": 12}, overwrite=True)
    assert "artists no longer in the set: bob" in caplog.text


def test_what_is_added_twice_is_a_duplicate_of_what_was_there(tmp_path):
    write(tmp_path, {"ann": 12})
    info = write(tmp_path, {"ann": 14}, source={"name": "second"}, append=True)
    assert (info["verdicts"]["kept"], info["verdicts"]["duplicate"]) == (14, 12)


def test_a_file_that_was_kept_stays_when_its_twin_turns_up_before_it(tmp_path):
    write(tmp_path, {"ann": 12}, {("ann", 0): "damaged", ("ann", 7): "twin"})
    write(tmp_path, {"ann": 12}, {("ann", 7): "twin"}, overwrite=True)
    assert verdicts(tmp_path)["ann no. 7"] == ("kept", "")
    assert verdicts(tmp_path)["ann no. 0"] == ("duplicate", "the same file")


SCRIPT = """
import sys
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from tests.data.drawings import Drawings

if __name__ == "__main__":
    write_records(Plan(
        source=Drawings({"ann": 150, "bob": 100}), output=sys.argv[1],
        rendering=Settings(image_size=64), rules=Rules(min_works=9, test_minimum=2),
        shards=4, workers=int(sys.argv[2]), overwrite=True, progress=False,
    ))
"""


def test_sigkill_at_random_moments_leaves_the_same_bytes(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)

    def start(folder, workers):
        return subprocess.Popen(
            [sys.executable, script, tmp_path / folder, str(workers)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )

    began = time.monotonic()
    assert start("undisturbed", 1).wait() == 0
    duration = time.monotonic() - began
    moments = random.Random(0)
    for _ in range(5):
        process = start("disturbed", 2)
        time.sleep(moments.uniform(0.4, 1.1) * duration)
        process.kill()
        process.wait()
    assert start("disturbed", 2).wait() == 0
    assert files(tmp_path / "disturbed") == files(tmp_path / "undisturbed")


def test_a_journal_that_a_version_before_left_is_begun_anew(tmp_path, caplog):
    path = tmp_path / "journal.sqlite"
    with Journal(path, {"a": 1}) as journal:
        journal.database.execute("PRAGMA user_version = 1")
        journal.database.execute("ALTER TABLE work DROP COLUMN pixels")
    with Journal(path, {"a": 1}) as journal:
        journal.put({"input": 0, "reference": "1", "work_id": "1", "pixels": 9}, [])
        assert journal.database.execute("SELECT pixels FROM work").fetchall() == [(9,)]
    assert "starting anew" in caplog.text


def test_what_was_rendered_is_on_disk_after_seconds_however_few_works_that_are(
    tmp_path, monkeypatch
):
    now = 0.0
    monkeypatch.setattr(journal_module, "time", types.SimpleNamespace(monotonic=lambda: now))
    waiting = []
    works = Drawings({"ann": 4}).artworks()
    with Journal(tmp_path / "journal", {}) as journal:
        for rendered in render_all(works, settings=Settings(image_size=8), workers=1):
            journal.add(rendered, number=0)
            waiting.append(journal.database.in_transaction)
            now += 1
    assert waiting == [True, True, False, True]
