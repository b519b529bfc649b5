"""Stage `records`: a source's artworks -> `workdir/records/`."""

import contextlib
import inspect
import pathlib
import re

from anime_style_tf.data.conversion.outcome import summary
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.refused_kinds import refused_lines
from anime_style_tf.data.conversion.rendering import Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.ledger import QUARANTINE
from anime_style_tf.data.sources import SOURCES
from anime_style_tf.errors import InputError

FOLDER = "records"
CALLABLES = {"rendering": Settings, "rules": Rules, "writer": Plan}


def run(config, workdir):
    """Writes the set of records that all later stages read.

    Args:
        config: `image_size` (pixels), `seed`, and `records` with `source` (a key of
            `SOURCES`), `source_options` (arguments of that class), `rendering` (of `Settings`;
            its `image_size` defaults to that above), `rules` (of `Rules`; its `seed` likewise)
            and `writer` (of `Plan`).
        workdir: the run's folder.

    Returns:
        Lines for the user: what was left and where.

    Raises:
        InputError: an unknown source or option, or what the source or the writer refuses.
    """
    section = config.records
    if section.source not in SOURCES:
        raise InputError(
            f"records.source: expected one of {', '.join(SOURCES)}, received {section.source!r}"
        )
    accepted = list(inspect.signature(SOURCES[section.source]).parameters)
    if unknown := sorted(set(section.source_options) - set(accepted)):
        raise InputError(
            f"records.source_options: source {section.source!r} takes {', '.join(accepted)}, "
            f"received also {', '.join(unknown)}: start from a preset for that source, such as "
            f"--config=smoke:{section.source}"
        )
    source = SOURCES[section.source](**section.source_options)
    # An earlier set here is this stage's own: when to redo it is decided by the runner.
    output = pathlib.Path(workdir) / FOLDER
    with _refusals_of_a_run():
        info = write_records(
            Plan(
                source=source,
                output=output,
                rendering=Settings(**{"image_size": config.image_size, **section.rendering}),
                rules=Rules(**{"seed": config.seed, **section.rules}),
                **{**section.writer, "overwrite": True},
            )
        )
    lines = [*summary(info), *refused_lines(output / QUARANTINE)]
    return [f"{output}: {_as_of_a_run(line)}" for line in lines]


def _as_of_a_run(text):
    """The conversion names its rules by the flags of the converter, which a run has as settings."""
    return re.sub(r"--(min_works|test_minimum)=", r"--config.records.rules.\1=", text)


@contextlib.contextmanager
def _refusals_of_a_run():
    try:
        yield
    except InputError as error:
        raise InputError(_as_of_a_run(str(error))) from error
