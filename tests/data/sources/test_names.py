import pytest
from hypothesis import given
from hypothesis import strategies as st

from anime_style_tf.data.sources.names import artist_name, escapes, plain, readable

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


def test_names_that_only_differ_in_composition_are_one_artist():
    assert artist_name("Ame\u0301lie が") == artist_name("Am\u00e9lie か\u3099")


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
