import io
import os
import tarfile

import pytest

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources import tars
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.errors import InputError

MEMBERS = {"ann/1.png": b"one", "bob/ア/2.png": b"two" * 999}


def made(path, members, mode="w", **fields):
    with tarfile.open(path, mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def works(path, **options):
    return {work.reference: work for work in FolderSource(path=path, **options).artworks()}


@pytest.mark.parametrize("ending", ["", ".gz", ".bz2", ".xz"])
def test_members_are_read_at_their_place(ending, tmp_path):
    path = made(tmp_path / f"set.tar{ending}", MEMBERS, f"w:{ending[1:]}")
    found = works(path)
    assert {name: work.read()[0] for name, work in found.items()} == MEMBERS
    assert [work.artist for work in found.values()] == ["ann", "bob"]
    assert len({work.stamp() for work in found.values()} | {""}) == 3
    assert os.listdir(tmp_path) == [path.name]


def test_the_usual_archive_of_the_current_folder_is_understood(tmp_path):
    path = made(tmp_path / "set.tar", {f"./{name}": data for name, data in MEMBERS.items()})
    assert list(works(path)) == list(MEMBERS)


def test_a_compressed_tar_is_unpacked_once_into_the_cache(tmp_path, monkeypatch):
    path = made(tmp_path / "set.tgz", MEMBERS, "w:gz")
    works(path, cache=tmp_path / "cache")
    (tar,) = (tmp_path / "cache").iterdir()
    assert tarfile.is_tarfile(tar)
    with monkeypatch.context() as patched:
        patched.setattr(tars, "_unpack", None)
        found = works(path, cache=tmp_path / "cache")
    before = found["ann/1.png"].stamp()
    assert found["ann/1.png"].read()[0] == b"one"
    os.utime(path, ns=(0, 0))
    assert found["ann/1.png"].stamp() != before
    works(path, cache=tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_compressed_tar_that_unpacks_to_absurdly_much_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(tars, "_RATIO_FREE_BYTES", 1000)
    path = made(tmp_path / "set.tar.gz", {"ann/1.png": bytes(10**7)}, "w:gz")
    with pytest.raises(InputError, match="100 times its size"):
        FolderSource(path=path, cache=tmp_path / "cache")
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_truncated_compressed_tar_is_an_error(tmp_path):
    path = made(tmp_path / "set.tar.gz", {"ann/1.png": os.urandom(5000)}, "w:gz")
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(InputError, match=r"cannot be unpacked after \d+ bytes"):
        FolderSource(path=path)


def special(name, kind, target=""):
    info = tarfile.TarInfo(name)
    info.type = kind
    info.linkname = target
    return info


def test_what_must_not_be_read_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setattr(tars, "MAX_BYTES", 5000)
    members = {
        "ann/1.png": b"1", "../out.png": b"1", "/etc/out.png": b"1", "ann\\..\\out.png": b"1",
        "c:out.png": b"1", "ann/large.png": bytes(5001), "ann/more.tar.gz": b"1",
    }  # fmt: skip
    path = made(tmp_path / "set.tar", members)
    with tarfile.open(path, "a") as archive:
        archive.addfile(special("ann/soft.png", tarfile.SYMTYPE, "/etc/passwd"))
        archive.addfile(special("ann/hard.png", tarfile.LNKTYPE, "ann/1.png"))
        archive.addfile(special("ann/pipe", tarfile.FIFOTYPE))
        archive.addfile(special("ann/device", tarfile.CHRTYPE))
        archive.addfile(special("ann/folder", tarfile.DIRTYPE))
    found = works(path)
    outside, no_file = "its path leads out of the archive", "a link or device in the archive"
    expected = {
        "ann/1.png": "", "../out.png": outside, "/etc/out.png": outside,
        "ann\\..\\out.png": outside, "c:out.png": outside,
        "ann/large.png": "5001 bytes, the limit is 5000",
        "ann/more.tar.gz": "an archive inside the input",
        "ann/soft.png": no_file, "ann/hard.png": no_file, "ann/pipe": no_file,
        "ann/device": no_file,
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for name, reason in expected.items():
        assert (found[name].rejection or "").startswith(reason)
        assert bool(found[name].rejection) == bool(reason)
    assert {found[name].artist for name in ("../out.png", "/etc/out.png")} == {""}


def test_of_two_members_of_one_name_the_later_counts(tmp_path):
    path = made(tmp_path / "set.tar", {"ann/1.png": b"old"})
    made(path, {"ann/1.png": b"new"}, "a")
    found = works(path)
    assert found["ann/1.png"].read()[0] == b"new"
    refused = found["ann/1.png (no. 1 of this name)"]
    assert refused.rejection == "a later file in the archive has the same name"


@pytest.mark.parametrize("cut", [1024 + 100, 1024 + 512 + 100, 1024, 1024 + 512 + 1024])
def test_of_a_truncated_tar_the_rest_is_read_and_the_damage_named(cut, tmp_path):
    path = made(tmp_path / "set.tar", {"ann/1.png": b"1" * 512, "ann/2.png": b"2" * 1000})
    path.write_bytes(path.read_bytes()[:cut])
    found = works(path)
    assert found["ann/1.png"].read()[0] == b"1" * 512
    (damage,) = [work.rejection for name, work in found.items() if name.startswith("from byte")]
    assert damage.startswith("damaged from here on: ")
    if "ann/2.png" in found and cut < 2560:
        with pytest.raises(DamagedArtworkError, match="it ends within this file"):
            found["ann/2.png"].read()


def test_a_header_that_is_damaged_is_named_though_the_reader_stops_there(tmp_path):
    path = made(tmp_path / "set.tar", {"ann/1.png": b"1", "ann/2.png": b"2"})
    data = bytearray(path.read_bytes())
    data[1024:1030] = b"broken"
    path.write_bytes(data)
    found = works(path)
    assert found.keys() == {"ann/1.png", "from byte 1024"}
    assert found["from byte 1024"].rejection == "damaged from here on: bytes that are no header"


def test_headers_of_negative_size_do_not_read_for_ever(tmp_path):
    path = made(tmp_path / "set.tar", {"ann/1.png": b"1", "ann/2.png": b"2"})
    data = bytearray(path.read_bytes())
    data[1024 + 124 : 1024 + 136] = b"\xff" * 10 + b"\xf8\x00"  # -2048 in base 256
    header = data[1024:1536]
    header[148:156] = b" " * 8
    data[1024 + 148 : 1024 + 156] = b"%06o\0 " % sum(header)
    path.write_bytes(data)
    found = works(path)
    assert [name for name, work in found.items() if work.rejection is None] == ["ann/1.png"]
    assert any("damaged from here on" in (work.rejection or "") for work in found.values())


def test_names_that_are_not_utf_8_are_recognized_or_given(tmp_path, caplog):
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT, encoding="cp932") as archive:
        info = tarfile.TarInfo("山田/表.png")
        info.size = 5
        archive.addfile(info, io.BytesIO(b"drawn"))
    (work,) = works(path).values()
    assert (work.artist, work.reference) == ("山田", "山田/表.png")
    assert work.read()[0] == b"drawn"
    assert "taken for cp932, such as 山田/表.png" in caplog.text
    (work,) = works(path, archive_encoding="gbk").values()
    assert work.artist == "山田".encode("cp932").decode("gbk")


def test_names_that_say_that_they_are_unicode_are_not_read_otherwise(tmp_path):
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("山田/1.png"))
    (work,) = works(path, archive_encoding="cp932").values()
    assert work.artist == "山田"


def test_an_archive_that_goes_is_named(tmp_path):
    path = made(tmp_path / "set.tar", MEMBERS)
    work = works(path)["ann/1.png"]
    path.unlink()
    assert work.stamp() == ""
    with pytest.raises(DamagedArtworkError, match="damaged archive: no such file"):
        work.read()
