"""Checks the ledger of a finished set against its records and `info.json`."""

import array
import collections

import numpy as np

from anime_style_tf.data.inspection.verified_records import DAMAGED, UNREAD
from anime_style_tf.data.ledger import LEDGER
from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts
from anime_style_tf.data.progress import bar
from anime_style_tf.data.shards import INDEX, INFO, SPLITS
from anime_style_tf.data.split import identity_hash
from anime_style_tf.data.stored import digest
from anime_style_tf.data.verdicts import KEPT, VERDICTS
from anime_style_tf.errors import InputError
from anime_style_tf.text import one_line

_LISTS = ("numbers", "shards", "offsets", "lengths", "fingerprints")


class LedgerCheck:
    """Reads the ledger.

    Args:
        stored: a `StoredSet`.
        records: a `RecordsCheck` that has run.

    Attributes:
        rows: for each portrait of the ledger, in its order, the number of its row.
        fingerprints: uint8 `[portraits, length]`, or None if they are not of one length.
    """

    def __init__(self, stored, records):
        self._stored = stored
        self._records = records
        self._opt_outs = OptOuts.of_set(stored.info)
        self._thresholds = {
            artist["name"]: artist["threshold"] for artist in stored.info["artists"]
        }
        self._named = np.zeros(len(records.index), bool)
        self._fingerprints = bytearray()
        self._lengths = set()
        self.rows = array.array("q")

    @property
    def fingerprints(self):
        """See the class."""
        if len(self._lengths) > 1:
            return None
        flat = np.frombuffer(self._fingerprints, np.uint8)
        return flat.reshape(len(self.rows), -1) if len(self.rows) else flat

    def run(self, progress):
        """Yields one line for each thing that is wrong."""
        expected = self._stored.info["verdicts"]
        totals = collections.Counter()
        rows = bar(self._stored.ledger(), "ledger", " files", total=sum(expected.values()),
                   shown=progress)  # fmt: skip
        try:
            for number, row in enumerate(rows):
                totals[row["verdict"]] += 1
                for problem in self._check(number, row):
                    yield f"{LEDGER}: {one_line(row['reference'])}: {problem}"
        except InputError as error:
            yield str(error)
            return
        for verdict in sorted({*totals, *expected}):
            if totals[verdict] != expected.get(verdict, 0):
                yield (
                    f"{INFO}: {expected.get(verdict, 0)} files are {one_line(verdict)}, the ledger "
                    f"has {totals[verdict]}"
                )
        unnamed = int(np.count_nonzero(~self._named & (self._records.contents > DAMAGED)))
        if unnamed:
            yield f"{LEDGER}: {unnamed} records are in no row"
        if len(self._lengths) > 1:
            yield f"{LEDGER}: fingerprints of different lengths, so duplicates cannot be looked for"

    def works(self):
        """Yields `(digest, artist, identity)` of each work that was kept; none if unreadable."""
        for row in self._kept():
            yield digest(row["artist"], row["work_id"]), row["artist"], row["work_id"]

    def names(self, portraits):
        """Names portraits.

        Args:
            portraits: set of their numbers in the order of `rows`.

        Returns:
            Dict number -> `(name, split)`.
        """
        names, first = {}, 0
        for row in self._kept():
            for place, number in enumerate(row["numbers"], first):
                if place in portraits:
                    face = f", face {number}" if len(row["numbers"]) > 1 or number else ""
                    names[place] = (f"{one_line(row['reference'])}{face}", row["split"])
            first += len(row["numbers"])
        return names

    def _kept(self):
        try:
            yield from (row for row in self._stored.ledger() if row["numbers"])
        except InputError:
            return  # `run` has said so

    def _check(self, number, row):
        if row["verdict"] not in VERDICTS:
            yield f"expected one of the verdicts, found {row['verdict']!r}"
        if not 0 <= row["input"] < len(self._stored.info["inputs"]):
            yield f"input {row['input']} is not in {INFO}"
        if (row["verdict"] == KEPT) != bool(row["numbers"]):
            yield f"{row['verdict']}, with {len(row['numbers'])} portraits"
        if len({len(row[name]) for name in _LISTS}) > 1:
            yield f"{', '.join(_LISTS)}: expected as many of each"
            return
        if row["numbers"]:
            yield from self._check_side(row)
            if self._opt_outs.names(row["artist"]) or row["sha256"] in self._opt_outs.hashes:
                yield f"kept, and {ON_THE_LIST} of {INFO}"
        self.rows.extend([number] * len(row["numbers"]))
        for fingerprint in row["fingerprints"]:
            self._fingerprints += fingerprint
            self._lengths.add(len(fingerprint))
        places = zip(*(row[name] for name in _LISTS[:4]), strict=True)
        for face, shard, offset, length in places if row["split"] in SPLITS else ():
            yield from self._check_portrait(row, face, shard, offset, length)

    def _check_side(self, row):
        if row["artist"] not in self._thresholds:
            yield f"{one_line(row['artist'])} is no artist of {INFO}"
            return
        by_hash = identity_hash(row["work_id"]) < self._thresholds[row["artist"]]
        side = row["fixed_split"] or SPLITS[by_hash]
        if row["split"] != side:
            yield (
                f"in {row['split']}, its {'source' if row['fixed_split'] else 'hash'} puts it in "
                f"{side}"
            )

    def _check_portrait(self, row, face, shard, offset, length):
        where = f"portrait {face}: {row['split']} shard {shard}, byte {offset}"
        place = self._records.find(row["split"], shard, offset)
        if place is None:
            if len(self._records.index):
                yield f"{where} is not in {INDEX}"
            return
        if self._named[place]:
            yield f"{where} is in two rows"
        self._named[place] = True
        if length != self._records.index["length"][place]:
            yield f"{where}: length {length}, {INDEX} has {self._records.index['length'][place]}"
        content = digest(row["artist"], row["work_id"], row["reference"], face)
        if self._records.contents[place] not in (UNREAD, DAMAGED, content):
            yield f"{where} holds another portrait"
