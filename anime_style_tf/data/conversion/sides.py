"""Puts each artist's works on the training or the test side; those of an earlier set stay."""

from anime_style_tf.data.conversion.refusals import chief_reason, flags_to_keep
from anime_style_tf.data.split import choose_threshold
from anime_style_tf.data.verdicts import ARTIST_TOO_SMALL, DUPLICATE, KEPT
from anime_style_tf.errors import InputError


def take_sides_over(database):
    """Puts a picture where the smaller copy was that an earlier set kept: it changes no side."""
    # The source's own split goes before, and so does a side that the larger one had already.
    replaced = database.execute(
        "SELECT earlier.side_before, leader.id FROM portrait p "
        "JOIN work earlier ON earlier.id = p.work JOIN work leader ON leader.id = p.duplicate_of "
        "WHERE earlier.place_before IS NOT NULL AND earlier.verdict = ? AND leader.verdict = ? "
        "AND leader.place_before IS NULL AND leader.fixed_split IS NULL "
        "ORDER BY earlier.place_before DESC",  # of several, the first has the last word
        (DUPLICATE, KEPT),
    ).fetchall()
    database.executemany("UPDATE work SET fixed_split = ? WHERE id = ?", replaced)


def keep_sides(database, artist, threshold):
    """Fixes the side of those works of an earlier set that did not have it from their hash.

    They had it from their source or from a smaller copy, of which nothing may be known any more.
    """
    database.execute(
        "UPDATE work SET fixed_split = side_before WHERE artist = ? AND verdict = ? "
        "AND fixed_split IS NULL AND side_before != iif(hash < ?, 'test', 'train')",
        (artist, KEPT, threshold),
    )


def draw_thresholds(database, rules, earlier):
    """Draws the line between training and test for every artist of whom works are kept.

    Args:
        database: of a `Journal` whose works have their verdicts.
        rules: a `Rules`.
        earlier: dict artist -> threshold of an earlier set.

    Returns:
        Dict artist -> threshold, in the order of the labels.

    Raises:
        InputError: no artist is left, or a test split would leave nothing to train on.
    """
    # Artists of the earlier set keep label and threshold, so that no work changes sides; new ones
    # follow by name.
    counts = _count(database, KEPT)
    if not counts:
        raise InputError(_nothing_left(database, rules))
    known = {artist: line for artist, line in earlier.items() if artist in counts}
    new = sorted(counts.keys() - known.keys())
    return known | {artist: _new_threshold(database, artist, rules) for artist in new}


def _nothing_left(database, rules):
    """Says why: most works were refused, or they are too few for each artist."""
    small = _count(database, ARTIST_TOO_SMALL)
    largest = max(small.values(), default=0)
    refused, what, advice = chief_reason(database, without=[ARTIST_TOO_SMALL])
    if refused > sum(small.values()):
        return f"nothing is kept: {what}; {advice}"
    return (
        f"no artist is left: expected at least one with {rules.min_works} sound works, received "
        f"{len(small)} artists with at most {largest}{f' ({what})' if refused else ''}; "
        + (f"give {flags_to_keep(largest)}, or add works" if largest > 1 else "add works")
    )


def _count(database, verdict):
    return dict(
        database.execute(
            "SELECT artist, COUNT(*) FROM work WHERE verdict = ? GROUP BY artist", [verdict]
        )
    )


def _new_threshold(database, artist, rules):
    """Draws the line where the works that the source put on the test side leave it."""
    # Works that the source itself put on the test side count toward the minimum; those on the
    # training side are in neither count.
    fixed = database.execute(
        "SELECT COUNT(*) FROM work WHERE artist = ? AND verdict = ? AND fixed_split = 'test'",
        (artist, KEPT),
    ).fetchone()[0]
    # The hashes among which the threshold is drawn: several portraits, or works of one identity,
    # have one hash, and go to one side together.
    free = database.execute(
        "SELECT DISTINCT hash FROM work WHERE artist = ? AND verdict = ? "
        "AND fixed_split IS NULL ORDER BY hash",
        (artist, KEPT),
    )
    return choose_threshold(
        [hash_ for (hash_,) in free],
        fraction=rules.test_fraction,
        minimum=rules.test_minimum,
        fixed=fixed,
    )
