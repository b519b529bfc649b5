import hashlib
import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.opt_outs import OptOuts
from anime_style_tf.data.shards import INDEX
from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError
from anime_style_tf.library.portrait_sources import (
    PicturedPortraits,
    RecordedPortraits,
    pictured_portraits,
)
from tests.data.drawings import drawing
from tests.data.finished_sets import flip
from tests.data.written_sets import write

RENDERING = {"image_size": 16, "max_pixels": 10**6, "packages": {"pillow": "any"}}


def flat(works):
    return [portrait for work in works for portrait in work]


def png(color, size=(20, 20)):
    buffer = io.BytesIO()
    Image.new("RGB", size, color).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def pictures(tmp_path):
    for path, data in {
        "ann/1.png": png("teal"), "ann/deep/2.png": png("red"), "loose.png": png("blue"),
        "ann/broken.png": b"no picture", "tiny.png": png("red", (2, 2)),
    }.items():  # fmt: skip
        (tmp_path / "in" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "in" / path).write_bytes(data)
    return tmp_path / "in"


def test_recorded_portraits_are_those_that_were_drawn(tmp_path):
    write(tmp_path, {"ann": 9, "bob": 8}, shards=2)
    found = flat(RecordedPortraits(tmp_path).works([]))
    assert [each.record for each in found] == list(range(17))
    assert [each.split for each in found] == sorted((e.split for e in found), reverse=True)
    for each in found:
        number = int(each.work_id.split("/")[1])
        assert each.source == f"{each.artist} no. {number}"
        np.testing.assert_array_equal(each.image, drawing(each.artist, number).portrait(16)[0])


def test_recorded_portraits_are_found_again_by_their_number(tmp_path):
    write(tmp_path, {"ann": 9, "bob": 8}, shards=2)
    recorded = RecordedPortraits(tmp_path)
    found = flat(recorded.works([]))
    for image, number in zip(recorded.images([16, 0, 5]), (16, 0, 5), strict=True):
        np.testing.assert_array_equal(image, found[number].image)


def test_what_is_done_is_passed_over(tmp_path):
    write(tmp_path, {"ann": 9, "bob": 8}, shards=2)
    recorded = RecordedPortraits(tmp_path)
    rest = flat(recorded.works(["any"] * 5))
    assert [each.record for each in rest] == list(range(5, 17))
    assert recorded.lacking(["any"] * 5) == 12


@pytest.mark.parametrize("byte", [2, 60])  # in its length, in its data
def test_a_damaged_record_is_named_and_the_others_keep_their_numbers(tmp_path, byte):
    write(tmp_path, {"ann": 9, "bob": 8})
    file = next(tmp_path.glob("train-*"))
    start = int(np.load(tmp_path / INDEX)["offset"][3]) - 12
    flip(file, start + byte)
    found = flat(RecordedPortraits(tmp_path).works([]))
    (bad,) = [each for each in found if each.image is None]
    assert bad.source == "train-00000-of-00001.tfrecord, record 3"
    assert bad.reason.startswith("damaged: the checksum of the record's ")
    assert [each.record for each in found] == list(range(17))


def test_pictures_become_portraits_and_folders_name_their_artists(pictures):
    portraits = PicturedPortraits(Pictures([pictures]), RENDERING, workers=1)
    assert portraits.lacking([]) == 5
    found = {each.source.removeprefix(f"{pictures}/"): each for each in flat(portraits.works([]))}
    assert {name: each.artist for name, each in found.items()} == {
        "ann/1.png": "ann", "ann/broken.png": "ann", "ann/deep/2.png": "ann",
        "loose.png": "", "tiny.png": "",
    }  # fmt: skip
    assert (found["ann/1.png"].image == (0, 128, 128)).all()
    assert found["ann/1.png"].image.shape == (16, 16, 3)
    assert found["ann/broken.png"].reason.startswith("unreadable: no picture")
    assert found["tiny.png"].reason == "too small: 2 x 2 pixels, expected a side of 4"


def test_pictures_that_are_done_are_not_read_again(pictures):
    portraits = PicturedPortraits(Pictures([pictures]), RENDERING, workers=1)
    done = [f"{pictures}/ann/1.png", f"{pictures}/tiny.png"]
    rest = {each.source for each in flat(portraits.works(done))}
    assert len(rest) == portraits.lacking(done) == 3
    assert not rest & set(done)


def test_single_pictures_and_archives_are_taken_too(pictures, tmp_path):
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        archive.writestr("set/bob/3.png", png("lime"))
        archive.writestr("set/bob/4.png", png("lime"))
    paths = [pictures / "loose.png", tmp_path / "more.zip", tmp_path / "gone.png"]
    portraits = PicturedPortraits(Pictures(paths), RENDERING, workers=1)
    found = flat(portraits.works([]))
    assert [each.artist for each in found] == ["", "bob", "bob", ""]
    assert found[1].source == f"{tmp_path / 'more.zip'}/set/bob/3.png"
    assert found[3].reason == "unreadable: no such file"
    assert json.dumps(portraits.description()) != json.dumps(
        PicturedPortraits(Pictures(paths[:1]), RENDERING, workers=1).description()
    )


def test_an_archive_that_is_none_is_refused(tmp_path):
    (tmp_path / "bad.zip").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"bad\.zip"):
        Pictures([tmp_path / "bad.zip"])


def test_whom_the_records_refuse_is_refused_by_name_folder_and_hash(pictures, tmp_path):
    refused = hashlib.sha256((pictures / "loose.png").read_bytes()).hexdigest()
    opt_outs = OptOuts(("\uff21nn",), (refused,))
    options = {"workers": 1, "opt_outs": opt_outs}
    portraits = PicturedPortraits(Pictures([pictures]), RENDERING, **options)
    found = {each.source.removeprefix(f"{pictures}/"): each for each in flat(portraits.works([]))}
    for name in ("ann/1.png", "ann/broken.png", "ann/deep/2.png", "loose.png"):
        assert found[name].reason == "rejected: on the opt-out list"
        assert found[name].image is None
    (alone,) = flat(
        PicturedPortraits(Pictures([pictures / "ann" / "1.png"]), RENDERING, **options).works([])
    )
    assert alone.reason == "rejected: on the opt-out list"
    other = PicturedPortraits(Pictures([pictures]), RENDERING, workers=1)
    assert portraits.description() != other.description()


def test_records_of_another_set_are_refused_by_name_and_hash(tmp_path):
    write(tmp_path, {"ann": 9, "bob": 8, "eve": 8})
    refused = hashlib.sha256(drawing("bob", 3).read()[0]).hexdigest()
    recorded = RecordedPortraits(tmp_path, opt_outs=OptOuts(("ANN",), (refused,)))
    out = [each for each in flat(recorded.works([])) if each.reason == "on the opt-out list"]
    assert sorted(each.source for each in out) == [
        *(f"ann no. {number}" for number in range(9)), "bob no. 3",
    ]  # fmt: skip
    assert all(each.image is None for each in out)


def test_pictures_are_made_into_portraits_as_a_runs_records_were(pictures, tmp_path):
    names = tmp_path / "opt-out.txt"
    names.write_text("ann\n")
    write(tmp_path / "run" / "records", {"ann": 9, "bob": 8}, opt_out=names)
    found = flat(pictured_portraits(Pictures([pictures]), tmp_path / "run", workers=1).works([]))
    images = {each.source.removeprefix(f"{pictures}/"): each.image for each in found}
    assert images["loose.png"].shape == (16, 16, 3)
    assert images["ann/1.png"] is None
    with pytest.raises(InputError, match="expected a run with records"):
        pictured_portraits(Pictures([pictures]), tmp_path, workers=1)
