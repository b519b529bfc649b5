"""Reduced copies beside their originals: the originals are kept, whenever they come."""

import pytest

from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.inspection.verification import verify_set
from anime_style_tf.data.ledger import read_ledger
from anime_style_tf.data.sources.folder import FolderSource
from tests.data.damaged_files import drawing, encoded

WORKS = 10


def save(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def originals(folder):
    for artist in (0, 1):
        for number in range(WORKS):
            picture = drawing(100 * artist + number, 400)
            save(folder / f"{artist}" / f"m{number}.png", encoded(picture, "PNG"))
    return folder


def previews(folder, name):
    for artist in (0, 1):
        for number in range(WORKS):
            small = drawing(100 * artist + number, 400).resize((40, 40))
            save(folder / f"{artist}" / name.format(number), encoded(small, "JPEG"))
    return folder


def write(folder, output, **options):
    write_records(
        Plan(
            source=FolderSource(path=folder),
            output=output,
            rendering=Settings(image_size=32),
            rules=Rules(min_works=5, test_minimum=2),
            workers=1,
            progress=False,
            **options,
        )
    )
    return {(row["input"], row["reference"]): row for row in read_ledger(output)}


@pytest.mark.parametrize("name", ["a{}.jpg", "z{}.jpg", "previews/{}.jpg"])
def test_previews_are_duplicates_of_their_originals_wherever_they_lie(name, tmp_path):
    rows = write(previews(originals(tmp_path / "in"), name), tmp_path / "out")
    kept = {reference for (_, reference), row in rows.items() if row["verdict"] == "kept"}
    assert kept == {f"{artist}/m{number}.png" for artist in (0, 1) for number in range(WORKS)}
    for (_, reference), row in rows.items():
        if reference not in kept:
            number = reference.rpartition("/")[2].strip("az.jpg")
            assert row["duplicate_of"] == f"{reference[0]}/m{number}.png"


def test_appended_originals_replace_their_previews_on_the_same_side(tmp_path):
    before = write(previews(tmp_path / "small", "a{}.jpg"), tmp_path / "out")
    assert {row["verdict"] for row in before.values()} == {"kept"}
    after = write(originals(tmp_path / "large"), tmp_path / "out", append=True)
    for artist in (0, 1):
        for number in range(WORKS):
            preview, original = f"{artist}/a{number}.jpg", f"{artist}/m{number}.png"
            assert after[0, preview]["verdict"] == "duplicate"
            assert after[1, original]["verdict"] == "kept"
            assert after[1, original]["split"] == before[0, preview]["split"]
    assert list(verify_set(tmp_path / "out", progress=False)) == []
    again = write(tmp_path / "large", tmp_path / "out", append=True)
    assert {key: row["split"] for key, row in again.items()} == {
        key: row["split"] for key, row in after.items()
    }
