"""Writes the ledger of a conversion from its journal."""

import collections
import csv

import pyarrow as pa
import pyarrow.parquet as pq

from anime_style_tf.data.ledger import BATCH, COLUMNS, LEDGER, QUARANTINE, SCHEMA
from anime_style_tf.data.shards import SPLITS
from anime_style_tf.data.verdicts import KEPT, VERDICTS

_ROWS = """
SELECT w.input, w.reference, w.artist, w.work_id, w.fixed_split, w.sha256, w.bytes, w.pixels,
    w.stamp, w.verdict, w.reason, w.duplicate_of, w.faces, r.split, r.number, r.shard, r.offset,
    r.length, p.fingerprint
FROM work w LEFT JOIN record r ON r.work = w.id
LEFT JOIN portrait p ON p.work = r.work AND p.number = r.number
ORDER BY w.input, w.reference, r.number
"""


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
        pq.ParquetWriter(folder / LEDGER, SCHEMA, compression="zstd") as ledger,
        open(folder / QUARANTINE, "w", encoding="utf-8", newline="") as file,
    ):
        quarantine = csv.writer(file)
        quarantine.writerow(["verdict", "reference", "artist", "reason", "duplicate_of"])
        for batch in _batches(_works(journal)):
            ledger.write_table(pa.Table.from_pylist(batch, SCHEMA))
            totals.update(row["verdict"] for row in batch)
            quarantine.writerows(
                [row[name] for name in ("verdict", "reference", "artist", "reason", "duplicate_of")]
                for row in batch
                if row["verdict"] != KEPT
            )
    if totals.keys() != VERDICTS.keys():
        raise RuntimeError(f"{totals}: a file without a verdict, which must not be")
    return dict(totals)


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
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
