import bz2
import gzip
import lzma

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anime_style_tf.data.sources.tables import cell, read_table, without_fraction
from anime_style_tf.errors import InputError


def packed(data):
    """The same bytes at any time: names of cases hold them, and processes must agree on these."""
    return gzip.compress(data, mtime=0)


def rows(path, data, required=("a", "b")):
    path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8", "surrogateescape"))
    return list(read_table(path, required=required))


def refusal(path, data, required=("a", "b")):
    with pytest.raises(InputError) as caught:
        rows(path, data, required)
    assert "\n" not in str(caught.value)
    return str(caught.value).removeprefix(f"{path}")


def test_a_row_comes_with_the_line_on_which_it_ends(tmp_path):
    assert rows(tmp_path / "table.csv", 'a,b\n1,"two\nlines"\n\n3,4\n') == [
        ("line 3", {"a": "1", "b": "two\nlines"}),
        ("line 5", {"a": "3", "b": "4"}),
    ]


def test_rows_of_a_parquet_file_are_counted_across_its_groups(tmp_path):
    path = tmp_path / "table.parquet"
    pq.write_table(pa.table({"a": range(25_000)}), path, row_group_size=7_000)
    found = list(read_table(path, required=["a"]))
    assert [line for line, _ in found] == [f"row {number}" for number in range(1, 25_001)]
    assert [row["a"] for _, row in found] == list(range(25_000))


@pytest.mark.parametrize(
    "data",
    [
        "a,b\n1,x\n2,y\n",
        "a;b\n1;x\n2;y\n",
        "a\tb\n1\tx\n2\ty\n",
        "a|b\n1|x\n2|y\n",
        "a, b\n1, x\n2, y\n",
        'a, b\n1, "x"\n2, "y"\n',
        " a ,b\n1,x\n2,y\n",
        "a,b\r\n1,x\r\n2,y\r\n",
        "a,b\r1,x\r2,y\r",
        "\ufeffa,b\n1,x\n2,y",
        "\n\na,b\n\n1,x\n,\n  \n2,y\n,,,\n",
        "a,b,\n1,x,\n2,y,\n",
        "a,b\n1,x,,\n2,y,\n",
        "a;b\n1;x\n2;y\n".encode("utf-16"),
        b"\xfe\xff" + "a,b\r\n1,x\r\n2,y\r\n".encode("utf-16-be"),
        packed(b"a,b\n1,x\n2,y\n"),
        bz2.compress(b"a,b\n1,x\n2,y\n"),
        lzma.compress(b"a,b\n1,x\n2,y\n"),
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.tsv", "table.txt"])
def test_separators_ends_of_lines_encodings_and_empty_cells_make_no_difference(
    data, name, tmp_path
):
    found = [row for _, row in rows(tmp_path / name, data)]
    assert found == [{"a": "1", "b": "x"}, {"a": "2", "b": "y"}]


def test_a_comma_is_a_letter_where_the_separator_is_another(tmp_path):
    ((_, row),) = rows(tmp_path / "table.csv", "a;b\n1,5;x, y\n")
    assert row == {"a": "1,5", "b": "x, y"}


def test_columns_without_a_name_are_called_by_their_number(tmp_path):
    ((_, row),) = rows(tmp_path / "table.csv", ",a,,b\n0,1,2,x\n")  # as pandas writes its index
    assert row == {"column 1": "0", "a": "1", "column 3": "2", "b": "x"}


UNCLOSED = "a,b\n" + "".join(
    f'{number},"x\n' if number == 4 else f"{number},x\n" for number in range(12)
)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (UNCLOSED, ", line 6: expected a row of a table, received a quotation mark that opens"),
        (UNCLOSED.replace("7,x", '7,"x"'), ", line 6: expected a row of a table, received a quot"),
        (UNCLOSED.replace("7,x", '7,x"'), ", line 9: expected one value as b, received 4 lines"),
        (UNCLOSED.replace("7,x", '7,x"'), "a quotation mark opens on line 6"),
        ('a,b\n1,"x" y\n', ", line 2: expected a row of a table"),
        ("a,b\n1\n", ", line 2: expected 2 values, received 1"),
        ("a,b\n1,x\n1,2,3\n", ", line 3: expected 2 values, received 3"),
        ("a;b\n1;2;3\n", "quotation marks around values with a semicolon"),
        ("a,b,a\n1,2,3\n", ", line 1: expected columns of different names, received a, b, a;"),
        ("a,b,c,c\n1,2,3,4\n", "rename one 'c'"),
        ("a,b,b \n1,2,3\n", "rename one 'b'"),
        ("a,b\n1,x\n2,y\0\n", ", line 3: expected text in UTF-8 as b, received a NUL byte"),
        ("a,b\n1,x\n2,Am\udce9lie\n", ", line 3: expected text in UTF-8 as b, received the byte"),
        ("a,b\n1,2\n".encode("utf-16-le"), ", line 1: expected text in UTF-8 as a name of a"),
        (b"PK\x03\x04 and so on", ": expected a table in UTF-8"),
        (b"x" * 2**17, "whose first line names its columns"),
        (packed(b"a,b\n" + b"1,x\n" * 9999)[:-9], "received one that cannot be read"),
        ("a,b\n1,x\n".encode("utf-16")[:-1], "received one that cannot be read"),
        ("a,c\n1,2\n", ", line 1: expected the columns a, b, received a, c; add b"),
        ("\n", ", line 1: expected the columns a, b, received none"),
    ],
)
def test_what_a_table_cannot_mean_is_refused_by_its_line(data, message, tmp_path):
    assert message in refusal(tmp_path / "table.csv", data)


def test_an_unclosed_quotation_mark_swallows_no_rows_of_tabs_either(tmp_path):
    message = refusal(tmp_path / "table.tsv", UNCLOSED.replace(",", "\t").replace("9\tx", '9\tx"'))
    assert message.startswith(", line 11: expected one value as b, received 6 lines")


def test_a_cell_of_a_typed_table_is_its_text(tmp_path):
    row = {
        "whole": 1000.0, "part": 2.5, "integer": 7, "bytes": "ä".encode(), "none": None,
        "nan": float("nan"), "text": " 1000.0 ",
    }  # fmt: skip
    assert {name: cell(row, name, "row 1") for name in row} == {
        "whole": "1000", "part": "2.5", "integer": "7", "bytes": "ä", "none": "", "nan": "",
        "text": " 1000.0 ",
    }  # fmt: skip
    assert [without_fraction(text) for text in ("1000.0", "-1.0", "1.5", "1.0.0", "v1.0")] == [
        "1000", "-1", "1.5", "1.0.0", "v1.0",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [["x"], {"x": 1}, b"\xff"])
def test_a_cell_that_is_no_text_names_its_column(value):
    with pytest.raises(InputError, match=r"row 3: expected .* as hat, received"):
        cell({"hat": value}, "hat", "row 3")
