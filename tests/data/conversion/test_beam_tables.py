from anime_style_tf.data.conversion import beam_tables
from anime_style_tf.data.conversion.beam_tables import (
    PICTURE,
    WORK,
    read_table,
    read_tables,
    write_table,
)
from anime_style_tf.data.conversion.journal import WORK_COLUMNS


def picture(number):
    return {
        "input": 0,
        "reference": "李/1.png",
        "stamp": "1 2",
        "number": number,
        "image_png": b"\x89\0",
        "coverage_png": b"",
    }


def test_rows_come_back_as_they_were_however_many(tmp_path, monkeypatch):
    monkeypatch.setattr(beam_tables, "_BATCH", 3)
    for count in (0, 1, 3, 10):
        rows = [picture(number) for number in range(count)]
        write_table(tmp_path / "table", iter(rows), PICTURE)
        assert list(read_table(tmp_path / "table")) == rows


def test_a_work_holds_its_portraits_and_what_is_not_known(tmp_path):
    portrait = {"number": 0, "bytes": 7, "face": "{}", "fingerprint": b"\xff"}
    row = {**dict.fromkeys(WORK_COLUMNS), "input": 1, "bytes": 2**40, "portraits": [portrait]}
    write_table(tmp_path / "works-0.parquet", iter([row]), WORK)
    assert list(read_table(tmp_path / "works-0.parquet")) == [row]


def test_the_tables_of_a_folder_are_told_apart_by_the_beginning_of_their_names(tmp_path):
    for name, numbers in (("pictures-1", [2]), ("pictures-0", [0, 1]), ("works-0", [9])):
        write_table(tmp_path / f"{name}.parquet", map(picture, numbers), PICTURE)
    assert [row["number"] for row in read_tables(tmp_path, "pictures")] == [0, 1, 2]
