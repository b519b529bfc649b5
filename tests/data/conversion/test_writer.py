import hashlib
import itertools
import json

import numpy as np
import pytest
import tensorflow as tf

from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.data.split import identity_hash
from anime_style_tf.errors import InputError
from tests.data.drawings import Drawing, drawing
from tests.data.written_sets import identities, read, text, verdicts, write


def test_records_hold_what_was_drawn_with_label_name_and_origin(tmp_path):
    write(tmp_path, {"bob": 8, "ann": 7})
    seen = set()
    for features in [*read(tmp_path, "train"), *read(tmp_path, "test")]:
        name = text(features, "artist_name")
        assert features["artist"].int64_list.value[0] == ["ann", "bob"].index(name)
        number = json.loads(text(features, "factors"))["number"]
        assert text(features, "work_id") == f"{name}/{number}"
        assert text(features, "source") == f"{name} no. {number}"
        drawn, opacity = drawing(name, number).portrait(16)
        image = tf.io.decode_png(features["image_png"].bytes_list.value[0])
        coverage = tf.io.decode_png(features["coverage_png"].bytes_list.value[0])
        np.testing.assert_array_equal(image, drawn)
        np.testing.assert_array_equal(coverage[..., 0], opacity)
        seen.add((name, number))
    assert len(seen) == 15


def test_each_artist_has_its_test_works_by_the_threshold_in_info(tmp_path):
    info = write(tmp_path, {"ann": 30, "bob": 7})
    assert [(a["name"], a["train"], a["test"]) for a in info["artists"]] == [
        ("ann", 24, 6),
        ("bob", 5, 2),
    ]
    thresholds = {artist["name"]: artist["threshold"] for artist in info["artists"]}
    for split, testing in (("train", False), ("test", True)):
        for work_id in identities(tmp_path, split):
            below = identity_hash(work_id) < thresholds[work_id.split("/")[0]]
            assert below == testing


@pytest.mark.parametrize("keep", ["overwrite", "previous"])
def test_adding_works_and_artists_moves_none(tmp_path, keep):
    write(tmp_path / "1", {"ann": 30})
    before = {split: identities(tmp_path / "1", split) for split in ("train", "test")}
    if keep == "overwrite":
        output, options = tmp_path / "1", {"overwrite": True}
    else:
        output, options = tmp_path / "2", {"previous": tmp_path / "1"}
    info = write(output, {"ann": 60, "bob": 9}, **options)
    assert [artist["name"] for artist in info["artists"]] == ["ann", "bob"]
    for split, works in before.items():
        assert works <= identities(output, split)


def test_artists_with_too_few_sound_works_are_dropped_and_reported(tmp_path):
    info = write(tmp_path, {"ann": 6, "bob": 6, "eve": 5}, {("bob", 0): "damaged"})
    assert [artist["name"] for artist in info["artists"]] == ["ann"]
    assert info["dropped_artists"] == [
        {"name": "bob", "works": 5},
        {"name": "eve", "works": 5},
    ]


def test_an_artist_of_whom_nothing_is_sound_is_named_too(tmp_path):
    faults = {("bob", number): "damaged" for number in range(3)}
    info = write(tmp_path, {"ann": 6, "bob": 3}, faults)
    assert info["dropped_artists"] == [{"name": "bob", "works": 0}]


def test_each_file_has_one_verdict_and_the_rest_is_written(tmp_path):
    faults = {("ann", 1): "damaged", ("ann", 4): "twin"}
    info = write(tmp_path, {"ann": 10, "bob": 2}, faults)
    assert verdicts(tmp_path) == {
        **{f"ann no. {number}": ("kept", "") for number in (0, 2, 3, 5, 6, 7, 8, 9)},
        "ann no. 1": ("unreadable", "scribbled over"),
        "ann no. 4": ("duplicate", "the same file"),
        **{f"bob no. {number}": ("artist too small", "2 works, expected 6") for number in (0, 1)},
    }
    (row,) = [row for row in read_ledger(tmp_path) if row["reference"] == "ann no. 4"]
    assert row["duplicate_of"] == "ann no. 0"
    assert info["counts"] == {"train": 6, "test": 2}
    assert sum(info["verdicts"].values()) == 12


def test_the_ledger_says_where_each_record_lies(tmp_path):
    write(tmp_path, {"ann": 12})
    for row in read_ledger(tmp_path):
        ((shard, offset, length),) = zip(row["shards"], row["offsets"], row["lengths"], strict=True)
        file = sorted(tmp_path.glob(f"{row['split']}-*"))[shard]
        data = file.read_bytes()[offset : offset + length]
        features = tf.train.Example.FromString(data).features.feature
        assert text(features, "source") == row["reference"]
        drawn, _ = drawing("ann", int(row["reference"][8:])).read()
        assert row["sha256"] == hashlib.sha256(drawn).hexdigest()
        assert row["bytes"] == len(drawn)


def test_every_byte_is_the_same_at_one_and_two_processes_and_on_another_day(tmp_path):
    works = {"ann": 40, "bob": 20}
    for workers in (1, 2):
        write(tmp_path / str(workers), works, workers=workers, shards=3)
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / workers).iterdir()}
        for workers in ("1", "2")
    )
    assert one == two


def test_the_files_are_shards_an_index_and_info_and_info_has_their_checksums(tmp_path):
    info = write(tmp_path, {"ann": 40}, shards=3)
    assert {path.name for path in tmp_path.iterdir()} == {
        "train-00000-of-00003.tfrecord",
        "train-00001-of-00003.tfrecord",
        "train-00002-of-00003.tfrecord",
        "test-00000-of-00001.tfrecord",
        "index.npy",
        "info.json",
        "ledger.parquet",
        "quarantine.csv",
        "dataset_info.json",
        "features.json",
        "artist.labels.txt",
    }
    assert json.loads((tmp_path / "info.json").read_text()) == info
    for file in info["files"]:
        data = (tmp_path / file["name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == file["sha256"]
    assert sum(file.get("records", 0) for file in info["files"]) == 40


def test_shards_mix_artists_and_another_seed_mixes_them_otherwise(tmp_path):
    orders = []
    for seed in (0, 1):
        write(tmp_path / str(seed), {"ann": 20, "bob": 20}, seed=seed)
        order = [text(features, "work_id") for features in read(tmp_path / str(seed), "train")]
        changes = sum(a[:3] != b[:3] for a, b in itertools.pairwise(order))
        assert changes > 5
        orders.append(order)
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]


def test_a_smaller_set_leaves_no_old_shard(tmp_path):
    write(tmp_path, {"ann": 40}, shards=3)
    write(tmp_path, {"ann": 40}, shards=1, overwrite=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "artist.labels.txt",
        "dataset_info.json",
        "features.json",
        "index.npy",
        "info.json",
        "ledger.parquet",
        "quarantine.csv",
        "test-00000-of-00001.tfrecord",
        "train-00000-of-00001.tfrecord",
    ]


@pytest.mark.parametrize("below", [".", "set"])
def test_a_file_where_the_set_should_go_is_named(tmp_path, below):
    (tmp_path / "records").write_text("a file")
    with pytest.raises(InputError, match=r"expected a folder to write to, received .*records, a f"):
        write(tmp_path / "records" / below, {"ann": 6})


def test_records_are_not_replaced_unasked(tmp_path):
    write(tmp_path, {"ann": 6})
    with pytest.raises(InputError, match="already holds records"):
        write(tmp_path, {"ann": 6})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"min_works": 2}, "more than test_minimum = 2"),
        ({"test_fraction": 1.0}, r"expected in \[0, 1\), received 1.0"),
        ({"image_size": 0}, "image_size: expected at least 1, received 0"),
        ({"workers": 0}, "workers: expected at least 1"),
        ({"append": True}, "expected a finished set to add to"),
    ],
)
def test_settings_that_make_no_sense_are_errors_and_leave_nothing(tmp_path, settings, message):
    with pytest.raises(InputError, match=message):
        write(tmp_path, {"ann": 6}, **settings)
    assert not list(tmp_path.iterdir())


def test_where_no_artist_is_left_the_rendered_works_wait_for_milder_rules(tmp_path, monkeypatch):
    with pytest.raises(InputError, match=r"no artist is left: .* 50 sound works, .* at most 6"):
        write(tmp_path, {"ann": 6}, min_works=50)
    monkeypatch.setattr(Drawing, "read", None)
    assert write(tmp_path, {"ann": 6})["counts"] == {"train": 4, "test": 2}
