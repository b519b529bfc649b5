import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from benchmarks import collection_sets, emoji_drawings
from benchmarks.collection_sets import read_emoji, read_folder, split


def test_a_folder_is_read_with_families_and_without_copies_artists_of_few_works_as_unknown(
    tmp_path,
):
    for artist, count in (("ann", 20), ("cy", 19), ("bo", 21)):
        (tmp_path / artist).mkdir()
        for number in range(count):
            name = f"elf-{number % 7}--{number}.png"
            Image.new("RGB", (4, 4), (count, number, 0)).save(tmp_path / artist / name)
    Image.new("RGB", (4, 4), (19, 0, 0)).save(tmp_path / "cy" / "elf-0--copy.png")
    images, artists, families = read_folder(tmp_path)
    np.testing.assert_array_equal(artists, np.repeat([0, 1, -1], [21, 20, 19]))
    assert set(families) == {f"elf-{number}" for number in range(7)}
    np.testing.assert_array_equal(images[:, 0, 0, 0], np.repeat([21, 20, 19], [21, 20, 19]))


def test_a_folder_without_artists_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^--folders: expected folders of artists with 20 "):
        read_folder(tmp_path)


def test_no_query_is_of_the_family_of_a_training_work():
    rng = np.random.default_rng(0)
    artists = np.repeat(np.arange(3), (60, 30, 90))
    families = rng.integers(0, 60, len(artists)).astype(str)
    artists = np.where(np.arange(180) % 10, artists, -1)
    training, queries = split(artists, families, seed=1)
    np.testing.assert_array_equal(np.bincount(artists[training]), [15, 15, 15])
    assert np.bincount(artists[queries]).max() <= 40
    assert len(queries) > 10
    assert (artists[queries] >= 0).all()
    assert set(families[training]) & set(families[queries]) == set()
    again = split(artists, families, seed=1)
    np.testing.assert_array_equal(again[0], training)
    assert not np.array_equal(split(artists, families, seed=2)[0], training)


def test_of_the_archive_some_drawings_of_each_artist_are_read_with_their_subjects(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(emoji_drawings, "LEAST_DRAWINGS", 4)
    monkeypatch.setattr(collection_sets, "POOL", 5)
    rows = ["file\tartist\tgroup"]
    with zipfile.ZipFile(tmp_path / "emoji.zip", "w") as archive:
        for light, (artist, count) in enumerate((("ann", 8), ("bo", 6), ("cy", 3))):
            for number in range(count):
                buffer = io.BytesIO()
                Image.new("RGB", (4, 4), (light, number, 0)).save(buffer, "png")
                archive.writestr(f"{artist}/{number}.png", buffer.getvalue())
                rows.append(f"{artist}/{number}.png\t{artist}\tgroup {number}")
        archive.writestr("MANIFEST.tsv", "\n".join(rows))
    images, artists, families = read_emoji(tmp_path / "emoji.zip")
    np.testing.assert_array_equal(artists, np.repeat([0, 1, -1], [5, 5, 3]))
    np.testing.assert_array_equal(images[:, 0, 0, 0], np.where(artists == -1, 2, artists))
    assert families.tolist() == [f"group {number}" for number in images[:, 0, 0, 1]]
