import itertools
import json

import numpy as np
import pytest

from anime_style_tf.data.reader import Records
from anime_style_tf.errors import InputError
from tests.data.drawings import drawing
from tests.data.written_sets import write

WORKS = {"ann": 12, "bob": 15, "eve": 9, "joe": 20}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    output = tmp_path_factory.mktemp("records")
    write(output, WORKS, image_size=8, shards=3)
    return output


@pytest.fixture(params=[True, False], ids=["cached", "from disk"])
def records(request, folder):
    return Records(folder, cache=request.param)


def take(dataset, count):
    return list(itertools.islice(dataset.as_numpy_iterator(), count))


def assert_equal(batches, others):
    assert len(batches) == len(others)
    for batch, other in zip(batches, others, strict=True):
        assert batch.keys() == other.keys()
        for key, values in batch.items():
            np.testing.assert_array_equal(values, other[key])


def artist_batches(records, **options):
    return records.artist_batches(artists_per_batch=3, works_per_artist=2, seed=5, **options)


def test_a_batch_holds_the_drawings_of_its_works(records):
    (batch,) = take(records.batches("all", 10), 1)
    assert {key: (values.shape, values.dtype.kind) for key, values in batch.items()} == {
        "image": ((10, 8, 8, 3), "u"),
        "coverage": ((10, 8, 8, 1), "u"),
        "artist": ((10,), "i"),
        "work_id": ((10,), "O"),
        "factors": ((10,), "O"),
    }
    for row in range(10):
        name, number = batch["work_id"][row].decode().split("/")
        image, coverage = drawing(name, int(number)).portrait(8)
        np.testing.assert_array_equal(batch["image"][row], image)
        np.testing.assert_array_equal(batch["coverage"][row, ..., 0], coverage)
        assert records.artists[batch["artist"][row]] == name
        assert json.loads(batch["factors"][row]) == {"number": int(number)}


def test_artist_batches_have_p_artists_with_k_works_from_all_shards(records):
    seen = set()
    for batch in take(artist_batches(records), 40):
        groups = batch["artist"].reshape(3, 2)
        assert (groups[:, 0] == groups[:, 1]).all()
        assert len(set(groups[:, 0])) == 3
        assert len(set(batch["work_id"])) == 6
        seen |= set(batch["work_id"])
    assert len(seen) == records.count("train")


def test_datasets_know_their_shapes(records):
    specification = artist_batches(records).element_spec
    assert specification["image"].shape == (6, 8, 8, 3)
    assert specification["artist"].shape == (6,)
    assert records.batches("all", 7).element_spec["image"].shape == (7, 8, 8, 3)


@pytest.mark.parametrize("start", [1, 9, 33])
def test_a_stream_started_at_a_step_is_the_continued_stream(records, start):
    whole = take(artist_batches(records), start + 3)
    assert_equal(take(artist_batches(records, start_step=start), 3), whole[start:])
    whole = take(records.batches("all", 7, seed=1), start + 3)
    resumed = records.batches("all", 7, seed=1, start_step=start)
    assert_equal(take(resumed, 3), whole[start:])


def test_memory_and_disk_give_the_same_batches(folder):
    memory, disk = (Records(folder, cache=cache) for cache in (True, False))
    assert_equal(take(artist_batches(memory), 5), take(artist_batches(disk), 5))


def test_one_pass_gives_every_work_of_the_split_once_with_a_smaller_last_batch(records):
    for split, seed in itertools.product(("train", "test", "all"), (None, 3)):
        count = records.count(split)
        batches = take(records.batches(split, 5, seed=seed, repeat=False), 1000)
        assert [len(b["artist"]) for b in batches[:-1]] == [5] * ((count - 1) // 5)
        works = np.concatenate([batch["work_id"] for batch in batches])
        assert len(set(works)) == len(works) == count


def test_labels_are_in_the_order_of_batches_without_a_seed(records):
    for split in ("train", "test", "all"):
        batches = take(records.batches(split, 5, repeat=False), 1000)
        labels = np.concatenate([batch["artist"] for batch in batches])
        np.testing.assert_array_equal(records.labels(split), labels)
        assert len(labels) == records.count(split)


def test_train_and_test_share_no_work(records):
    def works(split):
        return {w for b in take(records.batches(split, 9, repeat=False), 99) for w in b["work_id"]}

    assert not works("train") & works("test")
    assert works("train") | works("test") == works("all")


def test_sound_records_verify(records):
    assert records.verify() == []


def test_a_changed_byte_is_found_by_its_file_and_a_cut_file_at_the_door(folder, tmp_path):
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    name = "train-00001-of-00003.tfrecord"
    data = bytearray((tmp_path / name).read_bytes())
    data[100] ^= 1
    (tmp_path / name).write_bytes(data)
    assert Records(tmp_path).verify() == [f"{name}: its SHA-256 is not the one in info.json"]
    (tmp_path / name).write_bytes(data[:-1])
    with pytest.raises(InputError, match=f"{name} missing or of another size"):
        Records(tmp_path)


def test_the_checksum_names_the_data(folder, tmp_path):
    write(tmp_path, {"ann": 12}, image_size=8)
    assert Records(folder).checksum == Records(folder).checksum != Records(tmp_path).checksum


def test_no_records_say_which_stage_makes_them(tmp_path):
    with pytest.raises(InputError, match=r"the stage records or anime-style convert leaves it"):
        Records(tmp_path)


def test_impossible_requests_are_errors(records):
    with pytest.raises(InputError, match="expected train, test or all, received 'dev'"):
        records.count("dev")
    with pytest.raises(InputError, match="at most the 4 artists"):
        records.artist_batches(artists_per_batch=5, works_per_artist=2, seed=0)
    with pytest.raises(InputError, match="batch size of at least 1"):
        records.batches("train", 0)
