import numpy as np
import pytest

from anime_style_tf.data.conversion import selection
from anime_style_tf.data.conversion.journal import Journal
from anime_style_tf.data.conversion.selection import Rules, select
from anime_style_tf.data.split import identity_hash
from anime_style_tf.errors import InputError

RULES = Rules(min_works=3, test_fraction=0.25, test_minimum=1)


@pytest.fixture(autouse=True)
def equal_is_near(monkeypatch):
    """Portraits are near each other if their fingerprints are equal, but not within a work."""

    def find_leaders(fingerprints, *, groups, sides):
        first, leaders = {}, []
        for place, (print_, group) in enumerate(zip(map(bytes, fingerprints), groups, strict=True)):
            leader = first.setdefault(print_, place)
            leaders.append(place if groups[leader] == group else leader)
        return np.array(leaders)

    monkeypatch.setattr(selection, "find_leaders", find_leaders)


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "journal.sqlite", {}) as journal:
        yield journal


def put(journal, artist, name, *fingerprints, place=None, side=None, sha256=None, **columns):
    """Adds a work with a portrait for each fingerprint, in the order of the calls."""
    number = journal.database.execute("SELECT COUNT(*) FROM work").fetchone()[0]
    with journal.transaction() as database:
        key = journal.put(
            {"input": 0, "reference": name, "artist": artist, "work_id": name, "stamp": "1",
             "sha256": sha256 or name, "pixels": 100, "reason": ""} | columns,
            [{"number": number, "image_png": b"image", "coverage_png": b"coverage", "face": "{}",
              "fingerprint": text.encode().ljust(16)} for number, text in enumerate(fingerprints)],
        )  # fmt: skip
        database.execute(
            "UPDATE work SET listed = ?, place_before = ?, side_before = ? WHERE id = ?",
            (number, place, side, key),
        )


def fill(journal, artist, count, **columns):
    for number in range(count):
        put(journal, artist, f"{artist}/{number}", f"{artist}{number}", **columns)


def verdicts(journal):
    return {
        reference: (verdict, reason, duplicate_of)
        for reference, verdict, reason, duplicate_of in journal.database.execute(
            "SELECT reference, verdict, reason, duplicate_of FROM work"
        )
    }


def sides(journal):
    return dict(
        journal.database.execute(
            "SELECT reference, split FROM record JOIN work ON work.id = record.work"
        )
    )


def test_a_work_all_of_whose_portraits_repeat_others_is_a_duplicate_of_the_first(journal):
    fill(journal, "ann", 4)
    put(journal, "ann", "again", "ann2")
    put(journal, "ann", "half", "ann1", "new")
    put(journal, "ann", "file", "ann0", sha256="ann/0")
    select(journal, RULES)
    found = verdicts(journal)
    assert found["again"] == ("duplicate", "nearly the same picture", "ann/2")
    assert found["file"] == ("duplicate", "the same file", "ann/0")
    assert found["half"][0] == "kept"
    assert journal.database.execute(
        "SELECT number FROM record JOIN work ON work.id = record.work WHERE reference = 'half'"
    ).fetchall() == [(1,)]


def test_the_same_picture_by_two_artists_is_kept_once_and_says_so(journal):
    fill(journal, "ann", 4)
    fill(journal, "bob", 4)
    put(journal, "bob", "repost", "ann3")
    select(journal, RULES)
    assert verdicts(journal)["repost"] == (
        "duplicate", "nearly the same picture, by another artist: ann", "ann/3",
    )  # fmt: skip


def test_what_was_kept_before_is_kept_where_a_file_listed_earlier_repeats_it(journal):
    put(journal, "ann", "new", "same")
    fill(journal, "ann", 4)
    put(journal, "ann", "old", "same", place=7)
    select(journal, RULES)
    assert verdicts(journal)["old"][0] == "kept"
    assert verdicts(journal)["new"] == ("duplicate", "nearly the same picture", "old")


@pytest.mark.parametrize("sizes", [(40, 99, 60), (99, 60, 40), (60, 40, 99)])
def test_of_copies_the_largest_is_kept_wherever_it_comes(journal, sizes):
    fill(journal, "ann", 4)
    for pixels in sizes:
        put(journal, "ann", f"of {pixels}", "same", pixels=pixels)
    select(journal, RULES)
    found = verdicts(journal)
    assert found["of 99"][0] == "kept"
    assert {found[f"of {pixels}"][2] for pixels in (40, 60)} == {"of 99"}


@pytest.mark.parametrize("side", ["train", "test"])
def test_a_larger_copy_replaces_what_was_kept_before_on_the_same_side(journal, side):
    fill(journal, "ann", 12)
    thresholds = select(journal, RULES)
    opposite = next(  # a name that its hash would put on the other side
        name
        for name in map(str, range(1000))
        if (identity_hash(name) < thresholds["ann"]) != (side == "test")
    )
    put(journal, "ann", "small", "same", place=1, side=side, pixels=40)
    put(journal, "ann", opposite, "same", pixels=99)
    for _ in range(2):  # deciding again changes nothing
        assert select(journal, RULES, thresholds=thresholds) == thresholds
        assert verdicts(journal)["small"] == ("duplicate", "nearly the same picture", opposite)
        assert sides(journal)[opposite] == ("train", "test").index(side)


def test_a_work_whose_side_its_hash_does_not_give_keeps_it(journal):
    fill(journal, "ann", 12)
    thresholds = select(journal, RULES)
    put(journal, "ann", "in test", "1st", place=1, side="test")
    put(journal, "ann", "in train", "2nd", place=2, side="train")
    select(journal, RULES, thresholds=thresholds)
    assert (sides(journal)["in test"], sides(journal)["in train"]) == (1, 0)


def test_what_an_earlier_version_kept_stays_where_its_size_is_not_known(journal):
    fill(journal, "ann", 4)
    put(journal, "ann", "new", "same", pixels=10**6)
    put(journal, "ann", "old", "same", place=7, pixels=None)
    select(journal, RULES)
    assert verdicts(journal)["new"] == ("duplicate", "nearly the same picture", "old")


def test_an_artist_that_is_too_small_takes_no_picture_from_others(journal):
    """The first to show the picture is dropped, so that the second is no duplicate any more."""
    put(journal, "ann", "first", "same")
    fill(journal, "bob", 2)
    put(journal, "bob", "second", "same")
    put(journal, "bob", "third", "other")
    select(journal, RULES)
    assert verdicts(journal)["first"] == ("artist too small", "1 works, expected 3", None)
    assert verdicts(journal)["second"] == ("kept", "", None)


def test_copies_of_an_artist_that_is_too_small_do_not_come_back_as_works(journal):
    """Two works and a copy of each are two works, and the artist's files say so with one number."""
    fill(journal, "bo", 5)
    for name, look in (("a", "one"), ("b", "two"), ("copy of a", "one"), ("copy of b", "two")):
        put(journal, "ann", name, look)
    select(journal, RULES)
    found = verdicts(journal)
    assert found["a"] == found["b"] == ("artist too small", "2 works, expected 3", None)
    assert found["copy of a"] == ("duplicate", "nearly the same picture", "a")
    assert found["copy of b"] == ("duplicate", "nearly the same picture", "b")


def test_rejected_portraits_are_left_out_and_whole_pictures_named(journal):
    fill(journal, "ann", 4)
    put(journal, "ann", "two faces", "left", "right")
    put(journal, "ann", "bad", "bad", "worse")
    select(journal, RULES, rejects={("two faces", 0), ("bad", None), ("unknown", 3)})
    assert verdicts(journal)["bad"] == ("rejected", "in the review", None)
    assert verdicts(journal)["two faces"][0] == "kept"
    assert journal.database.execute(
        "SELECT number FROM record JOIN work ON work.id = record.work WHERE reference = 'two faces'"
    ).fetchall() == [(1,)]


def test_where_nothing_could_be_read_the_error_says_why_and_not_min_works(journal):
    for number in range(3):
        put(journal, "ann", f"{number}.jpg", verdict="unreadable", reason="no such file")
    fill(journal, "bob", 2)
    with pytest.raises(InputError) as caught:
        select(journal, RULES)
    assert str(caught.value) == (
        "nothing is kept: 3 of 5 files are unreadable, no such file, such as 0.jpg; open that "
        "file, or correct the folder (--root) below which the paths are"
    )


def test_where_most_works_are_sound_but_few_for_their_artist_min_works_is_named(journal):
    fill(journal, "ann", 2)
    put(journal, "ann", "torn.jpg", verdict="unreadable", reason="torn")
    message = r"received 1 artists with at most 2 \(1 of 3 files .*torn.jpg\); give --min_works=2 "
    with pytest.raises(InputError, match=message):
        select(journal, RULES)


def test_where_little_is_kept_the_chief_reason_is_a_warning(journal, caplog):
    fill(journal, "ann", 4)
    for number in range(35):
        put(journal, "", f"{number}", verdict="rejected", reason="2 artists, expected 1")
    select(journal, RULES)
    assert caplog.text == ""
    for number in range(2):
        put(journal, "", f"no {number}", verdict="rejected", reason=f"{number} artists, expected 1")
    select(journal, RULES)
    assert "only 4 of 41 files are kept; 37 of 41 files are rejected, 2 artists" in caplog.text


def test_the_verdicts_of_rendering_stay(journal):
    fill(journal, "ann", 4)
    put(journal, "ann", "torn", verdict="unreadable", reason="torn")
    select(journal, RULES)
    select(journal, RULES)
    assert verdicts(journal)["torn"] == ("unreadable", "torn", None)


def test_the_side_is_that_of_the_identity_or_the_one_that_the_source_fixed(journal):
    fill(journal, "ann", 8)
    put(journal, "ann", "mine", "mine", fixed_split="test")
    put(journal, "ann", "yours", "yours", "another face", fixed_split="train")
    thresholds = select(journal, RULES)
    found = sides(journal)
    assert (found.pop("mine"), found.pop("yours")) == (1, 0)
    assert found == {
        f"ann/{n}": int(identity_hash(f"ann/{n}") < thresholds["ann"]) for n in range(8)
    }
    assert sum(found.values()) == 2  # a quarter of the eight that were free


def test_deciding_again_after_more_works_moves_none(journal):
    fill(journal, "bob", 12)
    thresholds = select(journal, RULES)
    before = sides(journal)
    fill(journal, "ann", 6)
    for number in range(30):
        put(journal, "bob", f"more {number}", f"more {number}")
    again = select(journal, RULES, thresholds=thresholds)
    assert list(again) == ["bob", "ann"]
    assert again["bob"] == thresholds["bob"]
    assert {reference: sides(journal)[reference] for reference in before} == before


def test_the_order_of_the_records_depends_on_the_seed_and_not_on_that_of_the_works(tmp_path):
    orders = []
    for seed, names in ((0, range(20)), (0, reversed(range(20))), (1, range(20))):
        folder = tmp_path / str(len(orders))
        folder.mkdir()
        with Journal(folder / "journal.sqlite", {}) as journal:
            for name in names:
                put(journal, "ann", str(name), str(name))
            select(journal, Rules(min_works=3, test_minimum=1, seed=seed))
            orders.append(list(sides(journal)))
    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


def test_nobody_left_is_an_error_that_counts(journal):
    fill(journal, "ann", 2)
    fill(journal, "bob", 1)
    with pytest.raises(InputError, match="with 3 sound works, received 2 artists with at most 2"):
        select(journal, RULES)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"min_works": 0}, "min_works: expected at least 1, received 0"),
        ({"min_works": 10}, "expected more than test_minimum = 10"),
        ({"test_fraction": -0.1}, r"expected in \[0, 1\), received -0.1"),
    ],
)
def test_rules_that_make_no_sense_are_errors(rules, message):
    with pytest.raises(InputError, match=message):
        Rules(**rules)
