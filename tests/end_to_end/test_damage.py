"""Everything that goes wrong with files, in one conversion: none harms another."""

import os

import pytest

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.data.reader import Records
from anime_style_tf.data.sources.folder import FolderSource
from anime_style_tf.data.sources.names import readable
from anime_style_tf.data.verdicts import ARTIST_TOO_SMALL, KEPT, REJECTED, UNREADABLE
from tests.data.damaged_files import damaged_files, drawing, encoded, sound_odd_files

SOUND = 12


@pytest.fixture(scope="module")
def artwork(tmp_path_factory):
    """The folder, and what must become of each file: reference -> (verdict, part of the reason)."""
    folder = tmp_path_factory.mktemp("artwork")
    ann = folder / "ann"
    (ann / "deep" / "er").mkdir(parents=True)
    expected = {}
    for number in range(SOUND):
        name = f"{number:02d}.png"
        (ann / name).write_bytes(encoded(drawing(number), "PNG"))
        expected[f"ann/{name}"] = (KEPT, "")
    for name, data in sound_odd_files().items():
        (ann / name).write_bytes(data)
        expected[f"ann/{readable(name)}"] = (KEPT, "")
    for name, (data, verdict, reason) in damaged_files().items():
        (ann / name).write_bytes(data)
        expected[f"ann/{name}"] = (verdict, reason)
    os.mkfifo(ann / "pipe.png")
    expected["ann/pipe.png"] = (UNREADABLE, "")
    (ann / "broken link.png").symlink_to("nowhere.png")
    expected["ann/broken link.png"] = (UNREADABLE, "")
    (ann / "round").symlink_to(ann)
    expected["ann/round"] = (REJECTED, "")
    with open(ann / "endless.png", "wb") as file:
        file.truncate(2**30)
    expected["ann/endless.png"] = (UNREADABLE, "")
    (folder / "狐").mkdir()
    (folder / "狐" / "only.png").write_bytes(encoded(drawing(400), "PNG"))
    expected["狐/only.png"] = (ARTIST_TOO_SMALL, "1 works")
    (folder / "nobody's.png").write_bytes(encoded(drawing(401), "PNG"))
    expected["nobody's.png"] = (REJECTED, "artist")
    (folder / "ann" / ".hidden.png").write_bytes(b"")
    return folder, expected


@pytest.fixture(scope="module")
def records(artwork, tmp_path_factory):
    output = tmp_path_factory.mktemp("records")
    write_records(
        Plan(
            source=FolderSource(path=artwork[0]),
            output=output,
            rendering=Settings(image_size=64),
            rules=Rules(min_works=SOUND, test_minimum=2),
            workers=2,
            progress=False,
        )
    )
    return output


def test_each_file_ends_in_the_verdict_that_it_deserves(artwork, records):
    _, expected = artwork
    found = {row["reference"]: (row["verdict"], row["reason"]) for row in read_ledger(records)}
    assert found.keys() == expected.keys()
    wrong = {
        reference: (found[reference], wanted)
        for reference, wanted in expected.items()
        if found[reference][0] != wanted[0] or wanted[1] not in found[reference][1]
    }
    assert wrong == {}


def test_what_is_sound_is_in_the_records(artwork, records):
    _, expected = artwork
    written = Records(records)
    assert written.artists == ["ann"]
    assert written.count() == sum(verdict == KEPT for verdict, _ in expected.values())
    assert written.verify() == []
