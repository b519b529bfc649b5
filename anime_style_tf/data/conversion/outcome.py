"""What a conversion leaves: the files of a set, and their way to their place."""

import json
import os
import shutil

import numpy as np

import anime_style_tf
from anime_style_tf.data.conversion.ledger_file import write_ledger
from anime_style_tf.data.conversion.refusals import flags_to_keep
from anime_style_tf.data.conversion.shard_files import read_index
from anime_style_tf.data.conversion.tfds_metadata import write_tfds_metadata
from anime_style_tf.data.ledger import LEDGER, QUARANTINE
from anime_style_tf.data.shards import ATTRIBUTION, FORMAT_VERSION, INDEX, INFO, SPLITS, fingerprint
from anime_style_tf.data.sources.names import match_key
from anime_style_tf.data.verdicts import ARTIST_TOO_SMALL, KEPT, REJECTED
from anime_style_tf.replacing import replacing

_FEW_WORKS = 5  # of an artist, that a set of many artists can still be trained on
_SHOWN = 100  # entries of a list in one line; a table of aliases has thousands of no use here


def write_set(journal, conversion, *, shards, thresholds):
    """Writes all files of a set besides its shards, `info.json` last.

    Args:
        journal: a `Journal` that knows where each record lies.
        conversion: a `preparation.Conversion`; the files go to its plan's scratch folder.
        shards: what `info.json` says of the shards there, see `shard_files.write_shards`.
        thresholds: dict artist -> threshold of the test split, in the order of the labels.

    Returns:
        The content of `info.json`, a dict.
    """
    scratch, description = conversion.plan.scratch, conversion.description()
    index = read_index(journal)
    np.save(scratch / INDEX, index)
    verdicts = write_ledger(journal, scratch)
    for_tfds = write_tfds_metadata(
        scratch,
        shards=shards,
        artists=list(thresholds),
        image_size=description["image_size"],
        version=FORMAT_VERSION,
    )
    companions = [INDEX, LEDGER, QUARANTINE, *for_tfds]
    if (attribution := conversion.plan.source.attribution()) is not None:
        (scratch / ATTRIBUTION).write_text(attribution, "utf-8")
        companions.append(ATTRIBUTION)
    # Artists without any work in the records, and how many sound works each has; not those
    # whose works were all rejected, which nobody misses.
    dropped = journal.database.execute(
        "SELECT artist, SUM(verdict = ?) FROM work WHERE artist != '' GROUP BY artist "
        "HAVING SUM(verdict = ?) = 0 AND SUM(verdict != ?) > 0 ORDER BY artist",
        [ARTIST_TOO_SMALL, KEPT, REJECTED],
    )
    info = {
        "format_version": FORMAT_VERSION,
        "tool_version": anime_style_tf.__version__,
        **description,
        "verdicts": verdicts,
        **_counts(thresholds, index),
        "dropped_artists": [{"name": name, "works": works} for name, works in dropped],
        "alike_artists": _alike(journal),
        "unmatched": conversion.unmatched(journal),
        "files": shards + [{"name": name, **fingerprint(scratch / name)} for name in companions],
    }
    text = json.dumps(info, indent=1) + "\n"
    with replacing(scratch / INFO) as unfinished:
        unfinished.write_text(text, "utf-8")
    return json.loads(text)


def publish(plan):
    """Moves the files of a finished set to their place, and removes the scratch folder.

    It can be killed and called again. Meanwhile there is no `info.json`: a set of which only a
    part is replaced must not pass for one.

    Args:
        plan: a `Plan` in whose scratch folder `write_set` left a set.
    """
    scratch, output = plan.scratch, plan.output
    info = json.loads((scratch / INFO).read_text("utf-8"))
    names = {file["name"] for file in info["files"]}
    (output / INFO).unlink(missing_ok=True)
    for name in names:
        if (scratch / name).exists():
            os.replace(scratch / name, output / name)
    for stale in {*output.glob("*.tfrecord"), output / ATTRIBUTION}:
        if stale.name not in names:
            stale.unlink(missing_ok=True)
    os.replace(scratch / INFO, output / INFO)
    shutil.rmtree(scratch)


def summary(info):
    """Returns what is in a set as lines for a person.

    Args:
        info: content of `info.json`.
    """
    counts, verdicts = info["counts"], info["verdicts"]
    parts = [f"{count} {verdict}" for verdict, count in verdicts.items() if count]
    return [
        f"{len(info['artists'])} artists, {counts['train']} training and {counts['test']} test "
        "portraits",
        f"{sum(verdicts.values())} files = {' + '.join(parts)}",
        *(f"dropped: {artist['name']} has {artist['works']} works"
          for artist in info["dropped_artists"]),
        *_what_fewer_works_allow(info),
        *(f"artists of nearly the same name: {_listed(names)}; if they are one, give them one name"
          for names in info.get("alike_artists", ())),
        *(f"--{flag}: {len(entries)} entries matched nothing: {_listed(entries)}"
          for flag, entries in info.get("unmatched", {}).items()),
    ]  # fmt: skip


def _what_fewer_works_allow(info):
    """Lines on the artists that were dropped, and how to keep more of them."""
    works = [artist["works"] for artist in info["dropped_artists"]]
    if not works:
        return []
    kept, rules = len(info["artists"]), info["rules"]
    line = (
        f"{kept} artists kept of {kept + len(works)}; {len(works)} have fewer than min_works = "
        f"{rules['min_works']}"
    )
    enough = _FEW_WORKS if max(works) >= _FEW_WORKS else max(works)
    if enough > 1:
        line += f"; {flags_to_keep(enough)} keeps {kept + sum(count >= enough for count in works)}"
    return [line, "a dropped artist can be enrolled once all is trained: anime-style enroll"]


def _alike(journal):
    """Returns lists of the names of artists that a person reads as one name."""
    groups = {}
    for (name,) in journal.database.execute(
        "SELECT DISTINCT artist FROM work WHERE artist != '' AND verdict != ? ORDER BY artist",
        [REJECTED],
    ):
        groups.setdefault(match_key(name), []).append(name)
    return [names for names in groups.values() if len(names) > 1]


def _listed(entries):
    """Returns entries for one line of the terminal, where blanks at their ends can be seen."""
    quoted = ", ".join(map(repr, entries[:_SHOWN]))
    return quoted if len(entries) <= _SHOWN else f"{quoted} and others, all of them in {INFO}"


def _counts(thresholds, index):
    counts = np.zeros((len(thresholds), len(SPLITS)), np.int64)
    np.add.at(counts, (index["label"], index["split"]), 1)
    artists = [
        {"name": artist, **dict(zip(SPLITS, count, strict=True)), "threshold": threshold}
        for (artist, threshold), count in zip(thresholds.items(), counts.tolist(), strict=True)
    ]
    return {"counts": dict(zip(SPLITS, counts.sum(0).tolist(), strict=True)), "artists": artists}
