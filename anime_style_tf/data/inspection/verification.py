"""Says what is wrong with a finished set of records: files, records, ledger, split, duplicates."""

import numpy as np

from anime_style_tf.data.inspection.verified_ledger import LedgerCheck
from anime_style_tf.data.inspection.verified_records import RecordsCheck
from anime_style_tf.data.near_duplicates.leaders import find_leaders
from anime_style_tf.data.shards import INFO, SPLITS, load_index
from anime_style_tf.data.stored import StoredSet
from anime_style_tf.errors import InputError
from anime_style_tf.text import one_line


def verify_set(path, *, duplicates=True, progress=True):
    """Checks all that a set says of itself, also after what is wrong.

    Every file's size and SHA-256; both checksums of every record's frame; that every record
    parses and its pictures decode; that records, index, ledger and `info.json` agree; that no
    work is on both sides of the split and each on the side where its hash puts it; that each
    file has one verdict; that nothing that was kept nearly repeats anything else that was.

    Memory: the index twice, and about 100 bytes for each record, 5 kB with the search for
    near-duplicates; pictures one at a time.

    Args:
        path: folder of the set.
        duplicates: also look for near-duplicates among what was kept.
        progress: show bars with the time left on standard error.

    Yields:
        One line for each thing that is wrong; nothing for a sound set.

    Raises:
        InputError: there is no set, or its `info.json` is damaged.
    """
    stored = StoredSet(path)
    yield from _check_files(stored, progress)
    try:
        index = load_index(stored.path)
    except InputError as error:
        yield str(error).removeprefix(f"{stored.path}/")
        index = None  # what else there is can be checked without it
    records = RecordsCheck(stored, index)
    yield from records.run(progress)
    ledger = LedgerCheck(stored, records)
    yield from ledger.run(progress)
    yield from _check_sides(records, ledger)
    if duplicates:
        yield from _check_duplicates(ledger)


def _check_files(stored, progress):
    files = stored.info["files"]
    yield from stored.damaged_files(files, progress)
    known = {file["name"] for file in files}
    for path in sorted(stored.path.glob("*.tfrecord")):
        if path.name not in known:
            yield f"{one_line(path.name)}: not in {INFO}, so it is no part of the set"


def _check_sides(records, ledger):
    """Looks for an artist's work that is on both sides of the split."""
    crossing = np.intersect1d(*(np.array(records.works[split]) for split in SPLITS))
    if not len(crossing):
        return
    named = set()
    for work, artist, work_id in ledger.works():
        position = np.searchsorted(crossing, np.uint64(work))
        if crossing[min(position, len(crossing) - 1)] == work and work not in named:
            named.add(work)
            yield f"split: {one_line(work_id)} by {one_line(artist)} is in train and in test"
    if len(named) < len(crossing):
        yield f"split: {len(crossing) - len(named)} works that no row of the ledger names are " \
              "in train and in test"  # fmt: skip


def _check_duplicates(ledger):
    """Looks for portraits that nearly repeat another work's."""
    fingerprints = ledger.fingerprints
    if fingerprints is None or not len(fingerprints):
        return
    leaders = find_leaders(fingerprints, groups=np.array(ledger.rows))
    (repeats,) = np.nonzero(leaders != np.arange(len(leaders)))
    pairs = {int(repeat): int(leaders[repeat]) for repeat in repeats}
    names = ledger.names({*pairs, *pairs.values()})
    for repeat, leader in pairs.items():
        (name, split), (other, other_split) = names[repeat], names[leader]
        where = f"both in {split}" if split == other_split else f"in {split} and {other_split}"
        yield f"duplicates: {name} nearly repeats {other}, {where}"
