"""Changes to finished sets of records, for the tests of the tools that look at them."""

import hashlib
import json

import pyarrow as pa
import pyarrow.parquet as pq
import tensorflow as tf


def flip(path, position):
    """Flips one bit of a byte; a negative position counts from the end."""
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


def sign(folder):
    """Makes `info.json` say that the files are as they are."""
    info = json.loads((folder / "info.json").read_text())
    for file in info["files"]:
        data = (folder / file["name"]).read_bytes()
        file |= {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    (folder / "info.json").write_text(json.dumps(info))


def change_info(folder, change):
    info = json.loads((folder / "info.json").read_text())
    change(info)
    (folder / "info.json").write_text(json.dumps(info))


def change_ledger(folder, change):
    """Calls `change` with all rows, a list of dicts."""
    table = pq.read_table(folder / "ledger.parquet")
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, table.schema), folder / "ledger.parquet")
    sign(folder)


def change_record(path, number, change):
    """Calls `change` with a record's features, and writes the shard anew."""
    raw = list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator())
    example = tf.train.Example.FromString(raw[number])
    change(example.features.feature)
    raw[number] = example.SerializeToString(deterministic=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for data in raw:
            writer.write(data)
    sign(path.parent)
