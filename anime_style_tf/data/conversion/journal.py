"""What a conversion has done so far, on disk: a killed run repeats at most its last seconds.

An SQLite database beside the result. Works come in as they are rendered; `selection` then gives
each its verdict; `shards` and `ledger` read the outcome. Memory does not grow with the works.
"""

import contextlib
import hashlib
import json
import sqlite3
import time

from absl import logging

from anime_style_tf.data.split import identity_hash
from anime_style_tf.errors import InputError

_VERSION = 2
_COMMIT_EVERY = 2  # seconds; what came in since is what a killed run renders again
_TABLES = """
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT);
-- One row for each source file or recipe. `listed`: its place in its source's own order, NULL
-- where it is not listed (any more). `place_before`: its place in the earlier set that this
-- one is made from; what was kept there stays, unless a larger copy comes, on its side of the
-- test split.
CREATE TABLE work (
    id INTEGER PRIMARY KEY, input INTEGER, reference TEXT, artist TEXT, work_id TEXT,
    fixed_split TEXT, stamp TEXT, sha256 TEXT, bytes INTEGER, pixels INTEGER, factors TEXT,
    faces INTEGER, verdict TEXT, reason TEXT, duplicate_of TEXT, listed INTEGER,
    place_before INTEGER, side_before TEXT, hash INTEGER, UNIQUE (input, reference));
-- `bytes`: of its two pictures.
CREATE TABLE portrait (
    work INTEGER, number INTEGER, bytes INTEGER, face TEXT, fingerprint BLOB, dropped TEXT,
    duplicate_of INTEGER, PRIMARY KEY (work, number)) WITHOUT ROWID;
-- The pictures of portraits, apart from what decides on them; none where they are kept elsewhere.
CREATE TABLE picture (
    work INTEGER, number INTEGER, image_png BLOB, coverage_png BLOB, PRIMARY KEY (work, number));
-- One row for each record to write, in the order of the whole shuffled set.
CREATE TABLE record (
    place INTEGER PRIMARY KEY, work INTEGER, number INTEGER, split INTEGER, label INTEGER,
    shard INTEGER, offset INTEGER, length INTEGER);
"""
WORK_COLUMNS = (
    "input", "reference", "artist", "work_id", "fixed_split", "stamp", "sha256", "bytes", "pixels",
    "factors", "faces", "verdict", "reason", "duplicate_of",
)  # fmt: skip
_ELSEWHERE = {"image_png": None, "coverage_png": None, "bytes": None}
# A work that is rendered again keeps its key and its place in the listing, so that it is updated
# and not replaced.
_PUT = (
    f"INSERT INTO work ({', '.join(WORK_COLUMNS)}, hash) "
    f"VALUES ({'?, ' * len(WORK_COLUMNS)}?) ON CONFLICT DO UPDATE SET "
    + ", ".join(f"{name} = excluded.{name}" for name in (*WORK_COLUMNS, "hash"))
    + " RETURNING id"
)


class Journal:
    """The database of one conversion; one process holds it at a time.

    Args:
        path: file to open, or to make.
        settings: dict of JSON values that decide how portraits look. A journal of a run with
            others is of no use: it is begun anew.
        begin: called with a new journal, to put into it what it starts from.

    Attributes:
        database: the `sqlite3.Connection`; every change is in a transaction of its own unless
            it is made inside `transaction`.

    Raises:
        InputError: another process holds it.
    """

    def __init__(self, path, settings, begin=None):
        wanted = json.dumps(settings, sort_keys=True)
        self._committed = time.monotonic()
        self.database = _open(path)
        begun_with = _settings(self.database)
        if begun_with not in (None, wanted):
            logging.warning("%s: other settings or versions than before, starting anew", path)
            self.database.close()
            _remove(path)
            self.database = _open(path)
        self.database.create_function("identity_hash", 1, identity_hash, deterministic=True)
        if begun_with != wanted:
            with self.transaction() as database:
                for statement in _TABLES.split(";\n"):
                    database.execute(statement)
                database.execute("INSERT INTO setting VALUES ('settings', ?)", [wanted])
                database.execute(f"PRAGMA user_version = {_VERSION}")
                if begin is not None:
                    begin(self)

    def __enter__(self):
        """Returns the journal."""
        return self

    def __exit__(self, *exception):
        """Keeps what was added and closes the file."""
        self.commit()
        self.database.close()

    @contextlib.contextmanager
    def transaction(self):
        """All of what is done inside is kept, or none."""
        self.commit()
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield self.database
        except BaseException:
            self.database.rollback()
            raise
        self.database.commit()

    def commit(self):
        """Keeps what was added so far."""
        if self.database.in_transaction:
            self.database.commit()
        self._committed = time.monotonic()

    def mark_listed(self, artworks, *, number):
        """Notes which works the source lists, and where.

        Args:
            artworks: iterable of `Artwork`.
            number: of the input.

        Returns:
            `(lacking, changed)`: how many of them are to be rendered, and how many of these
            are not as they were when they were rendered before.
        """
        lacking = changed = 0
        with self.transaction() as database:
            # All at first: what is gone from the source keeps NULL, see `forget_unlisted`.
            database.execute("UPDATE work SET listed = NULL WHERE input = ?", [number])
            for place, artwork in enumerate(artworks):
                stamp = self._stamp(artwork, number)
                if stamp != stamp_of(artwork, artwork.stamp()):
                    lacking += 1
                    changed += bool(stamp)
                # A new work is a row without a stamp until it is rendered: its place is known.
                database.execute(
                    "INSERT INTO work (input, reference, listed) VALUES (?, ?, ?) "
                    "ON CONFLICT DO UPDATE SET listed = excluded.listed",
                    (number, artwork.reference, place),
                )
        return lacking, changed

    def count_listed(self, *, number):
        """Returns how many works an input lists."""
        question = "SELECT COUNT(listed) FROM work WHERE input = ?"
        return self.database.execute(question, [number]).fetchone()[0]

    def lacks(self, artwork, *, number):
        """Tells whether a work has not been rendered as it is now."""
        return self._stamp(artwork, number) != stamp_of(artwork, artwork.stamp())

    def add(self, rendered, *, number):
        """Takes a rendered work; it replaces what was known of the same file.

        Args:
            rendered: a `rendering.Rendered`.
            number: of the input.
        """
        # Many works in one transaction, see `_COMMIT_EVERY`.
        if not self.database.in_transaction:
            self.database.execute("BEGIN IMMEDIATE")
        self.put(
            as_row(rendered, number=number),
            [
                {"number": place, **vars(portrait)}
                for place, portrait in enumerate(rendered.portraits)
            ],
        )
        if time.monotonic() - self._committed >= _COMMIT_EVERY:
            self.commit()

    def put(self, work, portraits):
        """Takes a work as a row, within a transaction.

        Args:
            work: dict of `WORK_COLUMNS`; those that are left out become NULL.
            portraits: dicts with `number`, `face`, `fingerprint`, `image_png` and
                `coverage_png`; with `bytes` instead of these where they are kept elsewhere.

        Returns:
            Key of the row.
        """
        values = [work.get(name) for name in WORK_COLUMNS]
        values.append(identity_hash(work["work_id"]) if "work_id" in work else None)
        # Fewer faces may be found than before: the old portraits go, whatever their numbers.
        ((key,),) = self.database.execute(_PUT, values).fetchall()
        for table in ("portrait", "picture"):
            self.database.execute(f"DELETE FROM {table} WHERE work = ?", [key])
        for portrait in portraits:
            row = {**_ELSEWHERE, **portrait, "work": key}
            self.database.execute(
                "INSERT INTO portrait (work, number, bytes, face, fingerprint) VALUES (:work, "
                ":number, COALESCE(:bytes, LENGTH(:image_png) + LENGTH(:coverage_png)), :face, "
                ":fingerprint)",
                row,
            )
            if row["image_png"] is not None:
                self.database.execute(
                    "INSERT INTO picture VALUES (:work, :number, :image_png, :coverage_png)", row
                )
        return key

    def forget_unlisted(self, *, rendered):
        """Drops the works that no source lists any more.

        Args:
            rendered: also those that have been rendered.
        """
        which = "listed IS NULL" if rendered else "listed IS NULL AND stamp IS NULL"
        with self.transaction() as database:
            database.execute(f"DELETE FROM work WHERE {which}")
            for table in ("portrait", "picture"):
                database.execute(f"DELETE FROM {table} WHERE work NOT IN (SELECT id FROM work)")

    def _stamp(self, artwork, number):
        row = self.database.execute(
            "SELECT stamp FROM work WHERE input = ? AND reference = ?",
            (number, artwork.reference),
        ).fetchone()
        return None if row is None else row[0]


def as_row(rendered, *, number):
    """Returns a `rendering.Rendered` as a dict of `WORK_COLUMNS` for `Journal.put`.

    Args:
        rendered: the work.
        number: of the input.
    """
    work = rendered.artwork
    return {
        "input": number,
        "reference": work.reference,
        "artist": work.artist,
        "work_id": work.work_id,
        "fixed_split": work.split,
        "stamp": stamp_of(work, rendered.stamp),
        "sha256": rendered.sha256,
        "bytes": rendered.size,
        "pixels": rendered.pixels,
        "factors": rendered.factors,
        "faces": rendered.faces,
        "verdict": rendered.verdict,
        "reason": rendered.reason,
        "duplicate_of": None,
    }


def stamp_of(artwork, stamp):
    """Returns a text that changes when the work or what its source says of it does."""
    said = (artwork.artist, artwork.work_id, artwork.split, artwork.rejection)
    return f"{stamp} {hashlib.blake2b(repr(said).encode(), digest_size=8).hexdigest()}"


def _open(path):
    """Opens the file for this process alone; one that is no database is begun anew."""
    database = sqlite3.connect(path, isolation_level=None, timeout=0)
    try:
        # The lock on the file is the lock against a second writer, and ends with the process even
        # if that is killed. With a write-ahead log a kill loses nothing that was committed, and a
        # power cut the last seconds at most; both are rendered again.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute("BEGIN IMMEDIATE")
        database.commit()
    except sqlite3.OperationalError as error:
        database.close()
        raise InputError(
            f"{path.parent.parent} is being written by another process ({error}): "
            "wait for it, or stop it"
        ) from error
    except sqlite3.DatabaseError:
        database.close()
        _remove(path)
        return _open(path)
    return database


def _settings(database):
    """Returns the settings of a journal; None for a new one, nothing for one of another version."""
    version = database.execute("PRAGMA user_version").fetchone()[0]
    if version != _VERSION:
        return "" if version else None
    return database.execute("SELECT value FROM setting WHERE name = 'settings'").fetchone()[0]


def _remove(path):
    for file in path.parent.glob(f"{path.name}*"):  # and the write-ahead log beside it
        file.unlink()
