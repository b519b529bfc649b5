"""Says how two finished sets of records differ."""

import array
import dataclasses

import numpy as np

from anime_style_tf.data.pictures import decode_png
from anime_style_tf.data.progress import bar
from anime_style_tf.data.shards import SPLITS
from anime_style_tf.data.stored import StoredSet, digest
from anime_style_tf.text import one_line

SETTING = "setting"
ARTIST = "artist"
LABEL = "label"
SIDE = "moved across the split"
ADDED = "file added"
REMOVED = "file removed"
VERDICT = "verdict"
NAMES = "artist or identity of a file"
CONTENT = "content of a file"
PORTRAITS = "portraits of a file"
PIXELS = "pixels"
# Kinds that concern the whole set, or that make what was measured on it void.
ALWAYS_NAMED = (SETTING, ARTIST, LABEL, SIDE)
_SETTINGS = ("image_size", "inputs", "rendering", "rules", "opt_outs")


@dataclasses.dataclass(frozen=True)
class Change:
    """One difference.

    Args:
        kind: one of the constants of this module.
        name: what differs: a setting, an artist, a file and its artist.
        detail: how; equal for what is counted together.
    """

    kind: str
    name: str
    detail: str


def compare_sets(before, after, *, pixels=True, progress=True):
    """Compares two sets.

    Files are the same if they have the same reference in the same input; inputs are the same
    if `info.json` describes them alike, or else if they are of one kind, in their order.

    Args:
        before: folder of a set.
        after: folder of the other.
        pixels: also compare the pictures of what is in both; unless all shards have the same
            checksums, this reads them.
        progress: show a bar with the time left on standard error.

    Yields:
        A `Change` for each difference.

    Raises:
        InputError: a set is missing or damaged.
    """
    before, after = StoredSet(before), StoredSet(after)
    for stored in (before, after):
        stored.check_sizes()
    yield from _compare_settings(before, after)
    yield from _compare_artists(before, after)
    pixels = pixels and _checksums(before) != _checksums(after)
    for stored in (before, after) if pixels else ():
        stored.check_shards(progress)
    crossing = _crossing(before, after)
    total = sum(after.info["verdicts"].values())
    for old, new in bar(_aligned(before, after), "files", " files", total=total, shown=progress):
        yield from _compare_files(old, new, crossing)
        if pixels and old and new:
            yield from _compare_pixels(before, after, old, new)


def _compare_settings(before, after):
    flat = [
        dict(_flat({name: stored.info[name] for name in _SETTINGS})) for stored in (before, after)
    ]
    for name in sorted({*flat[0], *flat[1]}):
        old, new = (repr(values[name]) if name in values else "none" for values in flat)
        if old != new:
            yield Change(SETTING, name, f"{old} -> {new}")


def _flat(values, prefix=""):
    """Yields the values of nested dicts and lists with dotted names."""
    inner = values.items() if isinstance(values, dict) else enumerate(values)
    for name, value in inner:
        if isinstance(value, dict | list) and value:
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _compare_artists(before, after):
    old, new = (
        {name: label for label, name in enumerate(stored.artists)} for stored in (before, after)
    )
    for name in [*old, *(new.keys() - old.keys())]:
        printed = one_line(name)
        if name not in new:
            yield Change(ARTIST, printed, f"removed, was label {old[name]}")
        elif name not in old:
            yield Change(ARTIST, printed, f"added, label {new[name]}")
        elif old[name] != new[name]:
            yield Change(LABEL, printed, f"{old[name]} -> {new[name]}")


def _checksums(stored):
    return [[file["sha256"] for file in stored.shards[split]] for split in SPLITS]


def _crossing(before, after):
    """Returns dict split -> digests of the works that are there after, and were not before.

    Works, not files: a file may have been renamed and its work have kept its identity.
    """
    old, new = _works(before), _works(after)
    return {
        split: set(np.intersect1d(old[other], new[split]).tolist())
        for split, other in (SPLITS, SPLITS[::-1])
    }


def _works(stored):
    works = {split: array.array("Q") for split in SPLITS}
    for row in stored.ledger():
        if row["split"] is not None:
            works[row["split"]].append(_work(row))
    return {split: np.array(digests, np.uint64) for split, digests in works.items()}


def _work(row):
    return digest(row["artist"], row["work_id"])


def _aligned(before, after):
    """Yields `(old, new)`, the rows of one file; None where a set does not list it."""
    for old_input, new_input in _paired_inputs(before.info["inputs"], after.info["inputs"]):
        old_rows, new_rows = _rows(before, old_input), _rows(after, new_input)
        old, new = next(old_rows, None), next(new_rows, None)
        while old or new:
            if new is None or (old and old["reference"] < new["reference"]):
                yield old, None
                old = next(old_rows, None)
            elif old is None or new["reference"] < old["reference"]:
                yield None, new
                new = next(new_rows, None)
            else:
                yield old, new
                old, new = next(old_rows, None), next(new_rows, None)


def _paired_inputs(before, after):
    """Returns pairs of numbers of inputs; None where the other set has none like it."""
    unpaired, pairs = dict(enumerate(before)), {}
    for alike in (lambda one, other: one == other,
                  lambda one, other: one.get("name") == other.get("name")):  # fmt: skip
        for number, description in enumerate(after):
            same = next((key for key, other in unpaired.items() if alike(other, description)), None)
            if number not in pairs and same is not None:
                pairs[number] = same
                del unpaired[same]
    return [
        *((pairs.get(number), number) for number in range(len(after))),
        *((number, None) for number in unpaired),
    ]


def _rows(stored, number):
    """Yields the rows of one input, which the ledger has in the order of their references."""
    return (row for row in stored.ledger() if row["input"] == number)


def _compare_files(old, new, crossing):
    name = _name(new or old)
    if old is None:
        yield Change(ADDED, name, new["verdict"])
    elif new is None:
        yield Change(REMOVED, name, old["verdict"])
    else:
        if old["verdict"] != new["verdict"]:
            yield Change(VERDICT, name, f"{old['verdict']} -> {new['verdict']}")
        if _work(old) != _work(new):
            was = f"{one_line(old['work_id'])} by {_artist(old)}"
            yield Change(NAMES, f"{name}, was {was}", "changed")
        if None not in (old["sha256"], new["sha256"]) and old["sha256"] != new["sha256"]:
            yield Change(CONTENT, name, "changed")
        if old["numbers"] and new["numbers"] and old["numbers"] != new["numbers"]:
            yield Change(PORTRAITS, f"{name}, {old['numbers']} -> {new['numbers']}", "changed")
    if new and new["split"]:
        moved = old and old["split"] not in (None, new["split"])
        if moved or _work(new) in crossing[new["split"]]:
            was = SPLITS[1 - SPLITS.index(new["split"])]
            yield Change(SIDE, name, f"{was} -> {new['split']}")


def _compare_pixels(before, after, old, new):
    if not (old["numbers"] and new["numbers"]):
        return
    portraits = dict(before.portraits(old))
    for number, values in after.portraits(new):
        if number in portraits and not _looks_equal(portraits[number], values):
            face = f", face {number}" if number else ""
            yield Change(PIXELS, f"{_name(new)}{face}", "changed")


def _looks_equal(old, new):
    return all(
        old[name] == new[name] or np.array_equal(decode_png(old[name]), decode_png(new[name]))
        for name in ("image_png", "coverage_png")
    )


def _name(row):
    return f"{one_line(row['reference'])} by {_artist(row)}"


def _artist(row):
    return one_line(row["artist"]) or "nobody"
