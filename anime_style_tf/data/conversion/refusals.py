"""Why most works of a conversion were not kept: the chief reason, its count and an example."""

import collections
import re

from anime_style_tf.data.verdicts import (
    ARTIST_TOO_SMALL,
    DUPLICATE,
    KEPT,
    NO_FACE,
    REJECTED,
    TOO_SMALL,
    UNREADABLE,
)


def flags_to_keep(works):
    """Returns the converter's flags, as they are typed, that keep artists of so many works.

    Args:
        works: at least 2; half of them at least are left to train on.
    """
    return f"--min_works={works} --test_minimum={works // 2}"


_FEW = 0.1  # of the files; where fewer are kept, somebody should hear why
_ADVICE = {
    REJECTED: "look at what the source expects, at its options, the opt-out list and the rejects",
    DUPLICATE: "give other works",
    UNREADABLE: "open that file, or correct the folder (--root) below which the paths are",
    NO_FACE: "lower min_likelihood, or leave the detector out if these are portraits already",
    TOO_SMALL: "give larger pictures, or lower min_side or image_size",
    ARTIST_TOO_SMALL: f"lower the least number, such as {flags_to_keep(5)}, or add works",
}
# What differs between works that are refused for one reason: quotations and numbers.
_PARTICULAR = re.compile(r"'[^']*'|\"[^\"]*\"|[0-9]+(?:[.,][0-9]+)*")


def chief_reason(database, *, without=()):
    """Returns why most works were not kept.

    Reasons that differ in numbers and quotations alone are one.

    Args:
        database: of a `Journal` whose works have their verdicts.
        without: verdicts that are not looked at.

    Returns:
        `(count, what, advice)`: of how many works it is the reason, and two parts of a sentence;
        `(0, "", "")` where all were kept.
    """
    counts, examples, total = collections.Counter(), {}, 0
    works = database.execute("SELECT verdict, reason, reference FROM work ORDER BY id")
    for verdict, reason, reference in works:
        total += 1
        reason = reason or ""
        if verdict in (KEPT, *without):
            continue
        alike = "" if verdict in (DUPLICATE, ARTIST_TOO_SMALL) else _PARTICULAR.sub("", reason)
        counts[verdict, alike] += 1
        detail = f", {reason}" if reason else ""
        examples.setdefault((verdict, alike), f"{verdict}{detail}, such as {reference}")
    if not counts:
        return 0, "", ""
    ((kind, count),) = counts.most_common(1)
    return count, f"{count} of {total} files are {examples[kind]}", _ADVICE[kind[0]]


def warning_of_few(database):
    """Returns what to say where so few works are kept that it is likely a mistake, or None.

    Args:
        database: see `chief_reason`.
    """
    total, kept = database.execute("SELECT COUNT(*), SUM(verdict = ?) FROM work", [KEPT]).fetchone()
    if kept >= _FEW * total:
        return None
    _, what, advice = chief_reason(database)
    return f"only {kept} of {total} files are kept; {what}; {advice}"
