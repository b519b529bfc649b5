"""Writes TFRecord shards with the index that lets a reader fetch any record at once."""

import hashlib

import numpy as np
import tensorflow as tf

from anime_style_tf.data import schema
from anime_style_tf.data.split import identity_hash

INFO = "info.json"
INDEX = "index.npy"
SPLITS = ("train", "test")
SHARD_BYTES = 256 * 2**20
# One row for each record, in the order of the shuffled set: which split and shard, where its
# data begins in the file, how long it is, whose it is.
INDEX_DTYPE = np.dtype(
    [("split", "<u1"), ("shard", "<u4"), ("offset", "<u8"), ("length", "<u4"), ("label", "<i4")]
)
_BEFORE_DATA, _AFTER_DATA = 12, 4  # bytes of a TFRecord's frame: length + checksum, checksum


def shard_name(split, shard, shards):
    """Returns a shard's file name; TensorFlow's usual form."""
    return f"{split}-{shard:05d}-of-{shards:05d}.tfrecord"


def write_shards(spool, labels, thresholds, folder, *, shards, seed):
    """Writes the works of the kept artists, shuffled, to `folder`.

    Args:
        spool: a `Spool` with the works.
        labels: dict artist -> label; works of other artists are left out.
        thresholds: dict artist -> threshold of the test split, see `split`.
        folder: `pathlib.Path` to write to.
        shards: files of the training split, or None for about `SHARD_BYTES` in each.
        seed: order of the works.

    Returns:
        `(index, files)`: an array of `INDEX_DTYPE`, and a list of dicts with `name`, `records`,
        `bytes` and `sha256` of each shard.
    """
    order = sorted(
        (work for work in spool.works if work.artist in labels),
        key=lambda work: (identity_hash(f"{seed}/{work.artist}/{work.work_id}"), work.artist),
    )
    parts = {split: [] for split in SPLITS}
    for work in order:
        testing = identity_hash(work.work_id) < thresholds[work.artist]
        parts["test" if testing else "train"].append(work)
    index, files = [], []
    for number, (split, works) in enumerate(parts.items()):
        if not works:
            continue
        count = _shard_count(works, len(parts["train"]), shards)
        bounds = [len(works) * shard // count for shard in range(count + 1)]
        for shard in range(count):
            path = folder / shard_name(split, shard, count)
            rows = _write_shard(spool, works[bounds[shard] : bounds[shard + 1]], labels, path)
            index += [(number, shard, *row) for row in rows]
            files.append({"name": path.name, "records": len(rows), **fingerprint(path)})
    return np.array(index, INDEX_DTYPE), files


def fingerprint(path):
    """Returns a file's `bytes` and `sha256` as a dict."""
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _shard_count(works, training_works, shards):
    if shards is None:
        wanted = -(-sum(work.length for work in works) // SHARD_BYTES)
    else:
        wanted = round(shards * len(works) / max(1, training_works))
    return min(max(1, wanted), len(works))


def _write_shard(spool, works, labels, path):
    rows, position = [], 0
    with tf.io.TFRecordWriter(str(path)) as writer:
        for work in works:
            label = labels[work.artist]
            data = schema.serialize({**spool.read(work), "artist": label})
            writer.write(data)
            rows.append((position + _BEFORE_DATA, len(data), label))
            position += _BEFORE_DATA + len(data) + _AFTER_DATA
    return rows
