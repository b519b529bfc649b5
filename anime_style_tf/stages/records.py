"""Stage `records`: a source's artworks -> `workdir/records/`."""

import pathlib

from anime_style_tf.data.sources import SOURCES
from anime_style_tf.data.writer import write_records
from anime_style_tf.errors import InputError

FOLDER = "records"


def run(config, workdir):
    """Writes the set of records that all later stages read.

    Args:
        config: the whole configuration; `config.records` has `source` (a key of `SOURCES`),
            `source_options` (arguments of that class) and `writer` (arguments of
            `write_records`).
        workdir: the run's folder.

    Returns:
        The content of `info.json`, a dict.

    Raises:
        InputError: an unknown source, or what the source or the writer refuses.
    """
    section = config.records
    if section.source not in SOURCES:
        raise InputError(
            f"records.source: expected one of {', '.join(SOURCES)}, received {section.source!r}"
        )
    source = SOURCES[section.source](**section.source_options)
    return write_records(source, pathlib.Path(workdir) / FOLDER, **section.writer)
