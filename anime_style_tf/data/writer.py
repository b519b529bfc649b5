"""Writes a source's artworks as a set of records: shards, index, `info.json`."""

import collections
import contextlib
import json
import os
import pathlib
import shutil
import sys

import numpy as np
from absl import logging
from tqdm import tqdm

import anime_style_tf
from anime_style_tf.data.rendering import render_all
from anime_style_tf.data.shards import INDEX, INFO, SPLITS, fingerprint, write_shards
from anime_style_tf.data.split import choose_threshold
from anime_style_tf.data.spool import Spool
from anime_style_tf.errors import InputError

ATTRIBUTION = "ATTRIBUTION.md"
FORMAT_VERSION = 1


def write_records(
    source,
    output,
    *,
    image_size=64,
    min_works=50,
    test_fraction=0.1,
    test_minimum=10,
    shards=None,
    workers=None,
    seed=0,
    overwrite=False,
    previous=None,
    progress=True,
):
    """Renders a source's artworks and leaves a set of records.

    A work that cannot be rendered, or repeats another of the same artist, is set aside and
    listed in `info.json`. Rewriting a set keeps the thresholds of the artists that it has, so
    that no work changes sides. `info.json` comes last: without it the set is not there.

    Args:
        source: an object of one of the classes in `SOURCES`.
        output: folder to write; made if missing.
        image_size: height and width in pixels.
        min_works: artists with fewer are dropped; raising it leaves fewer, better known ones.
        test_fraction: part of each artist's works kept for testing.
        test_minimum: at least this many of each artist's works are.
        shards: files of the training split, the test split has as many in proportion; None
            aims at 256 MiB in each.
        workers: rendering processes; None takes one for each processor. The bytes written do
            not depend on it.
        seed: order of the records over the shards.
        overwrite: replace the set that `output` holds.
        previous: folder of an earlier set whose artists keep their thresholds; None takes the
            set that is overwritten.
        progress: show a bar with the time left on standard error.

    Returns:
        The content of `info.json`, a dict.

    Raises:
        InputError: a setting makes no sense, `output` holds a set, or no artist is left.

    Source: METHOD, section 1 (50 works: the paper; numbers of the split: our setting).
    """
    output = pathlib.Path(output)
    _check_settings(image_size, min_works, test_fraction, test_minimum, shards, workers)
    _check_output(output, overwrite)
    thresholds = _kept_thresholds(previous or output, test_fraction, test_minimum)
    with _scratch_folder(output) as scratch:
        with Spool(scratch / "spool") as spool:
            _fill(spool, source, image_size, workers or os.cpu_count() or 1, progress)
            works, dropped = _sort_out(spool, min_works)
            for artist in works.keys() - thresholds.keys():
                thresholds[artist] = choose_threshold(
                    works[artist], fraction=test_fraction, minimum=test_minimum
                )
            labels = {artist: label for label, artist in enumerate(works)}
            index, files = write_shards(
                spool, labels, thresholds, scratch, shards=shards, seed=seed
            )
        files += _write_companions(scratch, index, source.attribution())
        info = {
            "format_version": FORMAT_VERSION,
            "tool_version": anime_style_tf.__version__,
            "image_size": image_size,
            "source": source.description(),
            "settings": {
                "min_works": min_works,
                "test_fraction": test_fraction,
                "test_minimum": test_minimum,
                "seed": seed,
            },
            **_counts(labels, thresholds, index),
            "dropped_artists": dropped,
            "set_aside": spool.set_aside,
            "files": files,
        }
        (scratch / INFO).write_text(json.dumps(info, indent=1) + "\n", "utf-8")
        _publish(scratch, output, [file["name"] for file in files])
    _report(info, output)
    return info


def _check_settings(image_size, min_works, test_fraction, test_minimum, shards, workers):
    for name, value, least in (
        ("image_size", image_size, 1),
        ("min_works", min_works, 1),
        ("test_minimum", test_minimum, 0),
        ("shards", 1 if shards is None else shards, 1),
        ("workers", 1 if workers is None else workers, 1),
    ):
        if value < least:
            raise InputError(f"{name}: expected at least {least}, received {value}")
    if not 0 <= test_fraction < 1:
        raise InputError(f"test_fraction: expected in [0, 1), received {test_fraction}")
    if min_works <= test_minimum:
        raise InputError(
            f"min_works: expected more than test_minimum = {test_minimum}, so that works are "
            f"left to train on, received {min_works}; raise it or lower test_minimum"
        )


def _check_output(output, overwrite):
    if (output / INFO).exists() and not overwrite:
        raise InputError(
            f"{output} already holds records: expected a folder without {INFO}; choose "
            "another, or replace them with --overwrite"
        )


def _kept_thresholds(folder, test_fraction, test_minimum):
    file = pathlib.Path(folder) / INFO
    if not file.exists():
        return {}
    try:
        info = json.loads(file.read_text("utf-8"))
        settings = info["settings"]
        kept = (settings["test_fraction"], settings["test_minimum"])
        thresholds = {artist["name"]: artist["threshold"] for artist in info["artists"]}
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"{file} is damaged ({error}), so the test split it fixes is unknown: "
            "restore it, or delete it to draw a new split"
        ) from error
    if kept != (test_fraction, test_minimum):
        logging.warning("other test settings than before: the test split is drawn anew")
        return {}
    return thresholds


@contextlib.contextmanager
def _scratch_folder(output):
    """A folder beside the result, so that finished files are moved, not copied."""
    scratch = output / ".writing"
    shutil.rmtree(scratch, ignore_errors=True)  # of a run that was killed
    scratch.mkdir(parents=True)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch)


def _fill(spool, source, image_size, workers, progress):
    total = sum(1 for _ in source.artworks()) if progress else None
    rendered = render_all(source.artworks(), image_size=image_size, workers=workers)
    often = {} if sys.stderr.isatty() else {"mininterval": 30, "maxinterval": 60}
    with tqdm(
        rendered, total=total, desc="rendering", unit=" works", disable=not progress, **often
    ) as bar:
        for work in bar:
            spool.add(work)


def _sort_out(spool, min_works):
    """Returns the kept artists' work identities, by name, and the dropped artists' counts."""
    identities = collections.defaultdict(list)
    for work in spool.works:
        identities[work.artist].append(work.work_id)
    kept = {artist: identities[artist] for artist in sorted(identities)}
    dropped = [
        {"name": artist, "works": len(works)}
        for artist, works in kept.items()
        if len(works) < min_works
    ]
    for artist in dropped:
        del kept[artist["name"]]
    if not kept:
        raise InputError(
            f"no artist is left: expected at least one with {min_works} sound works, received "
            f"{len(dropped)} artists with at most "
            f"{max((artist['works'] for artist in dropped), default=0)} "
            f"({len(spool.set_aside)} works set aside); lower min_works or add works"
        )
    return kept, dropped


def _counts(labels, thresholds, index):
    counts = np.zeros((len(labels), len(SPLITS)), np.int64)
    np.add.at(counts, (index["label"], index["split"]), 1)
    artists = [
        {
            "name": artist,
            **dict(zip(SPLITS, counts[label].tolist(), strict=True)),
            "threshold": thresholds[artist],
        }
        for artist, label in labels.items()
    ]
    totals = dict(zip(SPLITS, counts.sum(0).tolist(), strict=True))
    return {"counts": totals, "artists": artists}


def _write_companions(folder, index, attribution):
    np.save(folder / INDEX, index)
    names = [INDEX]
    if attribution is not None:
        (folder / ATTRIBUTION).write_text(attribution, "utf-8")
        names.append(ATTRIBUTION)
    return [{"name": name, **fingerprint(folder / name)} for name in names]


def _publish(scratch, output, names):
    """Moves the finished files to their place, the one that makes them a set last."""
    for name in (*names, INFO):
        os.replace(scratch / name, output / name)
    for stale in set(output.glob("*.tfrecord")) - {output / name for name in names}:
        stale.unlink()


def _report(info, output):
    logging.info(
        "%s: %d artists, %d training and %d test works; %d artists dropped, %d works set aside",
        output,
        len(info["artists"]),
        info["counts"]["train"],
        info["counts"]["test"],
        len(info["dropped_artists"]),
        len(info["set_aside"]),
    )
    for artist in info["dropped_artists"]:
        logging.info("dropped: %s has %d works", artist["name"], artist["works"])
    for work in info["set_aside"]:
        logging.warning("set aside: %s: %s", work["source"], work["reason"])
