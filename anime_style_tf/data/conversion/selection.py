"""Gives every work of a journal its verdict, its side of the split and its place.

All of it is decided anew each time, from the journal alone, in one transaction.
"""

import dataclasses
import math

import numpy as np
from absl import logging

from anime_style_tf.data.conversion.refusals import flags_to_keep, warning_of_few
from anime_style_tf.data.conversion.rejects import apply_rejects
from anime_style_tf.data.conversion.sides import draw_thresholds, keep_sides, take_sides_over
from anime_style_tf.data.near_duplicates.leaders import find_leaders
from anime_style_tf.data.verdicts import ARTIST_TOO_SMALL, DUPLICATE, KEPT
from anime_style_tf.errors import InputError

# SQL: the order in which portraits become leaders (docs/decisions/0024). The largest comes first,
# so that a preview never stands in for its original; of equal ones what was kept before, then the
# order of the source. What a set by an earlier version kept has no size: it stays.
_PRECEDENCE = (
    "iif(pixels IS NULL AND place_before IS NOT NULL, 0, 1), pixels DESC, "
    "place_before IS NULL, place_before, input, listed, id"
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rules:
    """What decides between the verdicts and between training and test.

    Args:
        min_works: artists with fewer works are too small; raising it leaves fewer, better
            known artists.
        test_fraction: part of each artist's works kept for testing.
        test_minimum: at least this many of each artist's works are.
        seed: order of the records.

    Raises:
        InputError: a value out of its range.

    Source: `docs/method.md` section 1 (50 works: the paper; numbers of the split: our setting).
    """

    min_works: int = 50
    test_fraction: float = 0.1
    test_minimum: int = 10
    seed: int = 0

    def __post_init__(self):
        """Checks the values."""
        for name, least in (("min_works", 1), ("test_minimum", 0)):
            if getattr(self, name) < least:
                raise InputError(
                    f"{name}: expected at least {least}, received {getattr(self, name)}"
                )
        if not 0 <= self.test_fraction < 1:
            raise InputError(f"test_fraction: expected in [0, 1), received {self.test_fraction}")
        if self.min_works <= self.test_minimum:
            raise InputError(
                f"min_works: expected more than test_minimum = {self.test_minimum}, so that works "
                f"are left to train on, received {self.min_works}; give "
                f"{flags_to_keep(max(2, self.min_works))}"
            )


def select(journal, rules, *, rejects=frozenset(), thresholds=None):
    """Decides on all works: verdicts, and the table `record`.

    Args:
        journal: a `Journal` whose works are all rendered.
        rules: a `Rules`.
        rejects: pairs of a reference and the number of a face, or None for all of a picture:
            what a person rejected.
        thresholds: dict artist -> threshold of the test split, of an earlier set in the order
            of its labels; they are kept.

    Returns:
        Dict artist -> threshold of the test split, in the order of the labels.

    Raises:
        InputError: no artist is left, or a test split would leave nothing to train on.
    """
    with journal.transaction() as database:
        _forget_decisions(database)
        apply_rejects(database, rejects)
        # An artist who is dropped may have led duplicates by others, which then lead themselves
        # and may make their artists large enough: both steps until nothing more is dropped.
        while True:
            _drop_duplicates(database)
            if not _drop_small_artists(database, rules.min_works):
                break
        _close(database)
        if thresholds:
            take_sides_over(database)
        earlier = thresholds or {}
        thresholds = draw_thresholds(database, rules, earlier)
        for artist in earlier.keys() & thresholds.keys():
            keep_sides(database, artist, thresholds[artist])
        _place(database, thresholds, rules.seed)
        if few := warning_of_few(database):
            logging.warning("%s", few)
    return thresholds


def _forget_decisions(database):
    """Makes all works undecided that have portraits; the others got their verdict in rendering."""
    database.execute(
        "UPDATE work SET verdict = NULL, reason = '', duplicate_of = NULL "
        "WHERE id IN (SELECT work FROM portrait)"
    )
    database.execute(
        "UPDATE portrait SET dropped = NULL, duplicate_of = NULL WHERE dropped IS NOT NULL"
    )


def _drop_duplicates(database):
    """Drops each portrait that repeats one before it; `_close` names the works they leave empty."""
    # Duplicates of an earlier round may have lost their leader with its artist.
    database.execute(
        "UPDATE portrait SET dropped = NULL, duplicate_of = NULL WHERE dropped = ?", [DUPLICATE]
    )
    # Portraits that nothing has refused yet, in order of precedence. Only what the search reads:
    # the pictures stay on disk, so that memory is 1.5 kB a portrait.
    rows = database.execute(
        "SELECT w.id, p.number, p.fingerprint, w.pixels "
        "FROM work w JOIN portrait p ON p.work = w.id "
        f"WHERE w.verdict IS NULL AND p.dropped IS NULL ORDER BY {_PRECEDENCE}, p.number"
    )
    keys, fingerprints, sides = [], bytearray(), []
    for work, number, fingerprint, pixels in rows:
        keys.append((work, number))
        sides.append(math.inf if pixels is None else math.sqrt(pixels))
        fingerprints += fingerprint
    if not keys:
        return
    keys = np.array(keys, np.int64)
    # Faces of one picture (a group) may be alike, as twins are, and are all kept.
    leaders = find_leaders(
        np.frombuffer(fingerprints, np.uint8).reshape(len(keys), -1),
        groups=keys[:, 0],
        sides=np.array(sides),
    )
    (repeats,) = np.nonzero(leaders != np.arange(len(leaders)))
    database.executemany(
        "UPDATE portrait SET dropped = ?, duplicate_of = ? WHERE work = ? AND number = ?",
        (
            (DUPLICATE, leader, work, number)
            for leader, (work, number) in zip(
                keys[leaders[repeats], 0].tolist(), keys[repeats].tolist(), strict=True
            )
        ),
    )


def _drop_small_artists(database, min_works):
    """Returns how many works were dropped with their artists; their duplicates stay duplicates.

    Else a copy would come back as a work once its leader is dropped, and count as one.
    """
    # A work counts once, however many faces it has, and not at all where all of them are
    # duplicates: else an artist of copies would pass.
    database.execute(
        "WITH sound AS (SELECT w.id, w.artist FROM work w JOIN portrait p ON p.work = w.id "
        "WHERE w.verdict IS NULL AND p.dropped IS NULL GROUP BY w.id), "
        "small AS (SELECT artist, COUNT(*) AS works FROM sound GROUP BY artist "
        "HAVING COUNT(*) < ?) "
        "UPDATE work SET verdict = ?, reason = small.works || ' works, expected ' || ? "
        "FROM small, sound WHERE sound.id = work.id AND small.artist = sound.artist",
        (min_works, ARTIST_TOO_SMALL, min_works),
    )
    # What is undecided of such an artist now has dropped portraits alone: duplicates.
    dropped = database.execute("SELECT changes()").fetchone()[0]
    _close_duplicates(
        database,
        f"work.artist IN (SELECT artist FROM work WHERE verdict = '{ARTIST_TOO_SMALL}')",
    )
    return dropped


def _close(database):
    """Gives the works that are still undecided their verdict."""
    # One portrait that is not dropped is enough: its work is kept.
    database.execute(
        "UPDATE work SET verdict = ? WHERE verdict IS NULL AND id IN "
        "(SELECT work FROM portrait WHERE dropped IS NULL)",
        [KEPT],
    )
    _close_duplicates(database)


def _close_duplicates(database, those="TRUE"):
    """Gives undecided duplicates their verdict.

    Args:
        database: of a `Journal`.
        those: SQL, which of them.
    """
    # Of several faces that repeat several works, the first one's leader is named: the ledger has
    # room for one. Another artist's name is in the reason, for one of the two is a repost.
    database.execute(
        "UPDATE work SET verdict = ?, duplicate_of = leader.reference, reason = "
        "CASE WHEN leader.sha256 = work.sha256 THEN 'the same file' "
        "ELSE 'nearly the same picture' END "
        "|| iif(leader.artist = work.artist, '', ', by another artist: ' || leader.artist) "
        "FROM portrait p, work leader WHERE work.verdict IS NULL AND p.work = work.id "
        "AND p.number = (SELECT MIN(number) FROM portrait WHERE work = p.work AND dropped = ?) "
        f"AND leader.id = p.duplicate_of AND {those}",
        (DUPLICATE, DUPLICATE),
    )


def _place(database, thresholds, seed):
    """Fills the table `record`: which portraits, on which side, of which label, in which order."""
    database.execute("DROP TABLE IF EXISTS temp.artist")
    database.execute(
        "CREATE TEMP TABLE artist (name TEXT PRIMARY KEY, label INTEGER, threshold INTEGER)"
    )
    database.executemany(
        "INSERT INTO artist VALUES (?, ?, ?)",
        ((name, label, line) for label, (name, line) in enumerate(thresholds.items())),
    )
    # In order of a hash of seed and work, so that shards mix artists, and the order of what is
    # there does not depend on what is added. The other columns settle ties: works of one identity.
    database.execute("DELETE FROM record")
    database.execute(
        "INSERT INTO record (work, number, split, label) SELECT w.id, p.number, "
        "CASE WHEN w.fixed_split IS NULL THEN w.hash < a.threshold "
        "ELSE w.fixed_split = 'test' END AS split, a.label "
        "FROM work w JOIN portrait p ON p.work = w.id JOIN temp.artist a ON a.name = w.artist "
        "WHERE w.verdict = ? AND p.dropped IS NULL "
        "ORDER BY split, identity_hash(? || '/' || w.artist || '/' || w.work_id), w.artist, "
        "w.input, w.reference, p.number",
        (KEPT, str(seed)),
    )
