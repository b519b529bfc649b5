import bz2
import gzip
import lzma

import pytest

from anime_style_tf.data.sources.streams import READ_ERRORS, open_bytes, open_text
from anime_style_tf.errors import InputError


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_what_is_packed_is_unpacked_whatever_its_name(pack, tmp_path):
    (tmp_path / "file").write_bytes(pack(b"some\nlines\n"))
    with open_bytes(tmp_path / "file", expected="text") as file:
        assert list(file) == [b"some\n", b"lines\n"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_that_say_what_they_are_give_the_same_text(encoding, tmp_path):
    (tmp_path / "file").write_bytes("猫\r\nä\r".encode(encoding))
    with open_text(tmp_path / "file", expected="text") as file:
        assert file.read() == "猫\r\nä\r"


def test_archives_are_refused_by_what_they_are(tmp_path):
    (tmp_path / "file").write_bytes(b"\x28\xb5\x2f\xfd rest")
    with (
        pytest.raises(InputError, match="expected text, received a file packed with zstd"),
        open_bytes(tmp_path / "file", expected="text"),
    ):
        pass


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_damage_is_one_of_the_errors_of_reading(pack, tmp_path):
    (tmp_path / "file").write_bytes(pack(b"some\nlines\n" * 999)[:-12])
    with open_bytes(tmp_path / "file", expected="text") as file, pytest.raises(READ_ERRORS):
        file.read()
