import contextlib
import io
import json
import random
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.data.inspection.verification import verify_set
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.errors import InputError
from tests.data.finished_sets import change_info, change_ledger, change_record, flip, sign
from tests.data.written_sets import write

TRAIN = "train-00000-of-00002.tfrecord"


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """A set with several verdicts."""
    folder = tmp_path_factory.mktemp("sound")
    faults = {("ann", 3): "damaged", ("ann", 4): "twin"}
    write(folder, {"ann": 12, "bob": 10, "eve": 2}, faults, shards=2)
    return folder


@pytest.fixture
def folder(sound, tmp_path):
    return shutil.copytree(sound, tmp_path / "set")


def problems(folder, **options):
    return list(verify_set(folder, progress=False, **options))


def offsets(folder, shard=0, split=0):
    """Where the data of each record of a shard begins, and how long it is."""
    index = np.load(folder / "index.npy")
    rows = index[(index["split"] == split) & (index["shard"] == shard)]
    return rows["offset"].astype(int), rows["length"].astype(int)


def png(mode, size):
    encoded = io.BytesIO()
    Image.new(mode, size).save(encoded, "PNG")
    return encoded.getvalue()


def put(name, value):
    def change(features):
        kind = features[name].int64_list if isinstance(value, int) else features[name].bytes_list
        kind.value[:] = [value]

    return change


def test_nothing_is_wrong_with_a_set_as_it_is_written(sound):
    assert problems(sound) == []


@pytest.mark.parametrize("place", ["data", "length", "checksum of length", "checksum of data"])
def test_a_damaged_frame_is_named_and_all_others_are_read(folder, place):
    begin, length = offsets(folder)
    at = {"length": begin[2] - 12, "checksum of length": begin[2] - 1, "data": begin[2] + 9,
          "checksum of data": begin[2] + length[2]}  # fmt: skip
    flip(folder / TRAIN, at[place])
    flip(folder / TRAIN, begin[5] + 1)
    found = problems(folder)
    assert found[0] == f"{TRAIN}: its SHA-256 is not the one in info.json"
    assert [line.split(":")[0] for line in found[1:]] == [f"{TRAIN}, record {n}" for n in (2, 5)]
    assert "damaged: the checksum of the record's " in found[1]


def test_a_damaged_length_is_survived_without_an_index_as_far_as_it_can_be_believed(folder):
    begin, _ = offsets(folder)
    flip(folder / TRAIN, begin[2] + 9)
    (folder / "index.npy").unlink()
    found = problems(folder)
    assert f"{TRAIN}, record 2: damaged: the checksum of the record's data differs" in found
    assert not [line for line in found if "record 3" in line]


def test_a_shard_that_is_cut_short_loses_only_what_is_cut_off(folder):
    begin, length = offsets(folder)
    data = (folder / TRAIN).read_bytes()
    (folder / TRAIN).write_bytes(data[: begin[-1] + length[-1] // 2])
    found = problems(folder)
    assert found[0].startswith(f"{TRAIN}: expected {len(data)} bytes, found ")
    assert found[1].startswith(f"{TRAIN}, record {len(begin) - 1}: damaged: the file ends")
    assert len(found) == 2


def test_missing_and_strange_files_are_named(folder):
    (folder / TRAIN).rename(folder / "train-00000-of-00001.tfrecord")
    (folder / "ledger.parquet").unlink()
    found = problems(folder)
    assert found[:3] == [
        f"{TRAIN}: missing",
        "ledger.parquet: missing",
        "train-00000-of-00001.tfrecord: not in info.json, so it is no part of the set",
    ]
    assert "ledger.parquet: expected the ledger as written, received FileNotFound" in found[-1]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("artist", 7), "label 7: expected 0 to 1, as in info.json"),
        (put("artist_name", b"\xe7\x8c\xab"), "the record names 猫"),
        (put("image_png", png("RGB", (16, 8))), "image_png: expected 16 x 16 RGB, found 16 x 8"),
        (put("image_png", png("L", (16, 16))), "expected 16 x 16 RGB, found 16 x 16 L"),
        (put("image_png", png("RGB", (16, 16))[:-30]), "image_png: does not decode"),
        (put("image_png", b"GIF89a"), "image_png: does not decode: UnidentifiedImageError"),
        (put("coverage_png", png("LA", (16, 16))), "expected 16 x 16 L, found 16 x 16 LA"),
        (put("factors", b"[]"), "factors: expected a JSON object, found b'[]'"),
        (put("face", b"{"), "face: expected a JSON object, found b'{'"),
        (put("extra", b""), "expected only the fields of a record, received ['extra']"),
        (lambda features: features.pop("source"), "source: expected one value, received 0"),
        (
            lambda features: features["source"].bytes_list.value.append(b"2"),
            "source: expected one value, received 2",
        ),
        (put("source", b"ann no. 99"), "holds another portrait"),
        (put("work_id", b"ann/99"), "holds another portrait"),
    ],
)
def test_what_is_wrong_within_a_record_is_named(folder, change, expected):
    change_record(folder / TRAIN, 3, change)
    found = problems(folder)
    assert any(expected in line for line in found)
    assert all("\n" not in line for line in found)


def test_a_record_that_is_no_example_is_named(folder):
    begin, length = offsets(folder)
    raw = list(tf.data.TFRecordDataset(str(folder / TRAIN)).as_numpy_iterator())
    with tf.io.TFRecordWriter(str(folder / TRAIN)) as writer:
        for number, data in enumerate(raw):
            writer.write(b"\xff" * length[0] if number == 0 else data)
    sign(folder)
    (line,) = problems(folder)
    assert line.startswith(f"{TRAIN}, record 0: damaged: no tf.train.Example")
    assert len(begin) == len(raw)


def test_an_index_that_points_elsewhere_is_named(folder):
    index = np.load(folder / "index.npy")
    index["label"][0] ^= 1
    index["offset"][1] += 1
    index["shard"][2] = 9
    np.save(folder / "index.npy", index)
    sign(folder)
    found = "\n".join(problems(folder))
    assert ": index.npy says" in found
    assert "index.npy: 1 rows point at no record" in found
    assert "index.npy: 1 rows point at shards that are not in info.json" in found
    assert "not in index.npy" in found


@pytest.mark.parametrize("damage", [b"no array", b"\x93NUMPY", b""])
def test_an_unreadable_index_does_not_stop_the_other_checks(folder, damage):
    (folder / "index.npy").write_bytes(damage)
    sign(folder)
    (line,) = problems(folder)
    assert line.startswith("index.npy: ")


def test_counts_that_do_not_add_up_are_named(folder):
    def change(info):
        info["artists"][0]["train"] += 1
        info["counts"]["test"] += 2
        info["verdicts"]["kept"] -= 1

    change_info(folder, change)
    counts = json.loads((folder / "info.json").read_text())
    found = problems(folder)
    train = counts["artists"][0]["train"]
    assert f"info.json: ann has {train} train portraits, the shards hold {train - 1}" in found
    assert len(found) == 3


def test_rows_of_the_ledger_that_are_wrong_are_named(folder):
    def change(rows):
        kept = [row for row in rows if row["verdict"] == "kept"]
        kept[0]["verdict"] = "lost"
        kept[1]["lengths"] = [kept[1]["lengths"][0] + 1]
        kept[2]["offsets"], kept[3]["offsets"] = [7], kept[4]["offsets"]
        kept[3]["shards"], kept[3]["split"] = kept[4]["shards"], kept[4]["split"]
        kept[5]["input"] = 4
        rows.remove(kept[6])

    change_ledger(folder, change)
    found = "\n".join(problems(folder))
    for expected in (
        "expected one of the verdicts, found 'lost'",
        "index.npy has",
        "byte 7 is not in index.npy",
        "is in two rows",
        "input 4 is not in info.json",
        "files are kept, the ledger has",
        "records are in no row",
    ):
        assert expected in found


def test_works_that_the_sets_own_list_refuses_are_named(folder):
    row = next(row for row in read_ledger(folder) if row["verdict"] == "kept")
    info = json.loads((folder / "info.json").read_text("utf-8"))
    info["opt_outs"] = {"artists": [], "hashes": [row["sha256"]]}
    (folder / "info.json").write_text(json.dumps(info), "utf-8")
    assert problems(folder) == [
        f"ledger.parquet: {row['reference']}: kept, and on the opt-out list of info.json"
    ]


def test_a_work_on_both_sides_of_the_split_is_named(folder):
    source = next(folder.glob("train-*"))
    test = next(folder.glob("test-*"))

    def remember(features):
        names = ("artist_name", "work_id")
        remembered.update({name: features[name].bytes_list.value[0] for name in names})
        remembered["artist"] = features["artist"].int64_list.value[0]

    remembered = {}
    change_record(source, 0, remember)
    change_record(test, 0, lambda features: [put(*item)(features) for item in remembered.items()])
    work, artist = (remembered[name].decode() for name in ("work_id", "artist_name"))
    assert f"split: {work} by {artist} is in train and in test" in problems(folder)


def test_a_work_on_the_side_where_its_hash_does_not_put_it_is_named(folder):
    change_info(folder, lambda info: info["artists"][1].update(threshold=0))
    found = problems(folder)
    assert len(found) == 2
    assert all("in test, its hash puts it in train" in line for line in found)


@pytest.mark.parametrize("split", ["train", "test"])
def test_near_duplicates_that_were_kept_are_named(folder, split):
    def change(rows):
        first = next(row for row in rows if row["split"] == "train")
        other = [row for row in rows if row["split"] == split][-1]
        other["fingerprints"] = first["fingerprints"]
        names.extend(row["reference"] for row in (other, first))

    names = []
    change_ledger(folder, change)
    (line,) = problems(folder)
    where = "both in train" if split == "train" else "in test and train"
    assert line == f"duplicates: {names[0]} nearly repeats {names[1]}, {where}"
    assert problems(folder, duplicates=False) == []


def test_any_flipped_bit_is_noticed_and_none_stops_the_check(sound, tmp_path):
    draws = random.Random(0)
    names = sorted(path.name for path in sound.iterdir())
    for number in range(40):
        folder = shutil.copytree(sound, tmp_path / str(number))
        path = folder / names[number % len(names)]
        flip(path, draws.randrange(path.stat().st_size))
        if path.name == "info.json":  # where a bit may be of no account
            with contextlib.suppress(InputError):
                problems(folder)
        else:
            assert problems(folder), path


def test_a_ledger_that_is_damaged_in_any_way_does_not_stop_the_check(sound, tmp_path):
    draws = random.Random(1)
    for number in range(40):
        folder = shutil.copytree(sound, tmp_path / str(number))
        flip(folder / "ledger.parquet", draws.randrange((folder / "ledger.parquet").stat().st_size))
        sign(folder)
        assert all("\n" not in line for line in problems(folder))


def test_where_no_set_is_the_error_says_what_to_give(tmp_path):
    with pytest.raises(InputError, match=r"no records: expected .*info\.json"):
        problems(tmp_path)
    (tmp_path / "info.json").write_text('{"format_version": 1}')
    with pytest.raises(InputError, match="expected format version 2, received 1"):
        problems(tmp_path)
    (tmp_path / "info.json").write_text('{"format_version": 2, "files": [{"name": "/etc"}]}')
    with pytest.raises(InputError, match="expected it as the converter leaves it"):
        problems(tmp_path)
