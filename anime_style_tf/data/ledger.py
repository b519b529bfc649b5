"""The ledger: one row for each source file, with its one verdict and where its records are."""

import collections
import csv

import pyarrow as pa
import pyarrow.parquet as pq

from anime_style_tf.data.shards import SPLITS
from anime_style_tf.data.verdicts import KEPT, VERDICTS

LEDGER = "ledger.parquet"
QUARANTINE = "quarantine.csv"
_BATCH = 10_000  # rows in memory at once

# Column -> type and meaning; the table in `tfrecords/README.md` comes from it.
COLUMNS = {
    "input": (pa.int32(), "Which of the `inputs` of `info.json` it belongs to."),
    "reference": (pa.string(), "Path within the input, or the recipe."),
    "artist": (pa.string(), "Name of the artist."),
    "work_id": (pa.string(), "Identity that the test split hashes."),
    "fixed_split": (
        pa.string(),
        "The side on which the source itself put it, or a smaller copy that it replaces; or null.",
    ),
    "sha256": (pa.string(), "Of the file's bytes, hexadecimal; null if they were not read."),
    "bytes": (pa.int64(), "Size of the file; null likewise."),
    "pixels": (pa.int64(), "Width times height of the picture; null if it was not decoded."),
    "stamp": (pa.string(), "Changes when the file does; a later run reads it again then."),
    "verdict": (pa.string(), f"One of {', '.join(f'`{name}`' for name in VERDICTS)}."),
    "reason": (pa.string(), "The verdict's detail: by whom, what is wrong, how small."),
    "duplicate_of": (pa.string(), "The reference whose picture it repeats, or null."),
    "faces": (pa.int32(), "Faces found; null without a detector."),
    "split": (pa.string(), "`train` or `test`, or null if it was not kept."),
    "numbers": (pa.list_(pa.int32()), "Numbers of its portraits in the records, from 0."),
    "shards": (pa.list_(pa.int32()), "The shard of each."),
    "offsets": (pa.list_(pa.int64()), "Where each one's data begins in the shard, in bytes."),
    "lengths": (pa.list_(pa.int32()), "Length of each one's data, in bytes."),
    "fingerprints": (pa.list_(pa.binary()), "Perceptual fingerprint of each."),
}
_ADDED = {"pixels": None}  # since the format's first ledgers
_SCHEMA = pa.schema([(name, type_) for name, (type_, _) in COLUMNS.items()])
_ROWS = """
SELECT w.input, w.reference, w.artist, w.work_id, w.fixed_split, w.sha256, w.bytes, w.pixels,
    w.stamp, w.verdict, w.reason, w.duplicate_of, w.faces, r.split, r.number, r.shard, r.offset,
    r.length, p.fingerprint
FROM work w LEFT JOIN record r ON r.work = w.id
LEFT JOIN portrait p ON p.work = r.work AND p.number = r.number
ORDER BY w.input, w.reference, r.number
"""


def column_table():
    """Returns the columns as a Markdown table, one row each."""
    rows = ["| column | type | meaning |", "|---|---|---|"]
    rows += [f"| `{name}` | {type_} | {meaning} |" for name, (type_, meaning) in COLUMNS.items()]
    return "\n".join(rows)


def write_ledger(journal, folder):
    """Writes the ledger, and the list of what was not kept for a person to look at.

    Args:
        journal: a `Journal` whose shards are written.
        folder: `pathlib.Path` to write to.

    Returns:
        Dict verdict -> number of files; they add up to the rows of the ledger.
    """
    totals = collections.Counter({verdict: 0 for verdict in VERDICTS})
    with (
        pq.ParquetWriter(folder / LEDGER, _SCHEMA, compression="zstd") as ledger,
        open(folder / QUARANTINE, "w", encoding="utf-8", newline="") as file,
    ):
        quarantine = csv.writer(file)
        quarantine.writerow(["verdict", "reference", "artist", "reason", "duplicate_of"])
        for batch in _batches(_works(journal)):
            ledger.write_table(pa.Table.from_pylist(batch, _SCHEMA))
            totals.update(row["verdict"] for row in batch)
            quarantine.writerows(
                [row[name] for name in ("verdict", "reference", "artist", "reason", "duplicate_of")]
                for row in batch
                if row["verdict"] != KEPT
            )
    if totals.keys() != VERDICTS.keys():
        raise RuntimeError(f"{totals}: a file without a verdict, which must not be")
    return dict(totals)


def read_ledger(folder):
    """Yields the rows of a set's ledger as dicts, few in memory at a time.

    Columns that the version that wrote it did not have yet are None.
    """
    for batch in pq.ParquetFile(folder / LEDGER).iter_batches(_BATCH):
        for row in batch.to_pylist():
            yield {**_ADDED, **row}


def _works(journal):
    """Yields one dict for each work, its portraits gathered in lists."""
    row, key = None, None
    single = list(COLUMNS)[:13]
    for values in journal.database.execute(_ROWS):
        if values[:2] != key:
            if row is not None:
                yield row
            key = values[:2]
            row = dict(zip(single, values, strict=False))
            row |= {"split": None, "numbers": [], "shards": [], "offsets": [], "lengths": []}
            row["fingerprints"] = []
        split, number, shard, offset, length, fingerprint = values[13:]
        if split is not None:
            row["split"] = SPLITS[split]
            row["numbers"].append(number)
            row["shards"].append(shard)
            row["offsets"].append(offset)
            row["lengths"].append(length)
            row["fingerprints"].append(fingerprint)
    if row is not None:
        yield row


def _batches(rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
