import os
import re
import zipfile
import zlib

import pytest

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources import zips
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.errors import InputError


def made(path, members, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for member, data in members:
            archive.writestr(member, data)
    return path


def works(path):
    return {work.reference: work for work in FolderSource(path=path).artworks()}


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_members_are_read_without_extracting(method, tmp_path):
    members = [("ann/1.png", b"one"), ("bob/ア/2.png", b"two" * 99), ("__MACOSX/ann/._1", b"x")]
    path = made(tmp_path / "set.zip", members, compression=method)
    found = works(path)
    assert {name: work.artist for name, work in found.items()} == {
        "ann/1.png": "ann", "bob/ア/2.png": "bob",
    }  # fmt: skip
    assert found["bob/ア/2.png"].read() == (b"two" * 99, {})
    assert os.listdir(tmp_path) == ["set.zip"]


def test_a_folder_around_the_artists_is_looked_through(tmp_path):
    inside = [("set/ann/1.png", b"1"), ("set/bob/1.png", b"2"), ("set/README.txt", b"hi")]
    found = works(made(tmp_path / "set.zip", inside))
    assert {name: (work.artist, work.work_id) for name, work in found.items()} == {
        "set/ann/1.png": ("ann", "ann/1.png"),
        "set/bob/1.png": ("bob", "bob/1.png"),
        "set/README.txt": ("", "README.txt"),
    }
    assert found["set/README.txt"].rejection == "not in an artist's folder"
    flat = works(made(tmp_path / "flat.zip", [("ann/1.png", b"1"), ("ann/2.png", b"2")]))
    assert {work.artist for work in flat.values()} == {"ann"}


def attributes(name, mode):
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def test_what_must_not_be_read_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(zips, "MAX_BYTES", 5000)
    monkeypatch.setattr(zips, "_RATIO_FREE_BYTES", 1000)
    members = [
        ("ann/1.png", b"1"),
        ("../out.png", b"1"),
        ("ann/../../out.png", b"1"),
        ("bob/../ann/1.png", b"1"),
        ("/etc/out.png", b"1"),
        ("C:/out.png", b"1"),
        ("ann\\..\\out.png", b"1"),
        (attributes("ann/link.png", 0o120777), b"/etc/passwd"),
        (attributes("ann/device", 0o020666), b""),
        ("ann/large.png", os.urandom(5001)),
        ("ann/bomb.png", bytes(5000)),
        ("ann/more.zip", b"PK"),
    ]
    found = works(made(tmp_path / "set.zip", members, compression=zipfile.ZIP_DEFLATED))
    reasons = {name: work.rejection or "" for name, work in found.items()}
    assert len(reasons) == 12
    outside = "its path leads out of the archive"
    for name in ("../out.png", "ann/../../out.png", "bob/../ann/1.png", "/etc/out.png",
                 "C:/out.png", "ann\\..\\out.png"):  # fmt: skip
        assert reasons[name] == outside
    assert reasons["ann/link.png"] == "a link or device in the archive, not a file"
    assert reasons["ann/device"] == "a link or device in the archive, not a file"
    assert reasons["ann/large.png"] == "5001 bytes, the limit is 5000"
    assert re.fullmatch(r"unpacks to \d+ times its size, the limit is 200", reasons["ann/bomb.png"])
    assert reasons["ann/more.zip"].startswith("an archive inside the input")
    assert reasons["ann/1.png"] == ""
    assert {work.place for work in found.values() if work.rejection} - {None} == {
        found["ann/more.zip"].place
    }


def test_an_encrypted_member_is_refused(tmp_path):
    path = made(tmp_path / "set.zip", [("ann/1.png", b"1"), ("ann/2.png", b"2")])
    data = bytearray(path.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 8] |= 1  # general purpose flags of the second member
    path.write_bytes(data)
    found = works(path)
    assert (found["ann/1.png"].rejection, found["ann/2.png"].rejection) == (None, "encrypted")


def test_of_two_members_of_one_name_the_later_counts(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = made(tmp_path / "set.zip", [("ann/1.png", b"old"), ("ann/1.png", b"new")])
    found = works(path)
    assert found["ann/1.png"].read()[0] == b"new"
    refused = found["ann/1.png (no. 1 of this name)"]
    assert refused.rejection == "a later file in the archive has the same name"


def test_names_in_unicode_whose_flag_was_forgotten_are_read_as_meant(tmp_path):
    path = made(tmp_path / "set.zip", [("あかり/1.png", b"1")])
    data = bytearray(path.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(start) + flags + 1] &= ~0x08 & 0xFF
    path.write_bytes(data)
    (work,) = works(path).values()
    assert (work.artist, work.reference) == ("あかり", "あかり/1.png")
    assert work.read()[0] == b"1"


def japanese(path, extra=b""):
    """A .zip with 山田/表.png, whose second letter ends in the byte of a backslash, in cp932."""
    name = "山田/表.png".encode("cp932")
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x" * len(name))
        info.extra = extra
        archive.writestr(info, b"drawn")
    path.write_bytes(path.read_bytes().replace(b"x" * len(name), name))
    return path


def test_names_of_japanese_windows_are_read_as_meant_with_a_warning(tmp_path, caplog):
    path = japanese(tmp_path / "set.zip")
    (work,) = works(path).values()
    assert (work.artist, work.reference) == ("山田", "山田/表.png")
    assert work.read()[0] == b"drawn"
    assert f"{path}: the archive does not say the encoding of 1 names" in caplog.text
    assert "taken for cp932, such as 山田/表.png" in caplog.text


def test_the_encoding_of_names_can_be_given(tmp_path, caplog):
    path = japanese(tmp_path / "set.zip")
    (work,) = FolderSource(path=path, archive_encoding="cp932").artworks()
    assert work.reference == "山田/表.png"
    assert "the encoding of" not in caplog.text
    (work,) = FolderSource(path=path, archive_encoding="gbk").artworks()
    assert work.artist == "山田".encode("cp932").decode("gbk")
    source = FolderSource(path=path, archive_encoding="gbk")
    assert source.description()["archive_encoding"] == "gbk"


def test_a_name_that_is_said_once_more_in_unicode_is_that_unless_it_is_of_another(tmp_path, caplog):
    name, meant = "山田/表.png".encode("cp932"), "山田/meant.png"
    for crc, reference in ((zlib.crc32(name), meant), (1, "山田/表.png")):
        field = b"\x01" + crc.to_bytes(4, "little") + meant.encode()
        extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
        (work,) = works(japanese(tmp_path / f"{crc}.zip", extra)).values()
        assert work.reference == reference
        assert work.read()[0] == b"drawn"
    assert caplog.text.count("does not say the encoding") == 1


def test_a_damaged_member_is_damaged_and_the_others_are_not(tmp_path):
    path = made(tmp_path / "set.zip", [("ann/1.png", b"a" * 50), ("ann/2.png", b"b" * 50)])
    path.write_bytes(path.read_bytes().replace(b"a" * 50, b"a" * 49 + b"x"))
    found = works(path)
    with pytest.raises(DamagedArtworkError, match="damaged archive: BadZipFile: Bad CRC"):
        found["ann/1.png"].read()
    assert found["ann/2.png"].read()[0] == b"b" * 50


def test_a_size_that_lies_does_not_unpack_more_than_the_limit(tmp_path, monkeypatch):
    path = made(tmp_path / "set.zip", [("ann/1.png", bytes(10**6))], compression=8)
    data = bytearray(path.read_bytes())
    entry = data.index(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    path.write_bytes(data)
    (work,) = works(path).values()
    with pytest.raises(DamagedArtworkError, match="damaged archive"):
        work.read()


def test_a_damaged_listing_is_an_error_that_says_what_to_do(tmp_path):
    path = made(tmp_path / "set.zip", [("ann/1.png", b"1" * 100)])
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match="repair it with zip -FF"):
        FolderSource(path=path)
    path.write_bytes(b"")
    with pytest.raises(InputError, match=r"expected a \.zip"):
        FolderSource(path=path)


def test_the_stamp_follows_the_archive_and_an_archive_that_goes_is_named(tmp_path):
    path = made(tmp_path / "set.zip", [("ann/1.png", b"1"), ("ann/2.png", b"2")])
    one, two = works(path).values()
    before = one.stamp(), two.stamp()
    assert len({*before, ""}) == 3
    assert one.read()[0] == b"1"
    made(path, [("ann/1.png", b"1")])
    assert one.stamp() not in before
    with pytest.raises(DamagedArtworkError, match="not in the archive any more"):
        two.read()
    path.unlink()
    assert one.stamp() == ""
    with pytest.raises(DamagedArtworkError, match="no such file"):
        one.read()
