import io
import json
import pathlib
import re

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from anime_style_tf.data import schema
from anime_style_tf.data.reader import Records
from anime_style_tf.data.shards import FORMAT_VERSION, INDEX_DTYPE
from anime_style_tf.errors import InputError
from tests.calls import call, call_anew
from tfrecords.review import candidates

ROOT = pathlib.Path(__file__).parents[2]
WORKS = {
    "train": [("ann", "ann/1.png", {"number": 0, "likelihood": 0.99}),
              ("bobÿ", "bob/bÿ.png", {"number": 0, "likelihood": 0.7}),
              ("bobÿ", "bob/bÿ.png", {"number": 1, "likelihood": 0.6})],
    "test": [("ann", "ann/2.png", {})],
}  # fmt: skip


def png(mode, color):
    encoded = io.BytesIO()
    Image.new(mode, (16, 16), color).save(encoded, "PNG")
    return encoded.getvalue()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A set of records, written with TensorFlow's own writer."""
    folder = tmp_path_factory.mktemp("portraits")
    artists = sorted({artist for works in WORKS.values() for artist, _, _ in works})
    files = []
    for split, works in WORKS.items():
        path = folder / f"{split}-00000-of-00001.tfrecord"
        with tf.io.TFRecordWriter(str(path)) as writer:
            for number, (artist, source, face) in enumerate(works):
                values = {
                    "image_png": png("RGB", (number, 2, 3)), "coverage_png": png("L", 255),
                    "artist": artists.index(artist), "artist_name": artist, "work_id": source,
                    "factors": "{}", "source": source, "face": json.dumps(face),
                }  # fmt: skip
                writer.write(schema.serialize(values))
        files.append({"name": path.name, "bytes": path.stat().st_size, "sha256": split})
    np.save(folder / "index.npy", np.zeros(4, INDEX_DTYPE))
    info = {
        "format_version": FORMAT_VERSION, "image_size": 16, "files": files,
        "artists": [{"name": artist, "train": 0, "test": 0, "threshold": 0} for artist in artists],
        "counts": {"train": 0, "test": 0}, "inputs": [], "dropped_artists": [],
        "rendering": {}, "rules": {}, "opt_outs": {}, "verdicts": {},
    }  # fmt: skip
    (folder / "info.json").write_text(json.dumps(info), "utf-8")
    return folder


def test_candidates_are_the_portraits_of_the_records(folder):
    records = Records(folder)
    found = list(candidates(records))
    assert [(one.split, one.artist, one.source, one.face) for one in found] == [
        (split, *work) for split, works in WORKS.items() for work in works
    ]
    assert found[1].image == png("RGB", (1, 2, 3))
    chosen = list(candidates(records, split="train", artists=["ann"]))
    assert [one.source for one in chosen] == ["ann/1.png"]
    with pytest.raises(InputError, match="received eve"):
        list(candidates(records, artists=["ann", "eve"]))


def test_the_tool_writes_the_page_beside_the_records(folder):
    done = call("tfrecords/review.py", f"--records={folder}")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"{folder / 'review.html'}: 0.0 MiB" in done.stdout
    page = (folder / "review.html").read_text("utf-8")
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert (data["name"], data["checksum"]) == (folder.name, Records(folder).checksum)
    assert [len(artist["portraits"]) for artist in data["artists"]] == [2, 2]


@pytest.mark.slow
def test_the_tool_divides_what_is_too_much_and_says_what_is_wrong(folder, tmp_path):
    flags = ["--split=train", "--artists=bobÿ", "--columns=3", "--works_per_page=1"]
    done = call(
        "-m", "tfrecords.review", f"--records={folder}", f"--output={tmp_path / 'r'}", *flags
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r-000.html", "r-001.html"]
    for mistake in ([f"--records={tmp_path}"], [f"--records={folder}", "--artists=eve"]):
        done = call("tfrecords/review.py", *mistake)
        assert (done.returncode, done.stdout) == (2, "")
        (line,) = done.stderr.splitlines()
        assert line.startswith("error: ")


def test_help_starts_without_tensorflow():
    done = call_anew("-X", "importtime", "-m", "tfrecords.review", "--help")
    assert "--works_per_page" in done.stdout
    assert "tensorflow" not in done.stderr
