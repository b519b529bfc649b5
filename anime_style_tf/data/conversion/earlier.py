"""State carried over from an earlier set of records to one that replaces it or is added to it."""

import dataclasses
import json
import pathlib

from anime_style_tf.data.ledger import LEDGER
from anime_style_tf.data.opt_outs import ON_THE_LIST, OptOuts
from anime_style_tf.data.shards import INFO
from anime_style_tf.data.stored import StoredSet
from anime_style_tf.data.verdicts import ARTIST_TOO_SMALL, DUPLICATE, KEPT, REJECTED
from anime_style_tf.errors import InputError

# Verdicts that depend on other works or on a person: the portraits are not in the records, so
# that they must be made again.
_UNDECIDED = (REJECTED, DUPLICATE, ARTIST_TOO_SMALL)


@dataclasses.dataclass(frozen=True)
class EarlierSet:
    """What is kept of a finished set; nothing where there is none.

    Args:
        thresholds: dict artist -> threshold of the test split, in the order of the labels.
        inputs: what `info.json` says of each source.
        rendering: the settings that its portraits were made with.
        rules: the rules that it was selected by.
        opt_outs: whom and what it refused.
    """

    thresholds: dict = dataclasses.field(default_factory=dict)
    inputs: tuple = ()
    rendering: dict = dataclasses.field(default_factory=dict)
    rules: dict = dataclasses.field(default_factory=dict)
    opt_outs: OptOuts = dataclasses.field(default_factory=OptOuts)


def read_earlier(folder):
    """Reads what is carried over from a set.

    Args:
        folder: where `info.json` may be.

    Returns:
        An `EarlierSet`.

    Raises:
        InputError: `info.json` is damaged.
    """
    file = pathlib.Path(folder) / INFO
    if not file.exists():
        return EarlierSet()
    try:
        info = json.loads(file.read_text("utf-8"))
        return EarlierSet(
            _thresholds(info["artists"]),
            tuple(info["inputs"]),
            info["rendering"],
            info["rules"],
            OptOuts.of(info["opt_outs"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{file} is damaged ({error}), so the test split and the opt-out list in it are "
            "unknown: restore it; or delete it to draw a new split, and give --opt_out again"
        ) from error


def seed_journal(journal, folder, *, inputs, usable, opt_outs):
    """Puts what an earlier set holds into a journal, within a transaction.

    Works that were kept come first from now on where others repeat them. Their portraits are
    taken from the shards, so that only what is new or has changed is rendered.

    Args:
        journal: a fresh `Journal`.
        folder: folder of the set; one without a ledger gives nothing.
        inputs: dict number of an input of the set -> its number in the new one.
        usable: its portraits are those that the new set would have made; otherwise only the
            precedence is taken over.
        opt_outs: an `OptOuts`; what it refuses is not taken over.

    Raises:
        InputError: the set is damaged.
    """
    folder = pathlib.Path(folder)
    if not inputs or not (folder / LEDGER).exists():
        return
    stored = StoredSet(folder)
    for place, row in enumerate(stored.ledger()):
        if row["input"] not in inputs:
            continue
        kept = row["verdict"] == KEPT
        work = {**row, "input": inputs[row["input"]], "artist": _trimmed(row["artist"])}
        portraits = []
        if opt_outs.names(row["artist"]) or row["sha256"] in opt_outs.hashes:
            work |= {"verdict": REJECTED, "reason": ON_THE_LIST}
        elif not usable:
            work = {name: work[name] for name in ("input", "reference")}
        elif kept:
            portraits = _portraits(stored, row)
            work |= {"verdict": None, "factors": portraits[0]["factors"]}
        elif row["verdict"] in _UNDECIDED:
            work["stamp"] = ""
        key = journal.put(work, portraits)
        if kept:
            journal.database.execute(
                "UPDATE work SET place_before = ?, side_before = ? WHERE id = ?",
                (place, row["split"], key),
            )


def _thresholds(artists):
    """Returns dict artist -> threshold, by names as sources give them now: without outer blanks."""
    names = {artist["name"] for artist in artists}
    return {
        artist["name"] if (name := _trimmed(artist["name"])) in names else name: artist["threshold"]
        for artist in artists
    }


def _trimmed(name):
    return name.strip() or name


def _portraits(stored, row):
    """Returns the portraits of a kept row of the ledger as `Journal.put` takes them."""
    portraits = []
    for (number, values), fingerprint in zip(
        stored.portraits(row), row["fingerprints"], strict=True
    ):
        values |= {name: values[name].decode() for name in ("face", "factors")}
        portraits.append({**values, "number": number, "fingerprint": fingerprint})
    return portraits
