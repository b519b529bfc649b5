"""Writes a source's artworks as a set of records: shards, index, ledger, `info.json`."""

import contextlib
import os
from typing import Any

from absl import logging

from anime_style_tf.data.conversion.outcome import publish, write_set
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.pool import render_all
from anime_style_tf.data.conversion.preparation import prepare
from anime_style_tf.data.conversion.selection import select
from anime_style_tf.data.conversion.shard_files import write_shards
from anime_style_tf.data.progress import bar

_PASSES = 3  # over the source: each renders what has changed under the one before


def write_records(plan: Plan) -> dict[str, Any]:
    """Renders a source's artworks and leaves a set of records.

    Each source file ends in exactly one verdict, listed in `ledger.parquet`. A killed run
    resumes when it is started again, and leaves the same bytes. A set made from an earlier one
    keeps the thresholds of its artists and the order of their labels, so that no work changes
    sides; what is rendered there is not rendered again unless its file or the settings changed.

    Args:
        plan: a `Plan`.

    Returns:
        The content of `info.json`, a dict.

    Raises:
        InputError: `output` holds a set, nothing or no artist is left, or see `prepare`.
    """
    return carry_out(plan, render=_render, write_shards=write_shards)


def carry_out(plan, *, render, write_shards, **begun_with):
    """Goes through a conversion, from the source to the finished set.

    Args:
        plan: a `Plan`.
        render: called with the journal, the `Conversion` and the number of works that the
            journal lacks; it renders these and puts them into it.
        write_shards: called with the journal and the plan; writes the shards to `plan.scratch`,
            notes in the journal where each record lies, and returns what `info.json` says of
            each shard, in their order.
        begun_with: see `Conversion.open_journal`.

    Returns:
        The content of `info.json`, a dict.
    """
    conversion = prepare(plan)
    with conversion.open_journal(**begun_with) as journal:
        _render_until_complete(journal, conversion, render)
        # In a set that is added to, no source lists the works of its earlier inputs: they stay.
        journal.forget_unlisted(rendered=not plan.append)
        thresholds = select(
            journal, plan.rules, rejects=conversion.rejects, thresholds=conversion.kept_thresholds()
        )
        if gone := conversion.earlier.thresholds.keys() - thresholds.keys():
            logging.warning("artists no longer in the set: %s", ", ".join(sorted(gone)))
        shards = write_shards(journal, plan)
        info = write_set(journal, conversion, shards=shards, thresholds=thresholds)
    publish(plan)
    return info


def _render_until_complete(journal, conversion, render):
    """Renders what the journal lacks, until a look at the source finds nothing more."""
    for _ in range(_PASSES):
        lacking, changed = journal.mark_listed(conversion.artworks(), number=conversion.number)
        if changed:
            logging.warning("%d works have changed since they were read: reading them again",
                            changed)  # fmt: skip
        if not lacking:
            return
        render(journal, conversion, lacking)
    logging.warning("the source changes faster than it can be read: some works may be as they were")


def _render(journal, conversion, lacking):
    """Renders in processes of this machine; pictures go into the journal as they come."""
    plan, number = conversion.plan, conversion.number
    rendered = render_all(
        (work for work in conversion.artworks() if journal.lacks(work, number=number)),
        settings=plan.rendering,
        workers=plan.workers or os.cpu_count() or 1,
        forbidden=frozenset(conversion.opt_outs.hashes),
    )
    total = journal.count_listed(number=number)
    with contextlib.closing(rendered):  # Ctrl-C may come here, too, and ends the processes
        for work in bar(
            rendered, "rendering", " works", total=total, done=total - lacking, shown=plan.progress
        ):
            journal.add(work, number=number)
    journal.commit()
