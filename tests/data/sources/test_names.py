import os
import pathlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anime_style_tf.data.sources.names import (
    artist_name,
    bytes_of,
    escapes,
    match_key,
    plain,
    readable,
    readable_path,
    spelled_as,
    text_of,
)

ANY_TEXT = st.text(alphabet=st.characters(codec=None, categories=None), max_size=8)
TRICKY = st.text(alphabet="\\udc8f\udcff\udc80", max_size=10)


@pytest.mark.parametrize("name", ["あかり/桜 1.png", "🎨🖌️.png", "a\nb", "a\\b", "é", "e\u0301"])
def test_valid_names_stay_as_they_are(name):
    assert readable(name) == name


def test_bytes_that_are_no_text_are_written_out():
    assert readable(b"caf\xe9.png".decode("utf-8", "surrogateescape")) == r"caf\udce9.png"


@given(st.lists(st.one_of(ANY_TEXT, TRICKY), min_size=2, max_size=2, unique=True))
def test_names_stay_valid_and_different(names):
    written = [readable(name) for name in names]
    assert len(set("".join(written).encode() and written)) == 2


def test_names_that_only_differ_in_composition_or_outer_blanks_are_one_artist():
    assert artist_name("Ame\u0301lie が") == artist_name("Am\u00e9lie か\u3099")
    assert artist_name("ann \u3000") == artist_name("\tann") == "ann"
    assert artist_name("  ") == "  "  # blanks alone are a name all the same


@pytest.mark.parametrize(
    "names",
    [
        ("Zoë", "zoe\u0308", "ZOË", " Zoë", "Ｚｏë", "Zo\u200bë", "\ufeffZoë"),
        ("山田 太郎", "山田_太郎", "山田\u3000太郎", "山田  太郎", "_山田_太郎_"),
        ("ガンダム", "カ\u3099ンタ\u3099ム", "ｶﾞﾝﾀﾞﾑ"),
        ("葛", "葛\U000e0100"),
        ("Straße", "STRASSE", "strasse"),
        ("K. Ito", "\u212a. ito"),
    ],
)
def test_what_a_person_reads_as_one_name_is_compared_as_one(names):
    assert len({match_key(name) for name in names}) == 1


def test_other_names_and_names_of_blanks_alone_stay_apart():
    names = ("Zoe", "Zoë", "山田", "山本", "ann", "anna", "_", "__", "\u200b", "ann_b", "annb")
    assert len({match_key(name) for name in names}) == len(names)


@given(ANY_TEXT)
def test_the_form_that_is_compared_is_compared_as_itself(name):
    assert match_key(match_key(name)) == match_key(name)


def test_names_of_files_are_read_as_utf_8_and_come_back():
    assert text_of("山田".encode()) == "山田"
    for name in ("山田".encode(), "山田".encode("cp932"), b"\xff"):
        assert bytes_of(text_of(name)) == name
    assert readable_path(pathlib.Path("a") / os.fsdecode(b"\xff")) == "a/\\udcff"


@pytest.mark.parametrize(
    ("name", "out"),
    [
        ("ann/1.png", False), ("ann/..1.png", False), ("./ann/1.png", False),
        ("../1.png", True), ("ann/../../1.png", True), ("/etc/passwd", True),
        ("C:/1.png", True), ("c:1.png", True), ("ann\\..\\1.png", True), ("a\0b", True),
        ("ann\\1.png", False), ("..\\1.png", True), ("\\\\server\\1.png", True),
        ("C:\\1.png", True), ("ann/..\\..\\1.png", True),
    ],
)  # fmt: skip
def test_names_that_lead_out_of_an_archive_are_known(name, out):
    assert escapes(name) == out


@pytest.mark.parametrize(
    "name", ["ann\\b\\1.png", "./ann//b/1.png", "ann\\b/1.png", ".\\ann\\b\\1.png"]
)
def test_both_separators_of_paths_in_archives_are_read_alike(name):
    assert plain(name) == "ann/b/1.png"


def test_a_name_is_found_as_others_spell_it_and_to_the_letter_first():
    assert spelled_as("Ann  Lee", ["bo", "ann_lee"]) == "ann_lee"
    assert spelled_as("Ann", ["ANN", "Ann"]) == "Ann"
    assert spelled_as("cat", ["bo"]) is None
