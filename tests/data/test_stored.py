import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import tensorflow as tf

from anime_style_tf.data import schema
from anime_style_tf.data.stored import DamagedRecordError, StoredSet, digest, frames, unpack
from anime_style_tf.errors import InputError
from tests.data.written_sets import read, write

VALUES = {
    "image_png": b"\x00\xff", "coverage_png": b"", "artist": 3, "artist_name": "猫",
    "work_id": "1", "factors": "{}", "source": "a", "face": "{}",
}  # fmt: skip


def test_a_record_is_unpacked_into_the_bytes_and_numbers_that_were_put_in():
    expected = VALUES | {"artist_name": b"\xe7\x8c\xab", "work_id": b"1", "source": b"a"}
    expected |= {"factors": b"{}", "face": b"{}"}
    assert unpack(schema.serialize(VALUES)) == expected
    with pytest.raises(DamagedRecordError, match=r"no tf\.train\.Example"):
        unpack(b"\xff")


def test_frames_are_those_that_tensorflow_wrote(tmp_path):
    data = [b"", b"a", b"bc" * 5000]
    with tf.io.TFRecordWriter(str(tmp_path / "shard")) as writer:
        for record in data:
            writer.write(record)
    found = list(frames(tmp_path / "shard"))
    assert found == [(0, 0, b""), (1, 16, b"a"), (2, 33, b"bc" * 5000)]


def test_the_portraits_of_a_row_are_its_records(tmp_path):
    write(tmp_path, {"ann": 9})
    stored = StoredSet(tmp_path)
    expected = {
        features["source"].bytes_list.value[0]: features["image_png"].bytes_list.value[0]
        for split in ("train", "test")
        for features in read(tmp_path, split)
    }
    for row in stored.ledger():
        ((number, values),) = stored.portraits(row)
        assert number == 0
        assert values["source"] == row["reference"].encode()
        assert values["image_png"] == expected.pop(values["source"])
    assert expected == {}


@pytest.mark.parametrize(
    "change",
    [lambda table: table.drop_columns("faces"), lambda table: table.set_column(
        1, "reference", [pa.nulls(len(table), pa.string())])],
)  # fmt: skip
def test_a_ledger_of_another_form_is_an_error(tmp_path, change):
    write(tmp_path, {"ann": 9})
    path = tmp_path / "ledger.parquet"
    pq.write_table(change(pq.read_table(path)), path)
    with pytest.raises(InputError, match=r"ledger\.parquet: expected the columns input, "):
        list(StoredSet(tmp_path).ledger())


def test_digests_tell_texts_apart_that_look_alike_when_joined():
    assert len({digest("a", "bc"), digest("ab", "c"), digest("abc"), digest("a", "bc", 0)}) == 4
    assert digest("a", 1) == digest("a", 1) < 2**64
