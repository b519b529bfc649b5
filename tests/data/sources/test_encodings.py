import pytest

from anime_style_tf.data.sources.encodings import check_encoding, decoder
from anime_style_tf.errors import InputError


def read(names, encoding=None):
    """Reads names as an archive's would be whose format makes Latin-1 of them."""
    function = decoder(
        "set.zip", names, encoding=encoding, otherwise=lambda name: name.decode("latin-1")
    )
    return [function(name) for name in names]


def in_encoding(encoding, *names):
    return [name.encode(encoding) for name in names]


def test_utf_8_is_read_without_a_word(caplog):
    names = ("ann/1.png", "山田/絵.png", "Zoë/1.png")
    assert read(in_encoding("utf-8", *names)) == [(name, None) for name in names]
    assert caplog.text == ""


def test_japanese_of_windows_is_recognized_and_the_guess_is_named(caplog):
    names = (
        "ann/1.png",
        "山田/ソ表.png",
        "sample画像/林 (2).png",
        "ガンダム★/ﾃｽﾄ・一.png",
        "長谷川・佐藤/見本.png",
    )
    assert read(in_encoding("cp932", *names)) == [(name, None) for name in names]
    assert "taken for cp932, such as 山田/ソ表.png" in caplog.text
    assert "--archive_encoding" in caplog.text


@pytest.mark.parametrize(
    ("encoding", "names"),
    [
        ("cp437", ("Müller/1.png", "Schröder/2.png", "Jörg/Señor.png")),
        ("cp1252", ("Renée/1.png", "Zoë/2.png", "François/é.png")),
        ("gbk", ("张三/1.png", "李四/画像.png", "王小明/作品.png")),
        ("cp949", ("김철수/1.png", "이영희/그림.png")),
        ("cp1251", ("Иван/1.png", "Мария Петрова/рисунок.png")),
        ("cp866", ("Иван/1.png", "Мария Петрова/рисунок.png")),
        ("big5", ("陳大文/1.png", "黃小明/作品.png")),
        ("euc_jp", ("山田/1.png", "鈴木/絵.png")),
    ],
)
def test_other_encodings_are_not_taken_for_japanese_and_read_where_they_are_given(
    encoding, names, caplog
):
    raw = in_encoding(encoding, *names)
    assert read(raw) == [(name.decode("latin-1"), None) for name in raw]
    assert "taken for what cannot be recognized" in caplog.text
    assert read(raw, encoding) == [(name, None) for name in names]


def test_one_name_that_is_no_text_does_not_spoil_the_others(caplog):
    assert read(["山田/1.png".encode(), b"\xff\xfe.png"]) == [
        ("山田/1.png", None),
        ("ÿþ.png", None),
    ]
    assert "1 names that are not UTF-8" in caplog.text


def test_a_name_that_is_not_in_the_encoding_that_was_given_is_refused():
    (_, sound), (name, refused) = read(["山田".encode("cp932"), b"\xfd\xff"], "euc_jp")
    assert sound == refused == "its name is not in euc_jp, the encoding that was given"
    assert name == "ýÿ"


@pytest.mark.parametrize("encoding", ["cp392", "hex", "utf-16", "cp500", "a\0b"])
def test_what_is_no_encoding_of_names_is_an_error(encoding):
    with pytest.raises(InputError, match="--archive_encoding: expected an encoding of names"):
        check_encoding(encoding)


def test_encodings_that_hold_names_of_files_are_taken():
    for encoding in (None, "cp932", "Shift_JIS", "gbk", "utf-8"):
        check_encoding(encoding)
