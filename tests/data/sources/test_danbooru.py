import gzip
import json
import tracemalloc
import zipfile

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.opt_outs import OptOuts
from anime_style_tf.data.sources import json_objects
from anime_style_tf.data.sources.danbooru import NO_METADATA, DanbooruSource
from anime_style_tf.errors import InputError

MD5 = "0123456789abcdef0123456789abcdef"


def post(number, artist="ann", **fields):
    common = {"id": number, "md5": MD5, "file_ext": "png", "rating": "g"}
    return {**common, "tag_string_artist": artist, **fields}


def write(root, lines, name="posts.jsonl"):
    root.mkdir(exist_ok=True)
    (root / name).write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    return root / name


def put(root, *names):
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())


def found(root, lines, **options):
    source = DanbooruSource(path=write(root, lines), **options)
    return {work.reference: work for work in source.artworks()}


@pytest.mark.parametrize(
    "name",
    ["0345/12345.png", "12345.png", f"01/23/{MD5}.png", f"{MD5}.png", "0345/12345.jpg"],
)
def test_the_picture_is_found_in_the_usual_places(name, tmp_path):
    put(tmp_path, name)
    (work,) = found(tmp_path, [post(12345)]).values()
    assert (work.reference, work.artist, work.work_id) == (name, "ann", "12345")
    assert work.read()[0] == name.encode()


def test_the_older_sets_with_tags_as_objects_are_understood(tmp_path):
    put(tmp_path, "0345/12345.png")
    tags = [
        {"id": "1", "name": "ann", "category": "1"},
        {"id": "2", "name": "hat", "category": "0"},
        {"id": "3", "name": "miku", "category": 4},
    ]
    old = {"id": "12345", "md5": MD5, "file_ext": "png", "rating": "s", "tags": tags}
    (work,) = found(tmp_path, [old]).values()
    assert (work.artist, work.rejection) == ("ann", None)
    assert work.read()[1] == {
        "post": 12345, "rating": "s", "tags": ["hat"], "characters": ["miku"],
    }  # fmt: skip


def test_posts_that_are_not_to_be_used_say_why(tmp_path):
    lines = [
        post(1, "ann bob"), post(2, ""), post(3, rating="q"), post(4, rating=None),
        post(5, is_banned=True), post(6, is_deleted="t"), post(7, "ann banned_artist"),
        post(8, file_ext="mp4"), post(9, "ann ann"), post(10, file_ext="zip"),
        post(11, file_ext="../x"),
    ]  # fmt: skip
    put(tmp_path, *(f"{number}.png" for number in (1, 2, 3, 4, 5, 6, 7, 9, 11)), "8.mp4")
    reasons = {name: work.rejection for name, work in found(tmp_path, lines).items()}
    assert reasons == {
        "1.png": "2 artists, expected 1",
        "2.png": "0 artists, expected 1",
        "3.png": "rating q, expected g or s",
        "4.png": "rating missing, expected g or s",
        "5.png": "banned on Danbooru",
        "6.png": "deleted on Danbooru",
        "7.png": "by an artist banned on Danbooru",
        "8.mp4": "a mp4 file, not a picture",
        "9.png": None,
        "post 10": "a zip file, not a picture",
        "11.png": None,
    }


def test_the_ratings_are_chosen(tmp_path):
    put(tmp_path, "1.png", "2.png")
    lines = [post(1, rating="e"), post(2, rating="general")]
    works = found(tmp_path, lines, ratings=["q", "e"])
    assert [work.rejection for work in works.values()] == [None, "rating g, expected q or e"]
    with pytest.raises(InputError, match="expected some of g, s, q, e, received g, x"):
        found(tmp_path, lines, ratings=["g", "x"])


def test_other_names_of_an_artist_lead_to_one(tmp_path):
    put(tmp_path, "1.png", "2.png", "3.png")
    (tmp_path / "aliases.csv").write_text("alias,canonical\nold,older\nolder,ann\n")
    lines = [post(1, "old"), post(2, "ann old older"), post(3, "bob")]
    works = found(tmp_path, lines, aliases=tmp_path / "aliases.csv")
    assert [work.artist for work in works.values()] == ["ann", "ann", "bob"]
    assert {work.rejection for work in works.values()} == {None}
    (tmp_path / "aliases.csv").write_text("alias,canonical\na,b\nb,c\nc,b\n")
    with pytest.raises(InputError, match="received a circle around b"):
        found(tmp_path, lines, aliases=tmp_path / "aliases.csv")


def test_an_alias_has_one_name_and_each_row_both(tmp_path):
    put(tmp_path, "1.png")
    path = tmp_path / "aliases.csv"
    path.write_text("alias;canonical\nold ;ann\nold;ann\n")
    assert [work.artist for work in found(tmp_path, [post(1, "old")], aliases=path).values()] == [
        "ann"
    ]
    for rows, message in {
        "old,ann\nold,bob\n": "line 3: expected one canonical name for old, received ann and bob",
        "old,\n": "line 2: expected a value for canonical",
        'old,"ann\n': "line 2: expected a row of a table",
    }.items():
        path.write_text(f"alias,canonical\n{rows}")
        with pytest.raises(InputError, match=message):
            found(tmp_path, [post(1, "old")], aliases=path)


@pytest.mark.parametrize("entry", ["ann", "Ann New"])
def test_an_artist_who_opted_out_is_out_under_the_raw_and_the_canonical_name(entry, tmp_path):
    for number in range(1, 7):
        pixels = np.random.default_rng(number).integers(0, 256, (9, 8, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"{number}.png")
    (tmp_path / "aliases.csv").write_text("alias,canonical\nann,ann_new\nnobody,bob\n")
    (tmp_path / "opt-out.txt").write_text(f"{entry}\n")
    lines = [post(1, "ann"), post(2, "ann_new"), *(post(number, "bob") for number in range(3, 7))]
    write(tmp_path, lines)
    source = DanbooruSource(path=tmp_path / "posts.jsonl", aliases=tmp_path / "aliases.csv")
    info = write_records(
        Plan(
            source=source,
            output=tmp_path / "records",
            rendering=Settings(image_size=16),
            workers=1,
            progress=False,
            rules=Rules(min_works=2, test_minimum=1),
            opt_out=tmp_path / "opt-out.txt",
        )
    )
    assert [artist["name"] for artist in info["artists"]] == ["bob"]
    assert info["unmatched"] == {"aliases": ["nobody"]}
    assert OptOuts.of(info["opt_outs"]).names("ann")
    assert OptOuts.of(info["opt_outs"]).names("ann_new")


def test_a_missing_picture_is_damaged_and_one_without_a_post_is_refused(tmp_path):
    put(tmp_path, "0002/2.png", "0003/3.png", ".hidden.png")
    works = found(tmp_path, [post(1), post(2)])
    assert list(works) == ["post 1", "0002/2.png", "0003/3.png"]
    with pytest.raises(DamagedArtworkError, match="no such file"):
        works["post 1"].read()
    assert works["0003/3.png"].rejection == NO_METADATA


def test_a_damaged_line_is_named_and_the_others_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr(json_objects, "_MAX_BYTES", 1000)
    put(tmp_path, "1.png", "2.png")
    lines = [
        json.dumps(post(1)), '{"id": 7, "md5"', "", "[" * 900, "17", '{"id": "../1"}', "\xff",
        "x" * 5000, '{"id": true}', json.dumps(post(2)),
    ]  # fmt: skip
    (tmp_path / "posts.jsonl").write_bytes("\n".join(lines).encode("latin-1"))
    works = list(DanbooruSource(path=tmp_path / "posts.jsonl").artworks())
    reasons = {work.reference: work.rejection for work in works}
    assert [name for name, reason in reasons.items() if reason is None] == ["1.png", "2.png"]
    damaged = [f"posts.jsonl, line {number}" for number in (2, 4, 5, 6, 7, 8, 9)]
    assert [name for name, reason in reasons.items() if reason] == damaged
    assert reasons["posts.jsonl, line 8"] == "longer than 1000 bytes"
    assert reasons["posts.jsonl, line 6"] == "no post: expected a number as id, received '../1'"


def test_a_post_that_is_described_again_counts_once(tmp_path):
    put(tmp_path, "1.png", f"{MD5}.png")
    works = found(tmp_path, [post(1), post(1), post(5), post(6)])
    assert {name: work.rejection for name, work in works.items()} == {
        "1.png": None,
        "posts.jsonl, line 2": "post 1 was described before",
        f"{MD5}.png": None,
        "posts.jsonl, line 4": "post 6 was described before",
    }


def test_metadata_may_be_a_folder_and_the_pictures_an_archive(tmp_path):
    write(tmp_path / "metadata", [post(2)], "b.json")
    write(tmp_path / "metadata", [post(1)], "a.json")
    with zipfile.ZipFile(tmp_path / "images.zip", "w") as archive:
        for name in ("set/0001/1.png", "set/0002/2.png", "set/0003/3.png"):
            archive.writestr(name, name)
    source = DanbooruSource(path=tmp_path / "metadata", root=tmp_path / "images.zip")
    assert [(work.reference, work.rejection) for work in source.artworks()] == [
        ("set/0001/1.png", None), ("set/0002/2.png", None), ("set/0003/3.png", NO_METADATA),
    ]  # fmt: skip
    put(tmp_path, "0001/1.png")
    beside = DanbooruSource(path=tmp_path / "metadata")
    assert [work.reference for work in beside.artworks()] == ["0001/1.png", "post 2", "images.zip"]


def test_names_and_tags_that_are_no_valid_unicode_can_be_written_down(tmp_path):
    put(tmp_path, "1.png")
    (work,) = found(tmp_path, [post(1, "a\ud800", tag_string_general=r"\m/ b" + "\udfff")]).values()
    assert work.artist == r"a\ud800"
    assert work.read()[1]["tags"] == [r"\m/", r"b\udfff"]


def test_missing_metadata_and_other_kinds_of_files_are_errors(tmp_path):
    with pytest.raises(InputError, match="received no such file"):
        DanbooruSource(path=tmp_path / "nowhere")
    for data, message in {
        "[]".encode("utf-16"): "in UTF-8, received UTF-16",
        b"PAR1 and so on": "received a Parquet table",
    }.items():
        (tmp_path / "posts.json").write_bytes(data)
        with pytest.raises(InputError, match=message):
            DanbooruSource(path=tmp_path / "posts.json")


@pytest.mark.parametrize("number", [1000.0, "1000.0", "1000", 1000])
def test_an_id_may_be_written_as_text_or_with_a_fraction(number, tmp_path):
    put(tmp_path, "0000/1000.png")
    (work,) = found(tmp_path, [post(number)]).values()
    assert (work.work_id, work.reference, work.rejection) == ("1000", "0000/1000.png", None)


@pytest.mark.parametrize("name", ["posts.json", "posts.json.gz"])
def test_a_pretty_array_gives_the_works_of_lines(name, tmp_path):
    lines = [post(number, tag_string_general="hat") for number in range(5)]
    put(tmp_path, *(f"{number}.png" for number in range(5)))
    expected = found(tmp_path, lines)
    (tmp_path / "posts.jsonl").unlink()
    text = json.dumps(lines, indent=2).encode()
    (tmp_path / name).write_bytes(gzip.compress(text) if name.endswith("gz") else text)
    works = {work.reference: work for work in DanbooruSource(path=tmp_path / name).artworks()}
    assert works == expected


def test_metadata_without_any_post_are_an_error_that_says_what_they_are(tmp_path):
    put(tmp_path, *(f"{number}.png" for number in range(9)))
    lines = [post(f"no. {number}") for number in range(144)]
    message = "posts.jsonl, line 1: no post: expected a number as id, received 'no. 0'"
    with pytest.raises(InputError, match=message):
        found(tmp_path, lines)
    with pytest.raises(InputError, match="expected posts, received none at all; nothing"):
        found(tmp_path, [])
    assert len(found(tmp_path, [*lines, post(1)])) == 144 + 9


def test_millions_of_posts_would_take_no_more_memory_than_a_thousand(tmp_path):
    peaks = []
    for count in (500, 5000):
        write(tmp_path, (post(number) for number in range(count)))
        source = DanbooruSource(path=tmp_path / "posts.jsonl")
        tracemalloc.start()
        assert sum(1 for _ in source.artworks()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 100_000
