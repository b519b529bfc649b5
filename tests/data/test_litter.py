import collections

import pytest

from anime_style_tf.data.inspection.file_names import escaped_name
from anime_style_tf.data.litter import describe_litter, find_litter, kind_of_litter

WELL_KNOWN = (
    "@eaDir", "#recycle", ".thumbnails", ".Trash-1000", ".Trashes", "__MACOSX", "._1.png",
    "Thumbs.db", "desktop.ini", ".DS_Store", ".picasa.ini", "Picasa.ini", "lost+found",
    "$RECYCLE.BIN", "System Volume Information", ".git", ".ipynb_checkpoints", "_thumbs",
    "@Recycle", "Icon\r", ".anything",
)  # fmt: skip


@pytest.mark.parametrize("name", WELL_KNOWN)
def test_what_other_programs_leave_is_litter_at_any_depth_in_any_case(name):
    assert kind_of_litter(name)
    assert kind_of_litter(name.upper())
    assert find_litter(f"ann/{name}/b/1.png") == (f"ann/{name}", kind_of_litter(name))


@pytest.mark.parametrize(
    "name",
    [
        "ann",
        "1.png",
        "..",
        ".",
        "thumbs.db.png",
        "eaDir",
        "recycle",
        "thumbs",
        "_ann",
        "#1",
        "@ann",
    ],
)
def test_names_of_artists_and_pictures_are_no_litter(name):
    assert kind_of_litter(name) is None
    assert find_litter(f"../{name}/2.png") is None


def test_the_outermost_litter_on_a_path_counts():
    assert find_litter("ann/@eaDir/1.png/.DS_Store") == ("ann/@eaDir", "@eaDir")


def test_a_count_is_said_by_kind():
    counts = collections.Counter(map(kind_of_litter, ["._1", "._2", "@EADIR", ".x", "._3", ".y"]))
    assert describe_litter(counts) == "3 ._*, 2 hidden, 1 @eaDir"


@pytest.mark.parametrize("name", WELL_KNOWN)
def test_an_artist_of_such_a_name_is_exported_under_one_that_is_read_again(name):
    assert kind_of_litter(escaped_name(name)) is None
