"""The ledger: one row for each source file, with its one verdict and where its records are."""

import pyarrow as pa
import pyarrow.parquet as pq

from anime_style_tf.data.verdicts import VERDICTS

LEDGER = "ledger.parquet"
QUARANTINE = "quarantine.csv"
BATCH = 10_000  # rows in memory at once

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
SCHEMA = pa.schema([(name, type_) for name, (type_, _) in COLUMNS.items()])


def column_table():
    """Returns the columns as a Markdown table, one row each."""
    rows = ["| column | type | meaning |", "|---|---|---|"]
    rows += [f"| `{name}` | {type_} | {meaning} |" for name, (type_, meaning) in COLUMNS.items()]
    return "\n".join(rows)


def read_ledger(folder):
    """Yields the rows of a set's ledger as dicts, few in memory at a time.

    Columns that the version that wrote it did not have yet are None.
    """
    for batch in pq.ParquetFile(folder / LEDGER).iter_batches(BATCH):
        for row in batch.to_pylist():
            yield {**_ADDED, **row}
