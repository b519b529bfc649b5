import pytest

from anime_style_tf.data.sources.layout import find_layout


def artists(*names):
    """The artist and the side of each file."""
    layout = find_layout(names)
    places = [layout.place(name) for name in names]
    return [(place.artist, place.split) for place in places]


def test_one_folder_for_each_artist_is_plain_and_nothing_is_said():
    names = ["ann/1.png", "ann/series/deep/2.png", "bob/3.png", "stray.png"]
    assert artists(*names) == [("ann", None), ("ann", None), ("bob", None), ("", None)]
    assert find_layout(names).notes() == ""


@pytest.mark.parametrize("around", ["dataset/", "a/b/c/"])
def test_folders_around_the_artists_are_looked_through(around):
    names = [f"{around}ann/1.png", f"{around}bob/more/2.png", f"{around}README.txt", "notes.txt"]
    assert artists(*names) == [("ann", None), ("bob", None), ("", None), ("", None)]
    layout = find_layout(names)
    assert [layout.place(name).work_id for name in names] == [
        "ann/1.png", "bob/more/2.png", "README.txt", "notes.txt",
    ]  # fmt: skip
    assert layout.notes() == f"the artists' folders are looked for in {around}"


def test_an_artist_alone_with_pictures_and_a_few_in_folders_stays_the_artist():
    names = ["ann/1.png", "ann/2.png", "ann/sketches/3.png"]
    assert artists(*names) == [("ann", None)] * 3
    assert "all is by one artist, ann" in find_layout(names).notes()


def test_pictures_beside_the_artists_in_a_folder_around_them_are_by_nobody():
    names = ["set/1.png", "set/ann/2.png", "set/bob/3.png", "set/bob/4.png"]
    assert artists(*names) == [("", None), ("ann", None), ("bob", None), ("bob", None)]


@pytest.mark.parametrize("around", ["", "dataset/"])
@pytest.mark.parametrize(
    "splits", [("train", "test"), ("Training", "VAL"), ("train", "validation", "test")]
)
def test_splits_with_the_same_artists_are_read_through_and_their_sides_kept(splits, around):
    names = [f"{around}{split}/{artist}/1.png" for split in splits for artist in ("ann", "bob")]
    sides = ["train" if split.lower().startswith("train") else "test" for split in splits]
    assert artists(*names) == [(artist, side) for side in sides for artist in ("ann", "bob")]
    assert "works stay on their side" in find_layout(names).notes()
    assert find_layout(names).place(names[0]).work_id == f"{splits[0]}/ann/1.png"


def test_folders_inside_of_splits_are_looked_through_too():
    names = [f"{split}/images/{artist}/1.png" for split in ("train", "test") for artist in "ab"]
    assert artists(*names) == [("a", "train"), ("b", "train"), ("a", "test"), ("b", "test")]


def test_splits_of_other_artists_are_no_sides():
    names = ["train/ann/1.png", "train/bob/1.png", "test/bob/2.png", "test/carl/3.png"]
    assert artists(*names) == [("ann", None), ("bob", None), ("bob", None), ("carl", None)]
    assert "their artists differ, so the split is drawn anew" in find_layout(names).notes()


def test_what_lies_in_a_split_beside_its_artists_is_by_nobody():
    names = ["train/ann/1.png", "train/metadata.csv", "test/ann/2.png", "test/3.png"]
    assert artists(*names) == [("ann", "train"), ("", None), ("ann", "test"), ("", None)]
    assert "train/metadata.csv: not read, --source=manifest" in find_layout(names).notes()


def test_a_split_alone_is_a_folder_around_the_artists():
    assert artists("train/ann/1.png", "train/bob/1.png") == [("ann", None), ("bob", None)]


def test_an_artist_called_test_is_an_artist():
    assert artists("test/1.png", "ann/1.png") == [("test", None), ("ann", None)]
    assert artists("test/x/1.png", "train/y/1.png", "ann/1.png") == [
        ("test", None), ("train", None), ("ann", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "doubt"),
    [
        (["train/1.png", "test/2.png"], "test, train look like splits, without artists' folders"),
        (
            ["train/ann/1.png", "test/ann/2.png", "extra/3.png"],
            "test, train hold folders of the same names, but extra is beside them",
        ),
    ],
)
def test_what_may_be_artists_or_splits_is_doubted(names, doubt):
    assert doubt in find_layout(names).doubt


def test_files_alone_have_no_artists():
    assert find_layout(["1.png", "2.png"]).artists == ()
    assert find_layout([]).artists == ()


def test_a_path_that_leads_out_is_by_nobody():
    layout = find_layout(["ann/1.png", "bob/1.png"])
    assert {layout.place(name).artist for name in ("../1.png", "/etc/1.png")} == {""}
