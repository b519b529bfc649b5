"""The Parquet tables by which the pipelines of `beam_pipeline` hand things on."""

import itertools

import pyarrow as pa
import pyarrow.parquet as pq

from anime_style_tf.data.conversion.journal import WORK_COLUMNS

PICTURES = ("image_png", "coverage_png")
KEY = ("input", "reference", "stamp", "number")  # of a portrait; a stamp is of one content
_INTEGERS = ("input", "bytes", "pixels", "faces", "number", "place", "offset", "length")
_BATCH = 1000  # rows in memory at once


def _columns(*names):
    kinds = dict.fromkeys(_INTEGERS, pa.int64())
    kinds |= dict.fromkeys(("fingerprint", *PICTURES), pa.binary())
    return pa.schema([(name, kinds.get(name, pa.string())) for name in names])


_PORTRAIT = pa.struct(list(_columns("number", "bytes", "face", "fingerprint")))
_FRAME = pa.struct(list(_columns("offset", "length", "place")))

# What a table has in each row: a reference of a work to render, a rendered work without its
# pictures, the pictures of a portrait, a record without them, a shard.
REFERENCE = _columns("reference")
WORK = _columns(*WORK_COLUMNS).append(pa.field("portraits", pa.list_(_PORTRAIT)))
PICTURE = _columns(*KEY, *PICTURES)
RECORD = _columns(
    *KEY, "file", "place", "artist_name", "work_id", "factors", "source", "face"
).append(pa.field("artist", pa.int64()))  # the label
SHARD = _columns("name", "bytes", "sha256").append(pa.field("frames", pa.list_(_FRAME)))


def write_table(path, rows, columns):
    """Writes an iterator of dicts to a file, few in memory at once."""
    with pq.ParquetWriter(path, columns) as file:
        while batch := list(itertools.islice(rows, _BATCH)):
            file.write_table(pa.Table.from_pylist(batch, columns))


def read_table(path):
    """Yields the rows of a file as dicts."""
    for batch in pq.ParquetFile(path).iter_batches(_BATCH):
        yield from batch.to_pylist()


def read_tables(folder, prefix):
    """Yields the rows of all files of a folder whose names begin so."""
    for path in sorted(folder.glob(f"{prefix}-*.parquet")):
        yield from read_table(path)
