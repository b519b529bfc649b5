import os
import tarfile
import zipfile

import pytest

from anime_style_tf.data.sources.trees import NESTED, open_tree
from anime_style_tf.errors import InputError

NAMES = ["set/ann/1.png", "set/ann/b/2.png", "set/.hidden/3.png", "set/bob.zip", "set/note.txt"]


def folder(path):
    for name in NAMES:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(name.encode())
    return path


def zipped(path):
    with zipfile.ZipFile(path / "set.zip", "w") as archive:
        for name in reversed(NAMES):
            archive.writestr(name, name.encode())
    return path / "set.zip"


def tarred(path):
    with tarfile.open(path / "set.tar.xz", "w:xz") as archive:
        archive.add(folder(path / "files"), ".")
    return path / "set.tar.xz"


@pytest.fixture(params=[folder, zipped, tarred], ids=lambda make: make.__name__)
def tree(request, tmp_path):
    return open_tree(request.param(tmp_path))


def test_folders_and_archives_are_walked_alike(tree):
    entries = list(tree.walk())
    assert [(entry.name, entry.rejection) for entry in entries] == [
        ("set/ann/1.png", None),
        ("set/ann/b/2.png", None),
        ("set/bob.zip", NESTED),
        ("set/note.txt", None),
    ]
    assert [entry.place.read() for entry in entries] == [entry.name.encode() for entry in entries]
    assert list(tree.walk()) == entries


def test_one_file_is_found_by_its_name_even_if_hidden(tree):
    assert tree.find("set/.hidden/3.png").place.read() == b"set/.hidden/3.png"
    assert tree.find("set/bob.zip").rejection == NESTED
    assert tree.find("set/nothing.png") is None


def test_only_an_archive_has_a_wrapper_that_may_be_left_out(tmp_path):
    assert open_tree(folder(tmp_path)).find("ann/1.png") is None
    tree = open_tree(zipped(tmp_path))
    assert tree.wrapper == "set/"
    assert tree.find("ann/1.png").name == "set/ann/1.png"


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="received a pipe, socket or device, not a file"):
        open_tree(tmp_path / "pipe")


def test_an_encoding_of_names_is_for_archives_alone(tmp_path):
    with pytest.raises(InputError, match="to read with it, received the folder"):
        open_tree(folder(tmp_path), encoding="cp932")
    with pytest.raises(InputError, match="--archive_encoding: expected an encoding"):
        open_tree(zipped(tmp_path), encoding="cp392")


def test_a_folder_of_nothing_but_litter_is_not_talked_about(tmp_path, caplog):
    caplog.set_level("INFO", logger="absl")
    (tmp_path / ".x.parquet.unfinished").touch()
    tree = open_tree(tmp_path)
    assert list(tree.walk()) == []
    assert caplog.text == ""
    (tmp_path / "1.png").touch()
    assert len(list(tree.walk())) == 1
    assert "left out what other programs keep there: 1 hidden" in caplog.text
