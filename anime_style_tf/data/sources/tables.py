"""Tables that users give: CSV, TSV or Parquet, read row by row."""

import csv
import pathlib

from anime_style_tf.data.sources.files import reason_of
from anime_style_tf.errors import InputError

_BATCH = 10_000  # rows of a Parquet file in memory at once


def read_table(path, *, required):
    """Reads a table whose first line, or schema, names its columns.

    Args:
        path: .parquet, .tsv (tab), or anything else as CSV (comma); text in UTF-8.
        required: names of columns that must be there.

    Yields:
        `(line, row)`: where in the file, for a person (`line 3`), and a dict column -> value:
        `str` in a text file, what Parquet holds otherwise.

    Raises:
        InputError: it cannot be read, or lacks a column.
    """
    path = pathlib.Path(path)
    rows = _parquet_rows(path) if path.suffix.lower() == ".parquet" else _text_rows(path)
    try:
        _, names = next(rows)
        _check_columns(path, names, required)
        yield from rows
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: expected a table in UTF-8 or a .parquet, received one that cannot be read "
            f"({reason_of(error)})"
        ) from error


def _check_columns(path, names, required):
    if missing := [name for name in required if name not in names]:
        raise InputError(
            f"{path}: expected the columns {', '.join(required)}, received "
            f"{', '.join(map(str, names)) or 'none'}; add {', '.join(missing)}"
        )
    if len(set(names)) != len(names):
        raise InputError(
            f"{path}: expected columns of different names, received {', '.join(map(str, names))}"
        )


def _text_rows(path):
    """Yields the names of the columns, then the rows."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        lines = csv.reader(file, delimiter="\t" if path.suffix.lower() == ".tsv" else ",")
        try:
            names = next(lines, [])
            yield "line 1", names
            for values in lines:
                where = f"line {lines.line_num}"
                if not values:
                    continue
                if len(values) != len(names):
                    raise InputError(
                        f"{path}, {where}: expected {len(names)} values, received "
                        f"{len(values)}; put quotation marks around values with a comma"
                    )
                yield where, dict(zip(names, values, strict=True))
        except csv.Error as error:
            raise InputError(
                f"{path}, line {lines.line_num}: expected a row of a table, received {error}"
            ) from error


def _parquet_rows(path):
    import pyarrow as pa  # here, not above: every worker process imports this package
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            yield "schema", file.schema_arrow.names
            number = 0
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    number += 1
                    yield f"row {number}", row
    except pa.ArrowException as error:
        raise InputError(f"{path}: expected a Parquet file, received {error}") from error
