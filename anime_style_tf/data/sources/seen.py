"""A set of texts that grows on disk, not in memory."""

import hashlib
import sqlite3


class Seen:
    """Remembers texts; a context manager.

    A private SQLite database without a name: it goes when it is closed.
    """

    def __init__(self):
        # Whoever reads on from a generator that holds this may be another thread.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._database.execute("CREATE TABLE seen (key BLOB PRIMARY KEY) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def __enter__(self):
        """Returns the set."""
        return self

    def __exit__(self, *exception):
        """Forgets all."""
        self._database.close()

    def __contains__(self, text):
        """Tells whether a text was added."""
        row = self._database.execute("SELECT 1 FROM seen WHERE key = ?", [_key(text)])
        return row.fetchone() is not None

    def add(self, text):
        """Adds a text; returns whether it was new."""
        added = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?)", [_key(text)])
        return added.rowcount == 1


def _key(text):
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
