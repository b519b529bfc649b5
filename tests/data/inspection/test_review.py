import base64
import csv
import html.parser
import io
import json

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.conversion.rejects import read_rejects
from anime_style_tf.data.inspection.review import Candidate, write_review
from anime_style_tf.errors import InputError

HOSTILE = "</script><img src=x onerror=alert(1)>"


class Elements(html.parser.HTMLParser):
    """Start tags with their attributes, and the text within each script."""

    def __init__(self):
        super().__init__()
        self.tags, self.scripts = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data):
        if self.tags and self.tags[-1][0] == "script":
            self.scripts[-1] += data


def elements(path):
    parser = Elements()
    parser.feed(path.read_text("utf-8"))
    return parser


def shown(path):
    return json.loads(elements(path).scripts[0])


def candidate(source, artist="ann", *, face=None, size=(8, 8), color=(200, 30, 60)):
    encoded = io.BytesIO()
    Image.new("RGB", size, color).save(encoded, "PNG")
    return Candidate(
        source=source, face=face or {}, artist=artist, split="train", image=encoded.getvalue()
    )


def write(candidates, output, **options):
    return write_review(candidates, output, **({"name": "set", "checksum": "c0"} | options))


def sources(page):
    return [[one["source"] for one in artist["portraits"]] for artist in page["artists"]]


def test_artists_are_in_order_and_of_each_the_least_likely_face_is_first(tmp_path):
    faces = {"b": 0.9, "a": 0.95, "c": 0.2}
    candidates = [
        candidate(source, artist, face={"number": 0, "likelihood": likelihood, "box": [1, 2, 3, 4]})
        for artist in ("zoe", "ann")
        for source, likelihood in faces.items()
    ]
    candidates.append(candidate("d", "ann"))
    candidates.append(candidate("b", "ann", face={"number": 1, "likelihood": 0.2}))
    (path,) = write(candidates, tmp_path / "deep" / "review.html")
    page = shown(path)
    assert [artist["name"] for artist in page["artists"]] == ["ann", "zoe"]
    assert sources(page) == [["b", "c", "b", "a", "d"], ["c", "b", "a"]]
    first, *_, last = page["artists"][0]["portraits"]
    assert (first["face"], first["likelihood"], first["split"]) == (1, 0.2, "train")
    assert (last["face"], last["likelihood"]) == (None, None)


def test_thumbnails_are_small_and_keep_shape_and_color(tmp_path):
    (path,) = write(
        [candidate("large", size=(400, 200)), candidate("x", size=(9, 9))], tmp_path / "r"
    )
    pictures = {
        one["source"]: Image.open(io.BytesIO(base64.b64decode(one["thumbnail"])))
        for one in shown(path)["artists"][0]["portraits"]
    }
    assert {name: (one.format, one.size) for name, one in pictures.items()} == {
        "large": ("WEBP", (96, 48)),
        "x": ("WEBP", (9, 9)),
    }
    pixels = np.asarray(pictures["large"].convert("RGB"), np.int64)
    assert np.abs(pixels - (200, 30, 60)).max() <= 4


def test_names_are_no_markup_and_nothing_is_fetched(tmp_path):
    plain, hostile = (
        write([candidate(f"{name}\udcff", name)], tmp_path / f"{number}.html", name=name)[0]
        for number, name in enumerate(("ann", HOSTILE))
    )
    assert shown(hostile)["artists"][0]["name"] == HOSTILE
    assert shown(hostile)["artists"][0]["portraits"][0]["source"] == f"{HOSTILE}\udcff"
    assert elements(hostile).tags == elements(plain).tags
    links = [value for _, attributes in elements(plain).tags for key, value in attributes.items()
             if key in {"src", "href", "action", "data", "srcset"}]  # fmt: skip
    assert links == ["data:,"]
    policy = next(a["content"] for _, a in elements(plain).tags if "http-equiv" in a)
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
    assert "unsafe" not in policy


def test_pages_hold_so_many_and_divide_an_artist_only_if_they_must(tmp_path):
    works = {"ann": 2, "bob": 2, "eve": 7, "zoe": 1}
    candidates = [candidate(f"{a}{n}", a) for a, count in works.items() for n in range(count)]
    paths = write(candidates, tmp_path / "review.html", works_per_page=3, columns=5)
    assert [path.name for path in paths] == [f"review-{n:03d}.html" for n in range(5)]
    pages = [shown(path) for path in paths]
    assert [sources(page) for page in pages] == [
        [["ann0", "ann1"]],
        [["bob0", "bob1"]],
        [["eve0", "eve1", "eve2"]],
        [["eve3", "eve4", "eve5"]],
        [["eve6"], ["zoe0"]],
    ]
    assert [page["page"] for page in pages] == [0, 1, 2, 3, 4]
    assert {tuple(page["pages"]) for page in pages} == {tuple(path.name for path in paths)}
    assert {(page["columns"], page["checksum"]) for page in pages} == {(5, "c0")}


def test_no_portraits_or_empty_pages_are_refused(tmp_path):
    with pytest.raises(InputError, match="expected at least 1 portrait"):
        write([], tmp_path / "review.html")
    with pytest.raises(InputError, match="received 1 artists and 0"):
        write([candidate("a")], tmp_path / "review.html", works_per_page=0)
    assert list(tmp_path.iterdir()) == []


def test_rejects_are_read_as_a_spreadsheet_writes_them(tmp_path):
    names = [
        "a,b.png",
        'say "hi".png',
        "two\nlines.png",
        "花子/絵 1.png",
        " =1+1",
        "",
    ]
    path = tmp_path / "rejects.csv"
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["note", "face", "source"])
        writer.writerows(["", number, f"x{name}"] for number, name in enumerate(names))
        writer.writerow([])
        writer.writerow(["all faces", " ", "whole.png"])
        writer.writerow(["again", "", "whole.png"])
    expected = {(f"x{name}", number) for number, name in enumerate(names)}
    assert read_rejects(path) == expected | {("whole.png", None)}


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("", 1, "received none"),
        ("source,artist\na,b\n", 1, "add face"),
        ("source:face\na:0\n", 1, "add source, face"),
        ("source,face\na,0\nb,first\n", 3, "received 'first'"),
        ("source,face\na,-1\n", 2, "received '-1'"),
        ("source,face\na,1.5\n", 2, "received '1.5'"),
        ("source,face\na,²\n", 2, "received '²'"),
        ("source,face\na,b,0\n", 2, "expected 2 values, received 3"),
        ("source,face\na\n", 2, "expected 2 values, received 1"),
        ("source,face\n,0\n", 2, "expected a value for source"),
        ('source,face\n"a,0\nb,1\n', 2, "a quotation mark that opens a value and is not closed"),
        ('source,face\n"a,0\nb",1\n', 3, "a quotation mark opens on line 2"),
        ('source,face\n"a"b,0\n', 2, "expected after"),
    ],
)
def test_damage_is_named_with_file_and_line(tmp_path, text, line, complaint):
    path = tmp_path / "rejects.csv"
    path.write_text(text, "utf-8", "surrogateescape")
    with pytest.raises(InputError) as caught:
        read_rejects(path)
    assert str(caught.value).startswith(f"{path}, line {line}: expected")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(InputError, match=str(path)):
            read_rejects(path)
