"""What TensorFlow Datasets itself makes of a set, if it is installed (extra `tfds`)."""

import json

import numpy as np
import pytest

from anime_style_tf.data import schema
from anime_style_tf.data.conversion import tfds_metadata
from tests.data.drawings import drawing
from tests.data.written_sets import write

NAMES = ["ann", "bob", "李 小龍"]


@pytest.fixture
def builder(tmp_path):
    """A set of three artists, opened by its folder alone."""
    tfds = pytest.importorskip("tensorflow_datasets")
    write(tmp_path, {name: 20 for name in NAMES}, shards=3)
    return tfds.builder_from_directory(tmp_path)


def test_it_counts_the_records_of_each_split(builder):
    sizes = {name: split.num_examples for name, split in builder.info.splits.items()}
    assert sizes == {"train": 48, "test": 12}
    assert builder.info.splits["train"].num_shards == 3
    assert builder.info.splits["train"].shard_lengths == [16, 16, 16]


def test_it_knows_the_artists_by_name(builder):
    artist = builder.info.features["artist"]
    assert [artist.int2str(label) for label in range(artist.num_classes)] == NAMES


@pytest.mark.parametrize(("split", "count"), [("train", 48), ("test", 12), ("train[:25%]", 12)])
def test_it_decodes_what_was_drawn(builder, split, count):
    artist = builder.info.features["artist"]
    seen = set()
    for record in builder.as_dataset(split=split).as_numpy_iterator():
        assert record.keys() == {field.name for field in schema.FIELDS}
        name = record["artist_name"].decode()
        assert artist.int2str(record["artist"]) == name
        number = json.loads(record["factors"])["number"]
        image, coverage = drawing(name, number).portrait(16)
        np.testing.assert_array_equal(record["image_png"], image)
        np.testing.assert_array_equal(record["coverage_png"][..., 0], coverage)
        seen.add((name, number))
    assert len(seen) == count


def test_it_gives_pairs_of_image_and_label(builder):
    image, label = next(iter(builder.as_dataset(split="test", as_supervised=True)))
    assert image.shape == (16, 16, 3)
    assert 0 <= label < 3


def test_its_files_are_listed_with_the_others_and_replaced_with_them(tmp_path):
    write(tmp_path, {"ann": 20, "bob": 20}, shards=3)
    info = write(tmp_path, {"ann": 20}, overwrite=True)
    listed = {file["name"] for file in info["files"]}
    assert {"dataset_info.json", "features.json", "artist.labels.txt"} <= listed
    assert (tmp_path / "artist.labels.txt").read_text() == "ann\n"
    told = json.loads((tmp_path / "dataset_info.json").read_text())
    assert [split["shardLengths"] for split in told["splits"]] == [["16"], ["4"]]


def test_a_split_without_records_is_left_out(tmp_path):
    write(tmp_path, {"ann": 20}, test_fraction=0.0, test_minimum=0)
    told = json.loads((tmp_path / "dataset_info.json").read_text())
    assert [split["name"] for split in told["splits"]] == ["train"]


def test_names_that_a_line_cannot_hold_are_quoted_and_stay_apart(tmp_path):
    names = ["a\nb", " a", "a", '"a"', "", "a\rb", "a\u2028b", "ann marie", "李"]
    tfds_metadata.write_tfds_metadata(tmp_path, shards=[], artists=names, image_size=8, version=2)
    text = (tmp_path / "artist.labels.txt").read_text("utf-8")
    lines = [line.strip() for line in text.split("\n") if line.strip()]  # as their reader does
    assert lines == [
        r'"a\nb"', '" a"', "a", r'"\"a\""', '""', r'"a\rb"', "a\u2028b", "ann marie", "李",
    ]  # fmt: skip
