import json

import pytest

from anime_style_tf.data.sources.json_objects import DamagedLineError
from anime_style_tf.data.sources.posts import metadata_files, read_posts


def posts(path, *lines):
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return list(read_posts(path))


@pytest.mark.parametrize("number", [7, 7.0, "7", "7.0"])
def test_an_id_is_a_whole_number_however_it_is_written(number, tmp_path):
    ((place, post),) = posts(tmp_path / "posts", {"id": number})
    assert (place, post.id) == ("line 1", 7)


@pytest.mark.parametrize("number", [None, True, 7.5, "7.5", "x", -7, 1e300, [7], "7.00"])
def test_what_is_no_id_is_named_as_it_is_written(number, tmp_path):
    ((_, damage),) = posts(tmp_path / "posts", {"id": number})
    assert isinstance(damage, DamagedLineError)
    assert f"expected a number as id, received {number!r:.40}" in str(damage)


def test_posts_inside_of_an_answer_may_be_no_objects(tmp_path):
    found = posts(tmp_path / "posts", {"pages": [], "posts": [{"id": 1}, 5, None]})
    assert [isinstance(post, DamagedLineError) for _, post in found] == [False, True, True]


def test_the_files_of_a_folder_come_by_name_without_litter(tmp_path):
    for name in ("b.json.gz", "a.json", ".hidden"):
        (tmp_path / name).write_bytes(b"")
    assert [file.name for file in metadata_files(tmp_path)] == ["a.json", "b.json.gz"]
