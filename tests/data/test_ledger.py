import csv
import pathlib

import pyarrow.parquet as pq

from anime_style_tf.data.ledger import COLUMNS, column_table, read_ledger
from anime_style_tf.data.stored import StoredSet
from anime_style_tf.data.verdicts import VERDICTS
from tests.data.written_sets import write

README = pathlib.Path(__file__).parents[2] / "tfrecords" / "README.md"


def test_the_readme_has_the_tables_of_the_columns_and_of_the_verdicts():
    text = README.read_text("utf-8")
    assert column_table() in text
    for verdict, meaning in VERDICTS.items():
        assert f"| {verdict} | {meaning} |" in text


def test_the_ledger_is_parquet_with_one_row_for_each_file(tmp_path):
    write(tmp_path, {"ann": 10, "eve": 1}, {("ann", 3): "damaged"})
    table = pq.read_table(tmp_path / "ledger.parquet")
    assert table.schema.names == list(COLUMNS)
    assert table.column("reference").to_pylist() == [
        *(f"ann no. {number}" for number in range(10)), "eve no. 0",
    ]  # fmt: skip
    assert list(read_ledger(tmp_path)) == table.to_pylist()
    (damaged,) = [row for row in table.to_pylist() if row["verdict"] == "unreadable"]
    assert damaged["sha256"] is None
    assert damaged["split"] is None
    assert damaged["numbers"] == damaged["offsets"] == []


def test_the_quarantine_lists_what_was_not_kept(tmp_path):
    write(tmp_path, {"ann": 10, "eve": 1}, {("ann", 3): "damaged", ("ann", 5): "twin"})
    with open(tmp_path / "quarantine.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows == [
        ["verdict", "reference", "artist", "reason", "duplicate_of"],
        ["unreadable", "ann no. 3", "ann", "scribbled over", ""],
        ["duplicate", "ann no. 5", "ann", "the same file", "ann no. 0"],
        ["artist too small", "eve no. 0", "eve", "1 works, expected 6", ""],
    ]


def test_many_rows_go_through_in_parts(tmp_path, monkeypatch):
    monkeypatch.setattr("anime_style_tf.data.ledger.BATCH", 4)
    monkeypatch.setattr("anime_style_tf.data.conversion.ledger_file.BATCH", 4)
    info = write(tmp_path, {"ann": 10, "eve": 1})
    assert len(list(read_ledger(tmp_path))) == sum(info["verdicts"].values()) == 11


def test_a_ledger_of_a_version_that_noted_no_sizes_is_read_and_gone_on_from(tmp_path):
    write(tmp_path, {"ann": 9})
    table = pq.read_table(tmp_path / "ledger.parquet").drop_columns("pixels")
    pq.write_table(table, tmp_path / "ledger.parquet")
    assert {row["pixels"] for row in StoredSet(tmp_path).ledger()} == {None}
    before = {row["reference"]: row["split"] for row in read_ledger(tmp_path)}
    write(tmp_path, {"ann": 9, "bob": 9}, overwrite=True)
    after = {row["reference"]: row["split"] for row in read_ledger(tmp_path)}
    assert {reference: after[reference] for reference in before} == before
