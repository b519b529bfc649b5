"""Writes a source's artworks as a set of records: shards, index, ledger, `info.json`."""

import contextlib
import functools
import os

from absl import logging

from anime_style_tf.data.conversion.outcome import publish, write_set
from anime_style_tf.data.conversion.plan import make_plan
from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.selection import select
from anime_style_tf.data.conversion.shard_files import plan_shards, write_shard
from anime_style_tf.data.progress import bar
from anime_style_tf.errors import InputError

_PASSES = 3  # over the source: each renders what has changed under the one before


def write_records(
    source,
    output,
    *,
    settings=None,
    rules=None,
    opt_out=None,
    rejects=None,
    append=False,
    overwrite=False,
    previous=None,
    shards=None,
    workers=None,
    progress=True,
):
    """Renders a source's artworks and leaves a set of records.

    Each source file ends in exactly one verdict, listed in `ledger.parquet`. A run that is
    killed goes on where it was when it is started again, and leaves the same bytes. A set that
    goes on from another keeps the thresholds of its artists and the order of their labels, so
    that no work changes sides; what is rendered there is not rendered again unless its file or
    the settings changed.

    Args:
        source: an object of one of the classes in `SOURCES`.
        output: folder to write; made if missing.
        settings: a `Settings`: how portraits look.
        rules: a `Rules`: which are kept, and which are for testing.
        opt_out: path of a list of artists and files never to be included, see `read_opt_outs`;
            what the lists of the earlier set refused stays refused.
        rejects: path of a list of portraits that a person rejected, see `read_rejects`.
        append: add the source to the set that `output` holds.
        overwrite: replace the set that `output` holds.
        previous: folder of another set to go on from; None takes the one in `output`.
        shards: files of the training split, the test split has as many in proportion; None
            aims at 256 MiB in each.
        workers: rendering processes; None takes one for each processor. The bytes written do
            not depend on it. 1 renders in this process, where a crash of a decoder is fatal.
        progress: show a bar with the time left on standard error.

    Returns:
        The content of `info.json`, a dict.

    Raises:
        InputError: settings contradict each other, `output` holds a set, or no artist is left.
    """
    for name, value in (("shards", shards), ("workers", workers)):
        if value is not None and value < 1:
            raise InputError(f"{name}: expected at least 1, received {value}")
    plan = make_plan(
        source,
        output,
        settings=settings,
        rules=rules,
        opt_out=opt_out,
        rejects=rejects,
        append=append,
        overwrite=overwrite,
        previous=previous,
    )
    return carry_out(
        plan,
        shards=shards,
        render=functools.partial(
            _render, plan=plan, workers=workers or os.cpu_count() or 1, progress=progress
        ),
        write_shards=functools.partial(_write_shards, plan=plan, progress=progress),
    )


def carry_out(plan, *, shards, render, write_shards, **begun_with):
    """Goes through a conversion, from the source to the finished set.

    Args:
        plan: a `Plan`.
        shards: see `write_records`.
        render: called with the journal and the number of works that it lacks, which it renders
            and puts into it.
        write_shards: called with the journal and what `plan_shards` gave; writes the shards to
            `plan.scratch`, notes in the journal where each record lies, and returns what
            `info.json` says of each shard, in their order.
        begun_with: see `Plan.open_journal`.

    Returns:
        The content of `info.json`, a dict.
    """
    with plan.open_journal(**begun_with) as journal:
        _render_until_complete(journal, plan, render)
        journal.forget_unlisted(rendered=not plan.append)
        thresholds = select(
            journal, plan.rules, rejects=plan.rejects, thresholds=plan.kept_thresholds()
        )
        if gone := plan.earlier.thresholds.keys() - thresholds.keys():
            logging.warning("artists no longer in the set: %s", ", ".join(sorted(gone)))
        info = write_set(
            journal,
            plan.scratch,
            shards=write_shards(journal, plan_shards(journal, shards)),
            thresholds=thresholds,
            attribution=plan.source.attribution(),
            description=plan.description(),
            unmatched=plan.unmatched(journal),
        )
    publish(plan.scratch, plan.output)
    return info


def _render_until_complete(journal, plan, render):
    """Renders what the journal lacks, until a look at the source finds nothing more."""
    number = plan.number
    for _ in range(_PASSES):
        lacking, changed = journal.mark_listed(plan.artworks(), number=number)
        if changed:
            logging.warning("%d works have changed since they were read: reading them again",
                            changed)  # fmt: skip
        if not lacking:
            return
        render(journal, lacking)
    logging.warning("the source changes faster than it can be read: some works may be as they were")


def _render(journal, lacking, *, plan, workers, progress):
    number = plan.number
    rendered = render_all(
        (work for work in plan.artworks() if journal.lacks(work, number=number)),
        settings=plan.settings,
        workers=workers,
        forbidden=frozenset(plan.opt_outs.hashes),
    )
    total = journal.count_listed(number=number)
    with contextlib.closing(rendered):  # Ctrl-C may come here, too, and ends the processes
        for work in bar(
            rendered, "rendering", " works", total=total, done=total - lacking, shown=progress
        ):
            journal.add(work, number=number)
    journal.commit()


def _write_shards(journal, shards, *, plan, progress):
    return [
        write_shard(journal, split, shard, plan.scratch / name)
        for split, shard, name in bar(
            shards, "writing", " shards", total=len(shards), shown=progress
        )
    ]
