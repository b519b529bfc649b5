import numpy as np
import pytest

from anime_style_tf.data.inspection.comparison import (
    ADDED,
    ARTIST,
    CONTENT,
    LABEL,
    NAMES,
    PIXELS,
    PORTRAITS,
    REMOVED,
    SETTING,
    SIDE,
    VERDICT,
    Change,
    compare_sets,
)
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.errors import InputError
from tests.data.drawings import Drawing
from tests.data.finished_sets import change_info, change_ledger, flip
from tests.data.written_sets import write


def changes(before, after, **options):
    found = list(compare_sets(before, after, progress=False, **options))
    return {kind: [change for change in found if change.kind == kind] for kind in kinds(found)}


def kinds(found):
    return {change.kind for change in found}


def sides(folder):
    return {row["reference"]: row["split"] for row in read_ledger(folder)}


def test_sets_of_the_same_works_are_equal_however_they_are_divided_into_shards(tmp_path):
    write(tmp_path / "1", {"ann": 12, "bob": 9}, shards=1)
    write(tmp_path / "2", {"ann": 12, "bob": 9}, shards=3)
    assert changes(tmp_path / "1", tmp_path / "2") == {}
    assert changes(tmp_path / "1", tmp_path / "1") == {}


def test_added_and_removed_artists_files_and_moved_labels_are_named(tmp_path):
    write(tmp_path / "1", {"ann": 12, "bob": 9})
    write(tmp_path / "2", {"bob": 8, "eve": 7, "zoe": 2})
    found = changes(tmp_path / "1", tmp_path / "2")
    assert found[ARTIST] == [
        Change(ARTIST, "ann", "removed, was label 0"),
        Change(ARTIST, "eve", "added, label 1"),
    ]
    assert found[LABEL] == [Change(LABEL, "bob", "1 -> 0")]
    assert {change.name for change in found[REMOVED]} == {
        *(f"ann no. {number} by ann" for number in range(12)),
        "bob no. 8 by bob",
    }
    assert [change.detail for change in found[ADDED]] == ["kept"] * 7 + ["artist too small"] * 2


def test_a_changed_verdict_is_named_with_both(tmp_path):
    write(tmp_path / "1", {"ann": 12})
    write(tmp_path / "2", {"ann": 12}, {("ann", 3): "damaged"})
    (change,) = changes(tmp_path / "1", tmp_path / "2")[VERDICT]
    assert change == Change(VERDICT, "ann no. 3 by ann", "kept -> unreadable")


def test_works_that_changed_sides_are_named_and_only_these(tmp_path):
    write(tmp_path / "1", {"ann": 30})
    write(tmp_path / "2", {"ann": 30}, test_fraction=0.5)
    before, after = sides(tmp_path / "1"), sides(tmp_path / "2")
    moved = {name for name in before if before[name] != after[name]}
    found = changes(tmp_path / "1", tmp_path / "2")
    assert {change.name for change in found[SIDE]} == {f"{name} by ann" for name in moved}
    assert {change.detail for change in found[SIDE]} == {"train -> test"}
    assert found[SETTING] == [Change(SETTING, "rules.test_fraction", "0.2 -> 0.5")]
    assert found.keys() == {SIDE, SETTING}


def test_a_work_that_changed_sides_under_another_file_name_is_named(tmp_path):
    for name in ("1", "2"):
        write(tmp_path / name, {"ann": 12})

    def rename(rows):
        row = next(row for row in rows if row["split"] == "train")
        identities.append(row["reference"])
        row |= {"reference": "ann no. 99", "split": "test"}
        rows.sort(key=lambda row: row["reference"])

    identities = []
    change_ledger(tmp_path / "2", rename)
    found = changes(tmp_path / "1", tmp_path / "2", pixels=False)
    assert found[SIDE] == [Change(SIDE, "ann no. 99 by ann", "train -> test")]
    assert found[REMOVED] == [Change(REMOVED, f"{identities[0]} by ann", "kept")]


@pytest.mark.parametrize("pixels", [True, False])
def test_pictures_that_look_different_are_named_if_they_are_looked_at(
    tmp_path, monkeypatch, pixels
):
    write(tmp_path / "1", {"ann": 12})
    read = Drawing.read

    def read_another(drawing):
        data, factors = read(drawing)
        return (b"1234 5" if drawing.number == 4 else data), factors

    monkeypatch.setattr(Drawing, "read", read_another)
    write(tmp_path / "2", {"ann": 12})
    found = changes(tmp_path / "1", tmp_path / "2", pixels=pixels)
    assert found.pop(CONTENT) == [Change(CONTENT, "ann no. 4 by ann", "changed")]
    expected = {PIXELS: [Change(PIXELS, "ann no. 4 by ann", "changed")]} if pixels else {}
    assert found == expected


def test_another_size_is_a_setting_and_changes_every_picture(tmp_path):
    write(tmp_path / "1", {"ann": 8})
    write(tmp_path / "2", {"ann": 8}, image_size=32)
    found = changes(tmp_path / "1", tmp_path / "2")
    assert len(found[PIXELS]) == 8
    assert Change(SETTING, "image_size", "16 -> 32") in found[SETTING]


def test_other_names_and_portraits_of_a_file_are_named(tmp_path):
    for name in ("1", "2"):
        write(tmp_path / name, {"ann": 12})

    def change(rows):
        rows[0]["work_id"] = "another\n"
        rows[1]["numbers"] = [1]

    change_ledger(tmp_path / "2", change)
    found = changes(tmp_path / "1", tmp_path / "2")
    assert [change.name for change in found[NAMES]] == ["ann no. 0 by ann, was ann/0 by ann"]
    assert [change.name for change in found[PORTRAITS]] == ["ann no. 1 by ann, [0] -> [1]"]


def test_inputs_are_matched_by_what_they_are_not_by_their_number(tmp_path):
    first, second = {"name": "first"}, {"name": "second"}
    write(tmp_path / "1", {"ann": 12}, source=first)
    write(tmp_path / "1", {"bob": 12}, source=second, append=True)
    write(tmp_path / "2", {"bob": 12}, source=second)
    write(tmp_path / "2", {"ann": 12}, source=first, append=True)
    found = changes(tmp_path / "1", tmp_path / "2")
    assert found.keys() == {SETTING, LABEL}  # the inputs' order, and so that of the labels
    write(tmp_path / "3", {"ann": 12}, source={"name": "third"})
    found = changes(tmp_path / "1", tmp_path / "3")
    assert (len(found[REMOVED]), len(found[ADDED])) == (24, 12)


@pytest.mark.parametrize("damage", ["missing", "cut"])
def test_sets_of_equal_descriptions_are_not_equal_where_a_shard_is_not_whole(damage, tmp_path):
    for folder in ("1", "2"):
        write(tmp_path / folder, {"ann": 12})
    shard = next((tmp_path / "2").glob("train-*"))
    shard.unlink() if damage == "missing" else shard.write_bytes(shard.read_bytes()[:-1])
    with pytest.raises(InputError, match=r"2/train-00000.* bytes, received .*anime-style verify"):
        changes(tmp_path / "1", tmp_path / "2")


def test_a_damaged_set_is_an_error_that_says_what_says_more(tmp_path):
    for version in (0, 1):
        write(tmp_path / str(version), {"ann": 12}, source={"version": version})
    shard = next((tmp_path / "1").glob("train-*"))
    flip(shard, int(np.load(tmp_path / "1" / "index.npy")["offset"][0]) + 40)
    with pytest.raises(InputError, match=r"its SHA-256 is not .*anime-style verify says all"):
        changes(tmp_path / "0", tmp_path / "1")
    change_info(tmp_path / "1", lambda info: info.pop("rules"))
    with pytest.raises(InputError, match="expected it as the converter leaves it"):
        changes(tmp_path / "0", tmp_path / "1")
