import itertools
import os
import re

import pytest

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources import files
from anime_style_tf.data.sources.files import FileArtwork, PlainFile


def artwork(place, **fields):
    return FileArtwork(artist="ann", work_id="1", reference="1", place=place, **fields)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "1.png"
    path.write_bytes(b"some bytes")
    return path


def refused(path, reason):
    with pytest.raises(DamagedArtworkError, match=re.escape(reason)):
        PlainFile(str(path)).read()


def test_a_file_gives_its_bytes_and_its_factors(file):
    work = artwork(PlainFile(str(file)), factors='{"hat": true}')
    assert work.read() == (b"some bytes", {"hat": True})


def test_the_stamp_changes_with_the_file_and_is_empty_without_it(file):
    place = PlainFile(str(file))
    first = place.stamp()
    os.utime(file, ns=(1, 1))
    second = place.stamp()
    file.write_bytes(b"more bytes than before")
    os.utime(file, ns=(1, 1))
    third = place.stamp()
    file.unlink()
    assert len({first, second, third, ""}) == 4
    assert place.stamp() == ""


def test_a_missing_place_is_no_such_file():
    with pytest.raises(DamagedArtworkError, match="no such file"):
        artwork(None).read()
    assert artwork(None).stamp() == ""


def test_what_is_no_file_is_never_opened(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("/dev/zero")
    monkeypatch.setattr(os, "open", None)
    refused(tmp_path / "pipe", "a pipe, socket or device, not a file")
    refused(tmp_path / "link", "a pipe, socket or device, not a file")
    refused(tmp_path, "a folder, not a file")


def test_a_pipe_that_takes_the_files_place_is_not_waited_for(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.setattr(os, "stat", lambda path: os.lstat(__file__))
    refused(tmp_path / "pipe", "a pipe, socket or device, not a file")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("gone.png", "no such file"),
        ("broken", "no such file"),
        ("itself", "Too many levels of symbolic links"),
        ("null\0.png", "null"),
        ("long" * 100, "File name too long"),
        ("1.png/2.png", "Not a directory"),
    ],
)
def test_a_path_that_leads_nowhere_says_why(name, reason, file):
    (file.parent / "broken").symlink_to("nowhere")
    (file.parent / "itself").symlink_to("itself")
    refused(os.path.join(file.parent, name), reason)


def test_an_unreadable_file_says_why(file):
    file.chmod(0)
    user = os.geteuid()
    os.seteuid(65534 if user == 0 else user)  # permissions do not bind the administrator
    try:
        refused(file, "Permission denied")
    finally:
        os.seteuid(user)


def test_nothing_and_too_much_are_refused(file, monkeypatch):
    monkeypatch.setattr(files, "MAX_BYTES", 9)
    refused(file, "10 bytes, the limit is 9")
    file.write_bytes(b"")
    refused(file, "an empty file")


def test_a_file_that_changes_meanwhile_is_refused(file, monkeypatch):
    fstat = os.fstat
    times = itertools.count(1)

    def changing(descriptor):
        os.utime(file, ns=(0, next(times)))
        return fstat(descriptor)

    monkeypatch.setattr(os, "fstat", changing)
    refused(file, "it changed while it was read")
