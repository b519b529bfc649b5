import datetime
import json
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anime_style_tf.data.artwork import DamagedArtworkError
from anime_style_tf.data.sources.manifest import OUTSIDE, ManifestSource
from anime_style_tf.errors import InputError


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "set"
    (folder / "sub").mkdir(parents=True)
    for name in ("1.png", "2.png", "sub/ア 3.png"):
        (folder / name).write_bytes(name.encode())
    (tmp_path / "outside.png").write_bytes(b"secret")
    return folder


def works(folder, text, name="manifest.csv", **options):
    (folder / name).write_text(text, encoding="utf-8")
    return list(ManifestSource(path=folder / name, **options).artworks())


def test_each_row_is_a_work(root):
    text = 'path,artist,id,split\n1.png,ann,cat,train\n"sub/ア 3.png","b, c",,test\n\n2.png,ann,,\n'
    found = works(root, text)
    assert [(work.artist, work.work_id, work.reference, work.split) for work in found] == [
        ("ann", "cat", "1.png", "train"),
        ("b, c", "sub/ア 3.png", "sub/ア 3.png", "test"),
        ("ann", "2.png", "2.png", None),
    ]
    assert found[1].read() == ("sub/ア 3.png".encode(), {})


def test_a_byte_order_mark_and_tabs_are_understood(root):
    (work,) = works(root, "\ufeffpath\tartist\n1.png\tann\n", "manifest.tsv")
    assert (work.artist, work.read()[0]) == ("ann", b"1.png")


def test_factors_come_from_an_object_and_from_further_columns(root):
    text = 'path,artist,factors,hat,mood\n1.png,ann,"{""hat"": 1, ""x"": [2]}",red,\n2.png,ann,,,\n'
    first, second = works(root, text)
    assert first.read()[1] == {"hat": "red", "x": [2]}
    assert second.read()[1] == {}


def test_a_parquet_file_gives_the_same_with_its_own_types(root):
    rows = {
        "path": ["1.png", "2.png"],
        "artist": ["ann", "bob"],
        "id": [7, None],
        "split": ["train", None],
        "age": [float("nan"), 2.5],
        "tags": [["a", "b"], None],
        "factors": ['{"hat": true}', None],
    }
    pq.write_table(pa.table(rows), root / "manifest.parquet")
    first, second = ManifestSource(path=root / "manifest.parquet").artworks()
    assert (first.work_id, first.split) == ("7", "train")
    assert first.read() == (b"1.png", {"hat": True, "tags": ["a", "b"]})
    assert (second.work_id, second.split) == ("2.png", None)
    assert json.loads(second.factors) == {"age": 2.5}


def test_paths_that_leave_the_root_are_refused_unless_it_is_their_parent(root):
    inside, outside = root / "1.png", root.parent / "outside.png"
    names = ["../outside.png", "sub/../../outside.png", str(outside), "..", str(inside),
             "sub/../2.png", "./sub//ア 3.png"]  # fmt: skip
    text = "path,artist\n" + "".join(f"{name},ann\n" for name in names)
    found = works(root, text)
    assert [work.rejection for work in found] == [OUTSIDE] * 4 + [None] * 3
    assert {work.place for work in found[:4]} == {None}
    assert [work.reference for work in found[4:]] == ["1.png", "2.png", "sub/ア 3.png"]
    (root / "manifest.csv").write_text(f"path,artist\n{outside},ann\n")
    (work,) = ManifestSource(path=root / "manifest.csv", root=root.parent).artworks()
    assert (work.reference, work.read()[0]) == ("outside.png", b"secret")


def test_the_root_may_be_an_archive(root):
    with zipfile.ZipFile(root / "set.zip", "w") as archive:
        archive.writestr("set/ann/1.png", b"one")
        archive.writestr("set/ann/.2.png", b"two")
        archive.writestr("set/../../3.png", b"three")
    text = "path,artist\nann/1.png,ann\nset/ann/.2.png,ann\nann/9.png,ann\n../3.png,ann\n"
    found = works(root, text, root=root / "set.zip")
    assert [work.read()[0] for work in found[:2]] == [b"one", b"two"]
    with pytest.raises(DamagedArtworkError, match="no such file"):
        found[2].read()
    assert found[3].rejection == OUTSIDE


def test_a_file_that_is_missing_is_damaged_and_a_folder_too(root):
    missing, folder = works(root, "path,artist\n9.png,ann\nsub,ann\n")
    assert (missing.rejection, missing.stamp()) == (None, "")
    with pytest.raises(DamagedArtworkError, match="no such file"):
        missing.read()
    with pytest.raises(DamagedArtworkError, match="a folder, not a file"):
        folder.read()


def test_a_path_that_is_listed_again_has_a_reference_of_its_own(root):
    found = works(root, "path,artist\n1.png,ann\n./1.png,bob\n")
    assert [work.reference for work in found] == ["1.png", "1.png (line 3)"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,artist\n1.png,ann\n", "expected the columns path, artist, received file, artist"),
        ("", "expected the columns path, artist, received none"),
        ("path,artist,path\n1,2,3\n", "columns of different names"),
        ("path,artist,split\n1.png,ann,validation\n", "line 2: expected the split train, test"),
        ("path,artist\n1.png,ann\n1.png,ann,x\n", "line 3: expected 2 values, received 3"),
        ("path,artist\n1.png,  \n", "line 2: expected a value for artist, received none"),
        ("path,artist\n,ann\n", "line 2: expected a value for path, received none"),
        ('path,artist\n1.png,"' + "x" * 200_000, "line 2: expected a row of a table"),
        ("path,artist,factors\n1.png,ann,[1]\n", "line 2: expected factors as a JSON object"),
        ("path,artist,factors\n1.png,ann,{\n", "line 2: expected factors as a JSON object"),
    ],
)
def test_a_table_that_makes_no_sense_is_an_error_that_names_the_line(text, message, root):
    with pytest.raises(InputError, match=message):
        works(root, text)


def test_a_manifest_that_cannot_be_read_is_an_error(root):
    with pytest.raises(InputError, match="no such file"):
        ManifestSource(path=root / "nowhere.csv")
    (root / "latin.csv").write_bytes(b"path,artist\n1.png,Am\xe9lie\n")
    with pytest.raises(InputError, match="line 2: expected text in UTF-8 as artist"):
        list(ManifestSource(path=root / "latin.csv").artworks())
    (root / "bad.parquet").write_bytes(b"PAR1 nonsense PAR1")
    with pytest.raises(InputError, match="expected a Parquet file"):
        ManifestSource(path=root / "bad.parquet")
    (root / "manifest.csv").write_text("path,artist\n")
    with pytest.raises(InputError, match="no such file"):
        ManifestSource(path=root / "manifest.csv", root=root / "nowhere")


def test_a_factor_that_json_cannot_hold_is_an_error(root):
    rows = {"path": ["1.png"], "artist": ["ann"], "day": [datetime.date(2020, 1, 1)]}
    pq.write_table(pa.table(rows), root / "manifest.parquet")
    with pytest.raises(InputError, match="row 1: expected factors that JSON can hold"):
        list(ManifestSource(path=root / "manifest.parquet").artworks())


def test_an_artist_may_be_a_list_of_one_name_and_is_never_two(root):
    rows = {"path": ["1.png", "2.png"], "artist": [["ann"], ["bob", "ann"]]}
    pq.write_table(pa.table(rows), root / "manifest.parquet")
    typed = list(ManifestSource(path=root / "manifest.parquet").artworks())
    text = 'path,artist\n1.png,"[""ann""]"\n2.png,"[\'bob\', \'ann\']"\n'
    for one, two in (typed, works(root, text)):
        assert (one.artist, one.rejection) == ("ann", None)
        assert (two.artist, two.rejection) == ("", "2 artists, expected 1")
    odd = ["[ann]", "[1]", "[[]]", "[", "[]"]
    found = works(root, "path,artist\n" + "".join(f'1.png,"{name}"\n' for name in odd))
    assert [work.artist for work in found] == odd


def test_whole_numbers_with_a_fraction_are_whole_numbers(root):
    text = "path,artist,id\n1.png,3.0,1000.0\n2.png,3,1000\n"
    rows = {"path": ["1.png", "2.png"], "artist": [3.0, 3.0], "id": [1000.0, None]}
    pq.write_table(pa.table(rows), root / "manifest.parquet")
    typed = ManifestSource(path=root / "manifest.parquet").artworks()
    assert [(work.artist, work.work_id) for work in works(root, text)] == [("3", "1000")] * 2
    assert [(work.artist, work.work_id) for work in typed] == [("3", "1000"), ("3", "2.png")]


def test_outer_spaces_make_no_other_artist_or_file_and_backslashes_separate(root):
    (root / " 4.png").write_bytes(b"with a space")
    found = works(root, "path,artist\n1.png ,ann \n sub\\ア 3.png, ann\n 4.png,ann\n")
    assert {work.artist for work in found} == {"ann"}
    assert [work.reference for work in found] == ["1.png", "sub/ア 3.png", " 4.png"]
    assert found[2].read()[0] == b"with a space"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"path": [["1.png"]], "artist": ["ann"]}, r"row 1: expected one text .* as path"),
        ({"path": ["1.png"], "artist": [["ann", None]]}, "row 1: expected a value for artist"),
        ({"path": ["1.png"], "artist": [[["ann"]]]}, r"row 1: expected one text .* as artist"),
        ({"path": ["1.png"], "artist": [[]]}, r"row 1: expected one text .* as artist"),
        ({"path": ["1.png"], "artist": ["ann"], "hat": [b"x"]}, "row 1: .* not JSON .* in hat"),
    ],
)
def test_a_cell_of_a_parquet_file_that_makes_no_sense_is_named(rows, message, root):
    pq.write_table(pa.table(rows), root / "manifest.parquet")
    with pytest.raises(InputError, match=message):
        list(ManifestSource(path=root / "manifest.parquet").artworks())


@pytest.mark.parametrize("name", ["manifest.csv", "manifest.tsv"])
def test_a_quotation_mark_that_is_not_closed_swallows_no_rows(name, root):
    rows = ["path,artist,id", "1.png,ann,1", '2.png,"ann', '3.png",3', "4.png,ann,4"]
    text = "\n".join(rows).replace(",", "," if name.endswith("csv") else "\t")
    with pytest.raises(InputError, match="line 4: expected one line as artist"):
        works(root, text, name)
    rows[2:4] = ['2.png,"ann', '3.png",ann,3']
    text = "\n".join(rows)
    with pytest.raises(InputError, match=r"line 4: expected 3 .*; close the quotation .* line 3"):
        works(root, text, name)
    with pytest.raises(InputError, match=r"line 3: expected one line as artist, received 'a.+nn'"):
        works(root, 'path,artist\n1.png,"a\rnn"\n', name)
