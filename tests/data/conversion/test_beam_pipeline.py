"""The same sets as those of `write_records`, to the byte, if Beam is installed (extra `beam`)."""

import dataclasses
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("apache_beam")

from anime_style_tf.data.conversion import beam_pipeline, rendering, writer
from anime_style_tf.data.conversion.beam_pipeline import write_records_with_beam
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.errors import InputError
from tests.conventions.sources import ROOT
from tests.data.drawings import Drawing, Drawings

SETTINGS = Settings(image_size=16)
RULES = Rules(min_works=6, test_fraction=0.2, test_minimum=2)
WORKS = {"ann": 30, "bob": 20, "eve": 3, "李": 12}
FAULTS = {
    ("ann", 3): "damaged",
    ("ann", 5): "twin",
    ("ann", 9): "twin",
    ("bob", 0): "damaged",
    ("bob", 4): "twin",
}


class Killed(BaseException):
    """Ends a conversion as a signal would."""


def kill(*_, **__):
    raise Killed


def locally(source, output, **options):
    return write_records(
        Plan(
            source=source,
            output=output,
            rendering=SETTINGS,
            rules=RULES,
            workers=1,
            progress=False,
            **options,
        )
    )


def with_beam(source, output, runner="DirectRunner", **options):
    plan = Plan(source=source, output=output, rendering=SETTINGS, rules=RULES, **options)
    return write_records_with_beam(plan, runner=runner)


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("shards", [None, 3])
def test_each_byte_is_as_without_beam(tmp_path, shards):
    info = locally(Drawings(WORKS, FAULTS), tmp_path / "1", shards=shards)
    assert with_beam(Drawings(WORKS, FAULTS), tmp_path / "2", shards=shards) == info
    assert {name for name, count in info["verdicts"].items() if count} == {
        "kept", "duplicate", "unreadable", "artist too small",
    }  # fmt: skip
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_the_size_of_the_shards_is_that_of_the_pictures(tmp_path, monkeypatch):
    monkeypatch.setattr("anime_style_tf.data.conversion.shard_files.SHARD_BYTES", 10_000)
    locally(Drawings(WORKS), tmp_path / "1")
    with_beam(Drawings(WORKS), tmp_path / "2")
    assert len(files(tmp_path / "1")) > 8
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_several_portraits_of_a_work_keep_their_numbers(tmp_path, monkeypatch):
    make = rendering._with_portraits

    def make_two(done, data, settings):
        whole = make(done, data, settings)
        (first,) = whole.portraits
        other = np.random.default_rng(list(data)).bytes(len(first.fingerprint))
        second = dataclasses.replace(first, face='{"number": 1}', fingerprint=other)
        return dataclasses.replace(whole, portraits=(first, second))

    monkeypatch.setattr(rendering, "_with_portraits", make_two)
    info = locally(Drawings(WORKS, FAULTS), tmp_path / "1", shards=2)
    assert sum(info["counts"].values()) == 2 * info["verdicts"]["kept"]
    with_beam(Drawings(WORKS, FAULTS), tmp_path / "2", shards=2)
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.parametrize("first", [locally, with_beam])
@pytest.mark.parametrize("options", [{"append": True}, {"overwrite": True}], ids=str)
def test_each_byte_is_as_without_beam_where_a_set_was_before(tmp_path, first, options):
    for folder, convert in (("1", locally), ("2", with_beam)):
        first(Drawings(WORKS), tmp_path / folder)
        more = Drawings(
            {"bob": 25, "zoe": 9}, FAULTS, name="second" if "append" in options else "drawings"
        )
        convert(more, tmp_path / folder, **options)
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_opt_outs_and_rejects_hold(tmp_path):
    (tmp_path / "opt-out.txt").write_text("bob\n")
    for folder, convert in (("1", locally), ("2", with_beam)):
        info = convert(Drawings(WORKS), tmp_path / folder, opt_out=tmp_path / "opt-out.txt")
        assert info["verdicts"]["rejected"] == 20
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.parametrize(
    ("owner", "name"),
    [(writer, "select"), (writer, "write_set"), (writer, "publish"), (beam_pipeline, "_fresh")],
    ids=str,
)
def test_wherever_it_ends_the_next_run_leaves_the_same_bytes(tmp_path, monkeypatch, owner, name):
    locally(Drawings(WORKS, FAULTS), tmp_path / "1", shards=3)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, kill)
        with pytest.raises(Killed):
            with_beam(Drawings(WORKS, FAULTS), tmp_path / "2", shards=3)
    with_beam(Drawings(WORKS, FAULTS), tmp_path / "2", shards=3, overwrite=True)
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_what_was_rendered_is_not_rendered_again(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(writer, "select", kill)
        with pytest.raises(Killed):
            with_beam(Drawings(WORKS), tmp_path)
    monkeypatch.setattr(Drawing, "read", None)
    assert with_beam(Drawings(WORKS), tmp_path)["verdicts"]["kept"] == 62


def test_works_that_change_between_two_runs_are_rendered_again(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(writer, "select", kill)
        with pytest.raises(Killed):
            with_beam(Drawings(WORKS), tmp_path / "2")
    with_beam(Drawings(WORKS, version=1), tmp_path / "2")
    locally(Drawings(WORKS, version=1), tmp_path / "1")
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.parametrize(("first", "second"), [(locally, with_beam), (with_beam, locally)])
def test_a_run_of_one_kind_begins_anew_after_a_killed_one_of_the_other(
    tmp_path, monkeypatch, first, second
):
    with monkeypatch.context() as patch:
        patch.setattr(writer, "select", kill)
        with pytest.raises(Killed):
            first(Drawings(WORKS), tmp_path / "2")
    second(Drawings(WORKS), tmp_path / "2")
    locally(Drawings(WORKS), tmp_path / "1")
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"runner": "NoSuchRunner"}, "runner: expected one that Beam knows"),
        ({"shards": 0}, "shards: expected at least 1, received 0"),
        ({"append": True}, "expected a finished set to add to"),
    ],
)
def test_what_makes_no_sense_is_an_error_and_leaves_nothing(tmp_path, options, message):
    with pytest.raises(InputError, match=message):
        with_beam(Drawings(WORKS), tmp_path, **options)
    assert not list(tmp_path.iterdir())


def test_a_path_that_beam_would_take_for_a_pattern_is_refused(tmp_path):
    with pytest.raises(InputError, match="expected a path without any of"):
        with_beam(Drawings(WORKS), tmp_path / "set [1]")
    assert not list(tmp_path.iterdir())


SCRIPT = """
import sys

from anime_style_tf.data.conversion.beam_pipeline import write_records_with_beam
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.sources import SOURCES

if __name__ == "__main__":
    write_records_with_beam(
        Plan(
            source=SOURCES["folder"](path=sys.argv[1]),
            output=sys.argv[2],
            rendering=Settings(image_size=16),
            rules=Rules(min_works=6, test_fraction=0.2, test_minimum=2),
            shards=2,
        ),
        pipeline_options=["--direct_running_mode=multi_processing", "--direct_num_workers=2"],
    )
"""


def test_pictures_in_folders_are_converted_by_other_processes_alike(tmp_path):
    pytest.importorskip("anime_style_tf.data.sources.folder")
    from anime_style_tf.data.sources import SOURCES

    random = np.random.default_rng(0)
    for artist in ("ann", "李 小龍"):
        folder = tmp_path / "pictures" / artist
        folder.mkdir(parents=True)
        for number in range(12):
            pixels = random.integers(0, 256, (24, 20 + number, 3), np.uint8)
            Image.fromarray(pixels).save(folder / f"{number}.png")
        (folder / "copy.png").write_bytes((folder / "3.png").read_bytes())
        (folder / "torn.png").write_bytes((folder / "4.png").read_bytes()[:200])
        (folder / "notes.txt").write_text("no picture")
    info = locally(SOURCES["folder"](path=tmp_path / "pictures"), tmp_path / "1", shards=2)
    assert info["verdicts"]["kept"] == 24
    (tmp_path / "script.py").write_text(SCRIPT)
    subprocess.run(
        [sys.executable, tmp_path / "script.py", tmp_path / "pictures", tmp_path / "2"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert files(tmp_path / "1") == files(tmp_path / "2")
