import errno
import os

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing


def test_a_file_takes_the_place_of_another_as_a_whole(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("old")
    with replacing(path) as unfinished:
        unfinished.write_text("new")
        assert path.read_text() == "old"
        assert unfinished.suffix == ".csv"
    assert path.read_text() == "new"
    assert os.listdir(tmp_path) == ["numbers.csv"]


def test_two_processes_that_share_a_file_do_not_write_into_each_others(tmp_path):
    path = tmp_path / "shard"
    with replacing(path, shared=True) as one, replacing(path, shared=True) as other:
        one.write_text("one")
        other.write_text("the other")
    assert path.read_text() == "one"  # its block was left last
    assert os.listdir(tmp_path) == ["shard"]


def test_content_is_on_the_disk_before_it_gets_its_name(tmp_path, monkeypatch):
    path, synced = tmp_path / "numbers.csv", []

    def note(file):
        synced.append((os.readlink(f"/proc/self/fd/{file}"), path.exists()))

    monkeypatch.setattr(os, "fsync", note)
    with replacing(path) as unfinished:
        unfinished.write_text("new")
    assert synced == [(str(unfinished), False)]


def fail_half_way(path, error):
    with replacing(path) as unfinished:
        unfinished.write_text("ne")
        raise error


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RuntimeError("FlushSummaryWriter: events.v2; No space left on device"),
    ],
)
def test_a_full_disk_is_one_line_and_leaves_the_old_file_alone(tmp_path, error):
    path = tmp_path / "numbers.csv"
    path.write_text("old")
    with pytest.raises(InputError, match=r"disk is full: .*numbers\.csv"):
        fail_half_way(path, error)
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["numbers.csv"]


def test_another_error_passes_and_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "numbers.csv"
    path.write_text("old")
    with pytest.raises(PermissionError):
        fail_half_way(path, PermissionError(errno.EACCES, "no"))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["numbers.csv"]
