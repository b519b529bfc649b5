import fnmatch
import re
import unicodedata
import urllib.parse

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anime_style_tf.data.inspection.file_names import folder_names, picture_name

ONE = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
NASTY = st.sampled_from(["", ".", "..", "a/b", "/", "\0", "con", "Con.x", "~", "%2E", "__x", "a "])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ann", "ann"),
        ("Ann B.", "Ann B%2E"),
        ("初音 ミク", "初音 ミク"),
        ("🎨", "🎨"),
        ("..", "%2E%2E"),
        (".hidden", "%2Ehidden"),
        ("../../etc", "%2E./../etc".replace("/", "%2F")),
        ("a/b\\c", "a%2Fb%5Cc"),
        ("a\0b\nc", "a%00b%0Ac"),
        ("100%", "100%25"),
        ("a~b", "a%7Eb"),
        ("nul", "%6Eul"),
        ("COM1.txt", "%43OM1.txt"),
        ("console", "console"),
        ("__pycache__", "%5F_pycache__"),
        ("right\u202eleft", "right%E2%80%AEleft"),
        ("test", "test"),
    ],
)
def test_what_a_file_system_could_stumble_over_is_escaped(name, expected):
    assert folder_names([name]) == [expected]
    assert urllib.parse.unquote(expected) == name


def test_names_that_a_file_system_could_take_for_one_end_in_a_hash():
    composed, apart = "caf\u00e9", "cafe\u0301"
    names = ["Ann", "ann", "bob", composed, apart, "STRASSE", "straße", "x" * 300, "works.csv", ""]
    found = folder_names(names, taken=["works.csv"])
    assert found[2] == "bob"
    for name, short in zip(names, found, strict=True):
        assert short == "bob" or re.fullmatch(re.escape(name[:100]) + "~[0-9a-f]{12}", short)


@given(st.lists(ONE | NASTY | NASTY.map(str.upper), unique=True, max_size=20))
def test_names_are_different_on_every_system_short_and_inside_their_folder(names):
    found = folder_names(names, taken=["a"])
    folded = {unicodedata.normalize("NFC", name).casefold() for name in [*found, "a"]}
    assert len(folded) == len(names) + 1
    for name, short in zip(names, found, strict=True):
        assert 0 < len(short.encode()) <= 255
        assert not set(short) & set('/\\\0:*?"<>|')
        assert short not in (".", "..")
        assert "~" in short or urllib.parse.unquote(short) == name


# How `datasets` 5 finds the splits: these patterns, `**` for any number of folders.
KEYWORDS = ("train", "training", "validation", "valid", "dev", "val", "test", "testing", "eval",
            "evaluation")  # fmt: skip
PATTERNS = [
    pattern.format(word)
    for word in KEYWORDS
    for pattern in ("{}", "{}[-._ 0-9]*", "*[-._ 0-9]{}", "*[-._ 0-9]{}[-._ 0-9]*")
]


WORDS = st.sampled_from([*KEYWORDS, "-", ".", "_", " ", "0", "x", '"', "~", "%"])


@given(st.lists(WORDS, min_size=1, max_size=6).map("".join))
def test_no_folder_passes_for_a_split_where_that_matters(name):
    (found,) = folder_names([name], no_splits=True)
    assert not [pattern for pattern in PATTERNS if fnmatch.fnmatchcase(found, pattern)]
    assert urllib.parse.unquote(found) == name


@given(ONE | NASTY, ONE | NASTY)
def test_pictures_of_different_works_have_different_names(one, other):
    names = [picture_name(one, 0, 0), picture_name(one, 0, 1), picture_name(other, 1, 0)]
    assert len({name.casefold() for name in names}) == 3
    for name in names:
        assert len(name.encode()) <= 255
        assert name.endswith(".png")
        assert not set(name) & set('/\\\0:*?"<>|')


def test_a_picture_is_named_after_its_file():
    assert re.fullmatch(r"12-[0-9a-f]{12}\.png", picture_name("ann/sub/12.jpeg", 0, 0))
    assert re.fullmatch(r"no%3A 1-[0-9a-f]{12}\.png", picture_name("no: 1", 0, 0))
