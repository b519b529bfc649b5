import inspect
import os
import sys
import tarfile
import tracemalloc
import unicodedata
import zipfile

import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources.folder import BESIDE, FolderSource
from anime_style_tf.errors import InputError


def save(path, color=(1, 2, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (6, 4), color).save(path)


def works(path):
    return list(FolderSource(path=path).artworks())


def test_each_sub_folder_is_an_artist_and_hidden_files_are_left_out(tmp_path):
    save(tmp_path / "bob" / "2.png")
    save(tmp_path / "ann" / "series" / "1.png")
    save(tmp_path / "ann" / ".cache" / "1.png")
    save(tmp_path / ".trash" / "1.png")
    save(tmp_path / "__MACOSX" / "1.png")
    for litter in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (tmp_path / "bob" / litter).touch()
    assert [(work.artist, work.work_id, work.rejection) for work in works(tmp_path)] == [
        ("ann", "ann/series/1.png", None),
        ("bob", "bob/2.png", None),
    ]


def test_files_beside_the_folders_are_refused_by_name(tmp_path):
    save(tmp_path / "ann" / "1.png")
    save(tmp_path / "stray.png")
    save(tmp_path / "ann" / "more.zip.png")
    (tmp_path / "ann" / "more.zip").touch()
    reasons = {work.reference: work.rejection for work in works(tmp_path)}
    assert reasons["stray.png"] == BESIDE
    assert "an archive inside the input" in reasons.pop("ann/more.zip")
    assert reasons == {"ann/1.png": None, "ann/more.zip.png": None, "stray.png": BESIDE}


def test_a_file_that_is_no_picture_is_damaged_only_when_decoded(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "notes.txt").write_text("hello")
    (work,) = works(tmp_path)
    data, factors = work.read()
    assert (data, factors) == (b"hello", {})
    with pytest.raises(DamagedArtworkError):
        work.decode(data, image_size=8, max_pixels=100)


@pytest.mark.parametrize(
    "name", ["あかり", "🎨 paint", "two\nlines", "back\\slash", os.fsdecode(b"caf\xe9"), "a'\"b,"]
)
def test_names_in_any_script_can_be_read_and_written_down(name, tmp_path):
    save(tmp_path / name / f"{name}.png")
    (work,) = works(tmp_path)
    for text in (work.artist, work.work_id, work.reference):
        text.encode("utf-8")
    assert work.read()[0] == (tmp_path / name / f"{name}.png").read_bytes()


def test_folders_that_only_differ_in_composition_are_one_artist(tmp_path):
    for form in ("NFC", "NFD"):
        save(tmp_path / unicodedata.normalize(form, "Amélie") / "1.png")
    first, second = works(tmp_path)
    assert first.artist == second.artist == unicodedata.normalize("NFC", "Amélie")
    assert first.work_id != second.work_id


def test_the_order_is_that_of_the_names_not_of_the_disk(tmp_path):
    names = ["b/10.png", "b/2.png", "a b/1.png", "a/1.png", "a/0/1.png", "ア/1.png", "Z/1.png"]
    for name in names:
        save(tmp_path / name)
    assert [work.reference for work in works(tmp_path)] == [
        "Z/1.png", "a/0/1.png", "a/1.png", "a b/1.png", "b/10.png", "b/2.png", "ア/1.png",
    ]  # fmt: skip


def test_links_to_folders_are_followed_once_and_never_in_circles(tmp_path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    save(root / "ann" / "1.png")
    save(outside / "deep" / "2.png")
    (outside / "deep" / "again").symlink_to(outside)
    (root / "bob").symlink_to(outside)
    (root / "carl").symlink_to(outside / "deep")
    (root / "ann" / "up").symlink_to(root / "ann")
    (root / "ann" / "top").symlink_to(tmp_path)
    (root / "ann" / "broken").symlink_to("nowhere")
    (root / "ann" / "itself").symlink_to("itself")
    found = {work.reference: (work.artist, work.rejection) for work in works(root)}
    assert found == {
        "ann/1.png": ("ann", None),
        "ann/broken": ("ann", None),
        "ann/itself": ("ann", None),
        "ann/top": ("ann", "a link to a folder that contains it"),
        "ann/up": ("ann", "a link to a folder of the same input"),
        "bob/deep/2.png": ("bob", None),
        "bob/deep/again": ("bob", "a link to a folder that was read before"),
        "carl": ("", "a link to a folder that was read before"),
    }


def test_a_folder_that_cannot_be_listed_is_named_and_the_rest_is_read(tmp_path, monkeypatch):
    save(tmp_path / "ann" / "1.png")
    save(tmp_path / "bob" / "1.png")
    scandir = os.scandir

    def refuse(path):
        if str(path).endswith("ann"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert [(work.reference, work.rejection) for work in works(tmp_path)] == [
        ("ann", "a folder that cannot be read: Permission denied"),
        ("bob/1.png", None),
    ]


def test_folders_deeper_than_pythons_stack_are_walked(tmp_path):
    save(tmp_path / ("a/" * 250) / "1.png")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack()) + 100)
    try:
        (work,) = works(tmp_path)
    finally:
        sys.setrecursionlimit(limit)
    assert work.reference == "a/" * 250 + "1.png"


def test_a_walk_holds_no_more_than_a_folders_listing(tmp_path):
    for artist in range(40):
        (tmp_path / f"{artist:02d}").mkdir()
        for number in range(50):
            (tmp_path / f"{artist:02d}" / f"{number}.png").touch()
    source = FolderSource(path=tmp_path)
    tracemalloc.start()
    count = sum(1 for _ in source.artworks())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 2000
    assert peak < 200_000


def test_a_missing_folder_and_one_without_artists_are_errors(tmp_path):
    with pytest.raises(InputError, match=r"expected a folder, a \.zip or a \.tar"):
        FolderSource(path=tmp_path / "nowhere")
    save(tmp_path / "1.png")
    with pytest.raises(InputError, match="expected one sub-folder with files per artist"):
        FolderSource(path=tmp_path)
    with pytest.raises(InputError, match="received a file of another kind"):
        FolderSource(path=tmp_path / "1.png")


def contained(path, kind, names):
    """The named pictures as a folder, a .tar, a .zip, or a .zip as some make it on Windows."""
    for number, name in enumerate(names):
        save(path / "files" / name, (number, 0, 0))
    if kind == "tar":
        with tarfile.open(path / "set.tar", "w") as archive:
            archive.add(path / "files", ".")
    if kind.startswith("zip"):
        with zipfile.ZipFile(path / "set.zip", "w") as archive:
            for name in names:
                member = name if kind == "zip" else name.replace("/", "\\")
                archive.writestr(member, (path / "files" / name).read_bytes())
    return path / {"folder": "files", "tar": "set.tar"}.get(kind, "set.zip")


@pytest.fixture(params=["folder", "tar", "zip", "zip from Windows"])
def container(request, tmp_path):
    return lambda *names: contained(tmp_path, request.param, names)


def test_what_a_tree_looks_like_is_recognized_alike_in_folders_and_archives(container, caplog):
    splits = [f"set/{split}/{artist}/1.png" for split in ("train", "test") for artist in "ab"]
    path = container(*splits, "set/train/metadata.csv.png")
    found = {(work.artist, work.split): work.work_id for work in works(path)}
    assert found == {
        ("a", "train"): "train/a/1.png", ("b", "train"): "train/b/1.png",
        ("a", "test"): "test/a/1.png", ("b", "test"): "test/b/1.png",
        ("", None): "train/metadata.csv.png",
    }  # fmt: skip
    assert [record.getMessage() for record in caplog.records] == [
        f"{path}: the artists' folders are looked for in set/; test, train are splits with the "
        "artists' folders in them; works stay on their side, all but training ones are for testing"
    ]
    assert all(work.read()[0] for work in works(path))


def test_what_other_programs_leave_is_counted_and_said_once(container, caplog):
    caplog.set_level("INFO", logger="absl")
    path = container(
        "ann/1.png", "ann/@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg", "ann/@eaDir/2.png/S.jpg",
        "bob/2.png", "bob/@eaDir/2.png/S.jpg", "bob/.thumbnails/2.png", "#recycle/bob/3.png",
        "bob/.x.png",
    )  # fmt: skip
    source = FolderSource(path=path)
    assert [work.reference for work in source.artworks()] == ["ann/1.png", "bob/2.png"]
    assert list(source.artworks()) == list(source.artworks())
    (record,) = caplog.records
    said, counts = record.getMessage().rsplit(": ", 1)
    assert said == f"{path}: left out what other programs keep there"
    assert counts.startswith("2 @eaDir, ")
    assert set(counts.split(", ")) == {"2 @eaDir", "1 #recycle", "1 .thumbnails", "1 hidden"}


def test_one_artist_alone_is_said_and_splits_without_artists_are_refused(tmp_path, caplog):
    save(tmp_path / "one" / "ann" / "1.png")
    works(tmp_path / "one")
    assert "all is by one artist, ann: expected one folder for each" in caplog.text
    for split in ("train", "test"):
        save(tmp_path / "two" / split / "1.png")
    (tmp_path / "two" / "train" / "metadata.csv").touch()
    with pytest.raises(InputError, match=r"train/metadata\.csv with the columns path and artist"):
        FolderSource(path=tmp_path / "two")
