import csv
import dataclasses
import io
import json
import os

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.inspection.export import export_set
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.data.opt_outs import read_opt_outs
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.data.sources.manifest import ManifestSource
from anime_style_tf.errors import InputError
from tests.data.drawings import Drawing, Drawings
from tests.data.finished_sets import flip
from tests.data.written_sets import read, text, write

HOSTILE = ["..", "a/b", "Ann", "ann", "n\0l", "猫 犬", "works.csv", "test", "x" * 300, "=1+1", ""]


class Opaque(Drawings):
    """Drawings without transparency, so that black is drawn and no padding."""

    def artworks(self):
        for drawing in super().artworks():
            yield OpaqueDrawing(**dataclasses.asdict(drawing))


class OpaqueDrawing(Drawing):
    def decode(self, data, *, image_size, max_pixels):
        picture = super().decode(data, image_size=image_size, max_pixels=max_pixels)
        picture.putalpha(255)
        return picture


def export(records, output, **options):
    return export_set(records, output, progress=False, **options)


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def contents(folder):
    """All portraits of a set by identity: split, artist, both PNGs."""
    found = {}
    for split in ("train", "test"):
        for features in read(folder, split):
            pictures = [
                features[name].bytes_list.value[0] for name in ("image_png", "coverage_png")
            ]
            place = (split, text(features, "artist_name"), text(features, "factors"))
            found[text(features, "work_id")] = (*place, *pictures)
    return found


def again(source, output, **options):
    rules = Rules(min_works=2, test_minimum=1, **options)
    settings = Settings(image_size=16)
    write_records(
        Plan(
            source=source, output=output, rendering=settings, rules=rules, workers=1, progress=False
        )
    )
    return contents(output)


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_records_of_an_export_read_as_a_manifest_are_those_exported(tmp_path):
    rules = Rules(min_works=6, test_minimum=2)
    write_records(
        Plan(
            source=Opaque({"ann": 12, "猫": 9}),
            output=tmp_path / "1",
            rendering=Settings(image_size=16),
            rules=rules,
            workers=1,
            progress=False,
        )
    )
    assert export(tmp_path / "1", tmp_path / "out") == 21
    found = again(ManifestSource(path=tmp_path / "out" / "works.csv"), tmp_path / "2")
    assert found == contents(tmp_path / "1")


def test_with_alpha_the_coverage_survives_as_well(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    export(tmp_path / "1", tmp_path / "out", alpha=True)
    found = again(ManifestSource(path=tmp_path / "out" / "works.csv"), tmp_path / "2")
    assert found == contents(tmp_path / "1")


def test_an_export_read_as_a_folder_gives_the_same_pictures(tmp_path):
    write(tmp_path / "1", {"ann": 9, "bob": 8})
    export(tmp_path / "1", tmp_path / "out", coverage=True)
    found = again(FolderSource(path=tmp_path / "out"), tmp_path / "2")
    before = contents(tmp_path / "1").values()
    kept = [row["artist"] for row in read_ledger(tmp_path / "2") if row["verdict"] == "kept"]
    assert sorted(kept) == ["ann"] * 9 + ["bob"] * 8
    assert sorted(row[3] for row in found.values()) == sorted(row[3] for row in before)


def test_an_imagefolder_export_read_as_a_folder_gives_the_same_artists_and_sides(tmp_path):
    write(tmp_path / "1", {"ann": 12, "bob": 12})
    export(tmp_path / "1", tmp_path / "out", layout="imagefolder", coverage=True)
    found = again(FolderSource(path=tmp_path / "out"), tmp_path / "2")
    places = [
        sorted((split, artist, image) for split, artist, _, image, _ in rows.values())
        for rows in (found, contents(tmp_path / "1"))
    ]
    assert places[0] == places[1]
    assert {split for split, *_ in places[0]} == {"train", "test"}


@pytest.mark.parametrize("layout", ["folder", "imagefolder"])
def test_artists_of_any_name_stay_inside_and_apart(tmp_path, layout):
    write(tmp_path / "1", dict.fromkeys(HOSTILE, 6))
    output = tmp_path / "deep" / "out"
    assert export(tmp_path / "1", output, layout=layout, coverage=True) == 6 * len(HOSTILE)
    assert {path.name for path in tmp_path.iterdir()} == {"1", "deep"}
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["out"]
    pictures = [path for path in output.rglob("*.png") if ".coverage" not in path.parts]
    assert len(pictures) == 6 * len(HOSTILE)
    folders = {path.parent.name.casefold() for path in pictures}
    assert len(folders) == len(HOSTILE)
    if layout == "folder":
        rows = table(output / "works.csv")
        assert {row["artist"] for row in rows} == set(HOSTILE)
        for row in rows:
            assert (output / row["path"]).is_file()


def test_pictures_and_masks_are_the_records_byte_for_byte_and_the_tables_say_whence(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    export(tmp_path / "1", tmp_path / "out", coverage=True)
    expected = contents(tmp_path / "1")
    ledger = {row["reference"]: row for row in read_ledger(tmp_path / "1")}
    works, origins = (table(tmp_path / "out" / name) for name in ("works.csv", "origins.csv"))
    assert list(works[0]) == ["path", "artist", "id", "split", "factors"]
    assert [row["path"] for row in works] == [row["path"] for row in origins]
    for work, origin in zip(works, origins, strict=True):
        picture = (tmp_path / "out" / work["path"]).read_bytes()
        mask = (tmp_path / "out" / origin["coverage"]).read_bytes()
        place = (work["split"], work["artist"], work["factors"])
        assert expected[work["id"]] == (*place, picture, mask)
        row = ledger[origin["source"]]
        assert (row["work_id"], row["sha256"]) == (work["id"], origin["sha256"])
        assert origin["face"] == "{}"


def test_the_imagefolder_layout_has_a_table_for_each_split(tmp_path):
    write(tmp_path / "1", {"007": 9, "NA": 9})
    export(tmp_path / "1", tmp_path / "out", layout="imagefolder", coverage=True)
    expected = contents(tmp_path / "1")
    seen = 0
    for split in ("train", "test"):
        folder = tmp_path / "out" / split
        for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines():
            row = json.loads(line)
            picture = (folder / row["file_name"]).read_bytes()
            mask = (folder / row["coverage_file_name"]).read_bytes()
            assert expected[row["id"]] == (split, row["artist"], row["factors"], picture, mask)
            assert ["007", "NA"][row["label"]] == row["artist"]
            seen += 1
    assert seen == 18


def test_alpha_looks_on_black_as_the_picture_does(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    export(tmp_path / "1", tmp_path / "out", alpha=True)
    expected = contents(tmp_path / "1")
    for row in table(tmp_path / "out" / "works.csv"):
        with Image.open(tmp_path / "out" / row["path"]) as picture:
            assert picture.mode == "RGBA"
            black = Image.new("RGBA", picture.size, "black")
            seen = Image.alpha_composite(black, picture).convert("RGB")
        drawn = Image.open(io.BytesIO(expected[row["id"]][3]))
        difference = np.asarray(seen).astype(int) - np.asarray(drawn)
        assert np.abs(difference).max() <= 1


@pytest.mark.parametrize("count", [0, 1, 5, 18, 19])
def test_an_export_that_is_stopped_goes_on_and_leaves_the_same(tmp_path, monkeypatch, count):
    write(tmp_path / "1", {"ann": 9, "bob": 8})
    export(tmp_path / "1", tmp_path / "undisturbed")
    calls, replace = iter(range(count)), os.replace

    def stop(*paths):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        replace(*paths)

    with monkeypatch.context() as patch:
        patch.setattr("anime_style_tf.data.inspection.export.os.replace", stop)
        with pytest.raises(KeyboardInterrupt):
            export(tmp_path / "1", tmp_path / "out")
    written = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.png")}
    export(tmp_path / "1", tmp_path / "out")
    assert files(tmp_path / "out") == files(tmp_path / "undisturbed")
    assert all(path.stat().st_mtime_ns == time for path, time in written.items())


def test_a_picture_that_was_changed_is_put_right(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    export(tmp_path / "1", tmp_path / "out")
    before = files(tmp_path / "out")
    next((tmp_path / "out" / "ann").iterdir()).write_bytes(b"scribble")
    export(tmp_path / "1", tmp_path / "out")
    assert files(tmp_path / "out") == before


def test_what_others_have_put_somewhere_is_left_alone(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear")
    for output in ("full", "full/letter.txt"):
        with pytest.raises(InputError, match="expected a new or empty folder"):
            export(tmp_path / "1", tmp_path / output)
    assert files(tmp_path / "full") == {"letter.txt": b"dear"}
    export(tmp_path / "1", tmp_path / "out")
    with pytest.raises(InputError, match="other records or with other options"):
        export(tmp_path / "1", tmp_path / "out", alpha=True)
    (tmp_path / "out" / "ann").rename(tmp_path / "elsewhere")
    (tmp_path / "out" / "ann").symlink_to(tmp_path / "full")
    with pytest.raises(InputError, match="received a link"):
        export(tmp_path / "1", tmp_path / "out")
    assert files(tmp_path / "full") == {"letter.txt": b"dear"}


def test_nothing_is_exported_of_shards_that_are_damaged(tmp_path):
    write(tmp_path / "1", {"ann": 9})
    flip(next((tmp_path / "1").glob("test-*")), 40)
    with pytest.raises(InputError, match=r"its SHA-256 is not the one in info\.json; anime-st"):
        export(tmp_path / "1", tmp_path / "out")
    assert not list((tmp_path / "out").rglob("*.png"))


def test_the_attribution_goes_wherever_the_pictures_go(tmp_path):
    source = Drawings({"ann": 9})
    source.attribution = lambda: "by Ann"
    rules = Rules(min_works=6, test_minimum=2)
    write_records(
        Plan(source=source, output=tmp_path / "1", rules=rules, workers=1, progress=False)
    )
    export(tmp_path / "1", tmp_path / "out")
    assert (tmp_path / "out" / "ATTRIBUTION.md").read_text() == "by Ann"


def test_the_opt_out_list_goes_wherever_the_pictures_go(tmp_path):
    names = tmp_path / "names.txt"
    names.write_text(f"手塚\n{'0' * 64}\n", "utf-8")
    rules = Rules(min_works=6, test_minimum=2)
    write_records(
        Plan(
            source=Drawings({"ann": 9}),
            output=tmp_path / "1",
            rules=rules,
            workers=1,
            progress=False,
            opt_out=names,
        )
    )
    export(tmp_path / "1", tmp_path / "out")
    assert read_opt_outs(tmp_path / "out" / "opt_out.txt") == read_opt_outs(names)
