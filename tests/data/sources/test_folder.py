import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.errors import InputError


def save(path, color=(1, 2, 3)):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (6, 4), color).save(path)


def test_each_sub_folder_is_an_artist_and_hidden_files_are_left_out(tmp_path):
    save(tmp_path / "bob" / "2.png")
    save(tmp_path / "ann" / "series" / "1.png")
    save(tmp_path / "ann" / ".cache" / "1.png")
    save(tmp_path / ".trash" / "1.png")
    (tmp_path / "bob" / ".DS_Store").touch()
    works = list(FolderSource(path=tmp_path).artworks())
    assert [(work.artist, work.work_id) for work in works] == [
        ("ann", "ann/series/1.png"),
        ("bob", "bob/2.png"),
    ]


def test_a_file_that_is_no_picture_is_damaged_only_when_rendered(tmp_path):
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "notes.txt").write_text("hello")
    (work,) = FolderSource(path=tmp_path).artworks()
    with pytest.raises(DamagedArtworkError):
        work.render(8)


def test_the_pixel_limit_reaches_the_works(tmp_path):
    save(tmp_path / "ann" / "1.png")
    (work,) = FolderSource(path=tmp_path, max_pixels=23).artworks()
    with pytest.raises(DamagedArtworkError, match="6 x 4 pixels, the limit is 23"):
        work.render(8)


def test_a_missing_folder_and_one_without_artists_are_errors(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        FolderSource(path=tmp_path / "nowhere")
    save(tmp_path / "1.png")
    with pytest.raises(InputError, match="expected one sub-folder per artist"):
        FolderSource(path=tmp_path)
