import csv

import pytest

from anime_style_tf.data.conversion.refused_kinds import refused_lines

START = "no picture, or damaged at its start: not PNG or AVIF"
ROWS = [
    ("unreadable", "ann/IMG_1.HEIC", START),
    ("unreadable", "ann/IMG_2.heic", START),
    ("unreadable", "ann/a.psd", START),
    ("unreadable", "ann/readme.txt", START),
    ("unreadable", "ann/clip.mp4", START),
    ("unreadable", "ann/notes.json", START),
    ("unreadable", "bo/big.png", "20000 x 20000 pixels, the limit is 100000000 (max_pixels)"),
    ("unreadable", "bo/half.jpg", "OSError: image file is truncated (3 bytes not processed)"),
    ("unreadable", "bo/b.png", START),
    ("unreadable", "bo/c.png", "SyntaxError: broken PNG file"),
    ("duplicate", "bo/d.png", ""),
]


@pytest.fixture
def table(tmp_path):
    with open(tmp_path / "quarantine.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("verdict", "reference", "reason"), *ROWS])
    return tmp_path / "quarantine.csv"


def test_each_kind_is_one_line_with_what_helps_and_junk_comes_last(table):
    lines = refused_lines(table)
    assert lines[0] == (
        "unreadable: 2 HEIC, such as ann/IMG_1.HEIC: pip install pillow-heif, or save them as "
        "JPEG; then run it again"
    )
    assert lines[-1] == "unreadable: 3 no pictures, nothing is lost, such as ann/readme.txt"
    said = " ".join(lines)
    for words in (
        "1 drawing programs' own files, such as ann/a.psd: export them as PNG",
        "1 too many pixels, such as bo/big.png: raise max_pixels",
        "1 cut off, such as bo/half.jpg: fetch them again",
        "1 empty or damaged at the start, such as bo/b.png",
        "1 damaged, such as bo/c.png",
    ):
        assert words in said
    assert "bo/d.png" not in said


def test_nothing_is_said_where_all_was_read(table):
    table.write_text("verdict,reference,reason\n", "utf-8")
    assert refused_lines(table) == []
