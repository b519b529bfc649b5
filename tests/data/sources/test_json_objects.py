import gzip
import json
import tracemalloc

import pytest

from anime_style_tf.data.sources import json_objects
from anime_style_tf.data.sources.json_objects import DamagedLineError, read_objects

POSTS = [
    {"id": number, "tags": [{"name": 'a "{" ]\\', "id": 7}], "text": "é\n}", "more": {}}
    for number in range(30)
]


def pretty(indent):
    return [json.dumps(post, indent=indent) for post in POSTS]


FORMS = {
    "lines": "".join(f"{json.dumps(post)}\n" for post in POSTS),
    "lines with blanks": "\ufeff\n" + "\r\n\r\n".join(map(json.dumps, POSTS)),
    "array": json.dumps(POSTS),
    "array with a post a line": "[\n" + ",\n".join(map(json.dumps, POSTS)) + "\n]",
    "pretty array": json.dumps(POSTS, indent=2),
    "pretty array without a margin": json.dumps(POSTS, indent=0),
    "pretty objects": "\n".join(pretty(4)),
    "pretty objects, no margin": "\n".join(pretty(0)),
    "objects without a break": "".join(map(json.dumps, POSTS)),
    "answer": json.dumps({"posts": POSTS}),
    "pretty answer": json.dumps({"posts": POSTS}, indent=1),
    "answer with more": json.dumps({"ok": True, "page": 1, "posts": POSTS, "last": "x"}),
    "answer with lists before": json.dumps({"pages": [1], "posts": POSTS}),
    "answers": "\n".join(json.dumps({"posts": POSTS[part::5]}) for part in range(5)),
    "arrays": "\n".join(json.dumps(POSTS[part::5]) for part in range(5)),
}


def read(path, text, **write):
    path.write_text(text, "utf-8", newline="")
    return list(read_objects(path))


@pytest.mark.parametrize("block", [7, 100, 2**20])
@pytest.mark.parametrize("form", FORMS)
def test_all_forms_give_the_same_objects_at_places_of_their_own(form, block, tmp_path, monkeypatch):
    monkeypatch.setattr(json_objects, "_BLOCK", block)
    found = read(tmp_path / "posts", FORMS[form])
    assert sorted((fields for _, fields in found), key=lambda post: post["id"]) == POSTS
    assert len({place for place, _ in found}) == len(POSTS)


def test_places_are_lines_as_an_editor_counts_them(tmp_path):
    text = json.dumps(POSTS, indent=2)
    lines = text.split("\n")
    for place, fields in read(tmp_path / "posts", text):
        line = int(place.split(",")[0].removeprefix("line "))
        assert lines[line - 1] == "  {"
        assert lines[line] == f'    "id": {fields["id"]},'


@pytest.mark.parametrize("block", [100, 2**20])
@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('"id": 7,\n    "tags"', '"id": 7\n    "tags"'),  # a comma is missing
        ('"id": 7,\n    "tags"', '"id: 7,\n    "tags"'),  # a quotation mark
        ('"id": 7,', '"id": {7,'),  # a brace is too much
        ('"id": 7,\n    "tags": [', '"id": 7,\n    "tags": }['),
    ],
)
def test_damage_to_one_object_leaves_the_others(right, wrong, block, tmp_path, monkeypatch):
    monkeypatch.setattr(json_objects, "_BLOCK", block)
    text = json.dumps(POSTS, indent=2)
    assert right in text
    found = read(tmp_path / "posts", text.replace(right, wrong, 1))
    sound = [fields["id"] for _, fields in found if isinstance(fields, dict) and "text" in fields]
    assert sound == [number for number in range(30) if number != 7]
    assert any(isinstance(fields, DamagedLineError) for _, fields in found)


def test_a_file_that_breaks_off_keeps_what_came_before(tmp_path):
    found = read(tmp_path / "posts", json.dumps(POSTS, indent=2)[:-100])
    assert [fields for _, fields in found[:-1]] == POSTS[:-1]
    assert str(found[-1][1]) == "it does not end"
    text = "".join(json.dumps({"id": str(number**9)}) + "\n" for number in range(20_000)).encode()
    (tmp_path / "posts.gz").write_bytes(gzip.compress(text)[:-9999])
    *before, (place, last) = read_objects(tmp_path / "posts.gz")
    assert 1000 < len(before) < 20_000
    assert "cannot be read" in str(last)
    assert place not in dict(before)


def test_what_does_not_end_is_given_up_at_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(json_objects, "_MAX_BYTES", 1000)
    monkeypatch.setattr(json_objects, "_BLOCK", 100)
    for text in ('[{"id": 1}, {"id": "' + "x" * 9000, "[" + " " * 9000):
        *_, (_, last) = read(tmp_path / "posts", text)
        assert isinstance(last, DamagedLineError)


def test_a_large_array_takes_no_more_memory_than_a_small_one(tmp_path):
    peaks = []
    for count in (20, 200):
        text = json.dumps([{"id": number, "text": "x" * 20_000} for number in range(count)])
        (tmp_path / "posts").write_text(text)
        tracemalloc.start()
        assert sum(1 for _ in read_objects(tmp_path / "posts")) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 3_000_000  # of 4 MB
