"""What a person rejected: read from a table, put into a journal."""

from anime_style_tf.data.sources.names import match_key
from anime_style_tf.data.sources.tables import cell, read_table, without_fraction
from anime_style_tf.data.verdicts import REJECTED
from anime_style_tf.errors import InputError


def apply_rejects(database, rejects):
    """Drops the portraits that were rejected, and the works of which nothing is left.

    Args:
        database: of a `Journal`, in a transaction.
        rejects: pairs of a reference and the number of a face, or None for all of a picture.
    """
    database.execute("DROP TABLE IF EXISTS temp.reject")
    database.execute("CREATE TEMP TABLE reject (reference TEXT, number INTEGER)")
    named = _works_named(database, rejects)
    database.executemany(
        "INSERT INTO reject VALUES (?, ?)",
        ((work, number) for entry, number in sorted(rejects, key=str) for work in named[entry]),
    )
    database.execute(
        "UPDATE portrait SET dropped = ? WHERE (work, number) IN (SELECT p.work, p.number "
        "FROM portrait p JOIN work w ON w.id = p.work JOIN temp.reject r "
        "ON r.reference = w.reference AND (r.number IS NULL OR r.number = p.number))",
        [REJECTED],
    )
    database.execute(
        "UPDATE work SET verdict = ?, reason = 'in the review' WHERE id IN "
        "(SELECT work FROM portrait GROUP BY work HAVING COUNT(dropped) = COUNT(*))",
        [REJECTED],
    )


def unmatched_rejects(database, rejects):
    """Returns a text for each reject that names nothing in the journal, sorted.

    Of a work without portraits, which is not kept anyway, every face is taken for named.

    Args:
        database: of a `Journal`.
        rejects: as above.
    """
    named = _works_named(database, rejects)
    question = (
        "SELECT SUM(p.number IS NULL OR p.number = ?) FROM work w "
        "LEFT JOIN portrait p ON p.work = w.id WHERE w.reference = ?"
    )
    unmatched = []
    for entry, number in rejects:
        if not named[entry]:
            unmatched.append(entry if number is None else f"{entry}, face {number}")
        elif number is not None and not any(
            database.execute(question, (number, work)).fetchone()[0] for work in named[entry]
        ):
            unmatched.append(f"{entry}, face {number}")
    return sorted(unmatched)


def _works_named(database, rejects):
    """Returns dict entry -> references of the works that it names.

    One that is written as the entry is; where there is none, those of the same `match_key`.
    """
    exact = "SELECT COUNT(*) FROM work WHERE reference = ?"
    entries = {entry for entry, _ in rejects}
    named = {e: [e] if database.execute(exact, [e]).fetchone()[0] else [] for e in entries}
    if others := {entry: match_key(entry) for entry in entries if not named[entry]}:
        works = {key: [] for key in others.values()}
        for (reference,) in database.execute("SELECT DISTINCT reference FROM work ORDER BY 1"):
            if (key := match_key(reference)) in works:
                works[key].append(reference)
        named |= {entry: works[key] for entry, key in others.items()}
    return named


def read_rejects(path):
    """Reads the file that the page saves.

    Any table with the columns `source` and `face` will do; other columns are for people.

    Args:
        path: a table, see `read_table`.

    Returns:
        Set of `(source, number)`; number is that of a face, or None for all of the source.

    Raises:
        InputError: the file cannot be read or is damaged; the message names the line.
    """
    rows = read_table(path, required=("source", "face"), names_of_files=True)
    return {_reject(row, f"{path}, {line}") for line, row in rows}


def _reject(row, where):
    source = cell(row, "source", where, required=True)
    face = without_fraction(cell(row, "face", where).strip())
    if face and not (face.isascii() and face.isdecimal()):
        raise InputError(
            f"{where}: expected the number of a face, or nothing for all faces of the source, "
            f"received {face!r}; correct it"
        )
    return source, int(face) if face else None
