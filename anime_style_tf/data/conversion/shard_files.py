"""Writes the shards of a conversion, and notes where each record lies."""

import numpy as np

from anime_style_tf.data import schema
from anime_style_tf.data.progress import bar
from anime_style_tf.data.shards import INDEX_DTYPE, SPLITS, fingerprint, shard_name
from anime_style_tf.data.tfrecord import FRAME_HEAD, FRAME_TAIL, frame

SHARD_BYTES = 256 * 2**20
# SQL: what a record holds besides its pictures, and where it all is in a journal.
VALUES = (
    "r.place, r.label AS artist, w.artist AS artist_name, w.work_id, w.factors, "
    "w.reference AS source, p.face"
)
RECORDS = (
    "record r JOIN work w ON w.id = r.work "
    "JOIN portrait p ON p.work = r.work AND p.number = r.number"
)
PNGS = "picture i ON i.work = r.work AND i.number = r.number"
_OF_SHARD = (
    f"SELECT {VALUES}, i.image_png, i.coverage_png FROM {RECORDS} JOIN {PNGS} "
    "WHERE r.split = ? AND r.shard = ? ORDER BY r.place"
)


def plan_shards(journal, shards):
    """Divides the records of a journal among shards.

    Args:
        journal: a `Journal` after `select`.
        shards: files of the training split; the test split has as many in proportion. None
            aims at `SHARD_BYTES` in each.

    Returns:
        List of `(split, shard, name)`: number of the split and of the shard, name of its file.
    """
    sizes = {
        split: (count, size)
        for split, count, size in journal.database.execute(
            f"SELECT r.split, COUNT(*), SUM(p.bytes) FROM {RECORDS} GROUP BY r.split "
            "ORDER BY r.split"
        )
    }
    plan = []
    with journal.transaction() as database:
        for split, (count, size) in sizes.items():
            if shards is None:
                files = -(-size // SHARD_BYTES)
            else:
                files = round(shards * count / sizes.get(0, (1, 0))[0])
            files = min(max(1, files), count)
            database.execute(
                "UPDATE record SET shard = (place - (SELECT MIN(place) FROM record WHERE "
                "split = ?1)) * ?2 / ?3 WHERE split = ?1",
                (split, files, count),
            )
            plan += [
                (split, shard, shard_name(SPLITS[split], shard, files)) for shard in range(files)
            ]
    return plan


def write_shards(journal, plan):
    """Writes all shards and notes in the journal where each record lies.

    Args:
        journal: a `Journal` after `select`.
        plan: a `Plan`; the files go to its scratch folder.

    Returns:
        List of dicts with `name`, `records`, `bytes` and `sha256` of each file.
    """
    shards = plan_shards(journal, plan.shards)
    return [
        _write_shard(journal, split, shard, plan.scratch / name)
        for split, shard, name in bar(
            shards, "writing", " shards", total=len(shards), shown=plan.progress
        )
    ]


def _write_shard(journal, split, shard, path):
    rows = journal.database.execute(_OF_SHARD, (split, shard))
    names = [column[0] for column in rows.description]
    frames = write_file((dict(zip(names, row, strict=True)) for row in rows), path)
    note_frames(journal, frames)
    return {"name": path.name, "records": len(frames), **fingerprint(path)}


def write_file(records, path):
    """Writes one file of records.

    Args:
        records: iterable of dicts of values for `schema.serialize` with `place`, in its order.
        path: file to write.

    Returns:
        Tuples of offset, length and place: where in the file the data of each record is.
    """
    position, frames = 0, []
    with open(path, "wb") as file:
        for values in records:
            data = schema.serialize(values)
            file.writelines(frame(data))
            frames.append((position + FRAME_HEAD, len(data), values["place"]))
            position += FRAME_HEAD + len(data) + FRAME_TAIL
    return frames


def note_frames(journal, frames):
    """Notes in a journal what `write_file` returned."""
    with journal.transaction() as database:
        database.executemany("UPDATE record SET offset = ?, length = ? WHERE place = ?", frames)


def read_index(journal):
    """Returns the array of `INDEX_DTYPE` of all records written."""
    rows = journal.database.execute(
        "SELECT split, shard, offset, length, label FROM record ORDER BY place"
    )
    return np.fromiter(rows, INDEX_DTYPE)
