"""Tables that users give: CSV, TSV or Parquet, read row by row."""

import csv
import datetime
import decimal
import itertools
import pathlib
import re

from anime_style_tf.data.sources.files import reason_of
from anime_style_tf.data.sources.streams import READ_ERRORS, open_text
from anime_style_tf.errors import InputError

_BATCH = 10_000  # rows of a Parquet file in memory at once
_LONGEST_HEADER = 2**16  # characters
_SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon", "|": "bar"}
_EXPECTED = "a table in UTF-8 (.csv, .tsv) or a .parquet"
_PLAIN = (str, int, float, decimal.Decimal, datetime.date, datetime.time)


def read_table(path, *, required, names_of_files=False):
    """Reads a table whose first line, or schema, names its columns.

    The separator of a text file is the one that makes its first line name the required columns:
    that of its ending if it can. Empty rows are passed over, and empty cells beyond the last
    column. Columns without a name are called by their number.

    Args:
        path: .parquet, .tsv (tab), or anything else as CSV (comma, or semicolon, tab, bar); text
            in UTF-8, or UTF-16 with a byte order mark; may be compressed, see `open_bytes`.
        required: names of columns that must be there.
        names_of_files: values may be names of files, which are bytes: those that are no UTF-8
            become lone surrogates, as in Python's own paths. Else they are refused.

    Yields:
        `(line, row)`: where in the file, for a person (`line 3`), and a dict column -> value:
        `str` in a text file, what Parquet holds otherwise; see `cell`.

    Raises:
        InputError: it cannot be read, lacks a column, or a row makes no sense; the message names
            the line.
    """
    path = pathlib.Path(path)
    try:
        if _is_parquet(path):
            rows = _parquet_rows(path)
        else:
            rows = _text_rows(path, required, names_of_files)
        line, names = next(rows)
        _check_columns(f"{path}, {line}", names, required)
        yield from rows
    except (*READ_ERRORS, UnicodeDecodeError) as error:
        raise InputError(
            f"{path}: expected {_EXPECTED}, received one that cannot be read ({reason_of(error)})"
        ) from error


def cell(row, column, where, *, required=False):
    """Returns the text of a cell, empty if it is missing; whole numbers have no fraction.

    Args:
        row: dict, see `read_table`.
        column: its name.
        where: file and line, for the message.
        required: nothing but blanks is an error.

    Raises:
        InputError: it is a list or the like, or lacks a value that is required.
    """
    value = row.get(column)
    if isinstance(value, bytes):  # as some writers of Parquet store text
        value = value.decode("utf-8", "surrogateescape")
        _check_text(value, column, where)
    if is_missing(value):
        text = ""
    elif isinstance(value, float) and value.is_integer():
        text = str(int(value))
    elif isinstance(value, _PLAIN):
        text = str(value)
    else:
        raise InputError(
            f"{where}: expected one text or number as {column}, received {value!r:.80}; make it one"
        )
    if required and not text.strip():
        raise InputError(f"{where}: expected a value for {column}, received none")
    return text


def is_missing(value):
    """Tells whether a cell holds nothing: an empty text, null, or NaN as pandas writes it."""
    return value is None or value == "" or value != value


def without_fraction(text):
    """Returns `1000` for `1000.0`, as pandas writes whole numbers where others are missing."""
    return text[:-2] if re.fullmatch(r"-?[0-9]+\.0", text) else text


def _is_parquet(path):
    if path.suffix.lower() in (".parquet", ".pq"):
        return True
    with open(path, "rb") as file:
        return file.read(4) == b"PAR1"


def _check_columns(where, names, required):
    listed = (", ".join(map(str, names)) or "none")[:200]
    if missing := [name for name in required if name not in names]:
        raise InputError(
            f"{where}: expected the columns {', '.join(required)}, received {listed}; add "
            f"{', '.join(missing)}"
        )
    if twice := [name for place, name in enumerate(names) if name in names[:place]]:
        raise InputError(
            f"{where}: expected columns of different names, received {listed}; rename one "
            f"{twice[0]!r}"
        )


def _text_rows(path, required, names_of_files):
    """Yields the names of the columns, then the rows."""
    with open_text(path, expected=_EXPECTED) as file:
        head = []  # empty lines, and the one with the names
        while line := file.readline(_LONGEST_HEADER):
            head.append(line)
            if line.strip():
                break
        separator, spaced = _form(path, line, required)
        lines = csv.reader(
            itertools.chain(head, file), delimiter=separator, skipinitialspace=spaced, strict=True
        )
        names, ended = None, 0
        try:
            for values in lines:
                begun, ended = ended + 1, lines.line_num
                where = f"{path}, line {ended}"
                if not any(map(str.strip, values)):
                    continue
                if names is None:
                    names = _names(values, where)
                    yield f"line {ended}", names
                    continue
                row = _row(names, values, where, begun if begun < ended else None, separator)
                for column, value in row.items():
                    _check_text(value, column, where, names_of_files=names_of_files)
                yield f"line {ended}", row
        except csv.Error as error:
            why = str(error)
            if lines.line_num > ended + 1 or "end of data" in why:
                why = f"a quotation mark that opens a value and is not closed ({error})"
            raise InputError(
                f"{path}, line {ended + 1}: expected a row of a table, received {why}; double the "
                "quotation marks inside of a value and put it in a pair of them, or remove them"
            ) from error
        if names is None:
            yield "line 1", []


def _form(path, line, required):
    """Returns the separator of a table, and whether blanks may follow it, by its first line."""
    if len(line) >= _LONGEST_HEADER:
        raise InputError(
            f"{path}: expected {_EXPECTED} whose first line names its columns, received one of "
            f"{_LONGEST_HEADER} characters or more"
        )
    own = "\t" if ".tsv" in map(str.lower, path.suffixes) else ","
    for separator in dict.fromkeys((own, *_SEPARATORS)):
        for spaced in (False, True):
            names = next(csv.reader([line], delimiter=separator, skipinitialspace=spaced), [])
            if {*required} <= {name.rstrip() for name in names}:
                return separator, spaced
    return own, False


def _names(values, where):
    """Returns the names of the columns, those without one by their number."""
    for value in values:
        _check_text(value, "a name of a column", where)
    while not values[-1].strip():  # separators at the end of the line
        values.pop()
    return [name.strip() or f"column {number}" for number, name in enumerate(values, 1)]


def _row(names, values, where, begun, separator):
    """Returns a row as a dict; `begun` is its first line where it has several, else None."""
    beyond = values[len(names) :]
    if len(values) < len(names) or any(map(str.strip, beyond)):
        advice = f"close the quotation mark that opens on line {begun}"
        if begun is None:
            advice = (
                f"put quotation marks around values with a {_SEPARATORS[separator]}, and leave no "
                "value out"
            )
        raise InputError(f"{where}: expected {len(names)} values, received {len(values)}; {advice}")
    row = dict(zip(names, values, strict=False))
    if begun is not None:
        _check_marks(row, where, begun, separator)
    return row


def _check_text(value, column, where, *, names_of_files=False):
    """Raises an `InputError` for what is no text."""
    if "\0" in value:
        wrong = "a NUL byte"
    elif not names_of_files and (undecoded := re.search("[\udc80-\udcff]", value)):
        wrong = f"the byte 0x{ord(undecoded[0]) - 0xDC00:02x}"
    else:
        return
    raise InputError(
        f"{where}: expected text in UTF-8 as {column}, received {wrong} (save the table as UTF-8)"
    )


def _check_marks(row, where, begun, separator):
    """Raises an `InputError` for a value that swallowed rows.

    A quotation mark that somebody forgot to close ends at the next one, wherever that is: a line
    of the value is then a row by itself.
    """
    for name, value in row.items():
        lines = value.splitlines()
        if any(line.count(separator) == len(row) - 1 for line in lines if len(lines) > 1):
            raise InputError(
                f"{where}: expected one value as {name}, received {len(lines)} lines with rows "
                f"among them: a quotation mark opens on line {begun} and is not closed there; "
                "close it"
            )


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
