import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anime_style_tf.data.sources.tables import read_table
from anime_style_tf.errors import InputError


def test_a_row_comes_with_the_line_on_which_it_ends(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n')
    assert list(read_table(path, required=["b"])) == [
        ("line 3", {"a": "1", "b": "two\nlines"}),
        ("line 5", {"a": "3", "b": "4"}),
    ]


def test_rows_of_a_parquet_file_are_counted_across_its_groups(tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": range(25_000)}), path, row_group_size=7_000)
    rows = list(read_table(path, required=["a"]))
    assert [line for line, _ in rows] == [f"row {number}" for number in range(1, 25_001)]
    assert [row["a"] for _, row in rows] == list(range(25_000))


def test_a_missing_column_is_an_error_that_says_what_to_add(tmp_path):
    (tmp_path / "table.csv").write_text("a,c\n1,2\n")
    with pytest.raises(InputError, match="expected the columns a, b, received a, c; add b"):
        list(read_table(tmp_path / "table.csv", required=["a", "b"]))
