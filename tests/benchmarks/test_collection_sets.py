import numpy as np
import pytest
from PIL import Image

from anime_style_tf.errors import InputError
from benchmarks.collection_sets import read_folder, split


def test_a_folder_is_read_with_families_and_without_copies_or_artists_of_few_works(tmp_path):
    for artist, count in (("ann", 20), ("bo", 21), ("cy", 19)):
        (tmp_path / artist).mkdir()
        for number in range(count):
            name = f"elf-{number % 7}--{number}.png"
            Image.new("RGB", (4, 4), (count, number, 0)).save(tmp_path / artist / name)
    Image.new("RGB", (4, 4), (19, 0, 0)).save(tmp_path / "cy" / "copy of 0.png")
    images, artists, families = read_folder(tmp_path)
    np.testing.assert_array_equal(np.bincount(artists), [20, 21])
    assert set(families) == {f"elf-{number}" for number in range(7)}
    np.testing.assert_array_equal(images[:, 0, 0, 0], np.where(artists == 0, 20, 21))


def test_a_folder_without_artists_is_one_line(tmp_path):
    with pytest.raises(InputError, match=r"^--folders: expected folders of artists with 20 "):
        read_folder(tmp_path)


def test_no_query_is_of_the_family_of_a_training_work():
    rng = np.random.default_rng(0)
    artists = np.repeat(np.arange(3), (60, 30, 90))
    families = rng.integers(0, 60, len(artists)).astype(str)
    training, queries = split(artists, families, seed=1)
    np.testing.assert_array_equal(np.bincount(artists[training]), [15, 15, 15])
    assert np.bincount(artists[queries]).max() <= 40
    assert len(queries) > 10
    assert set(families[training]) & set(families[queries]) == set()
    again = split(artists, families, seed=1)
    np.testing.assert_array_equal(again[0], training)
    assert not np.array_equal(split(artists, families, seed=2)[0], training)
