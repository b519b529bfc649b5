"""Stage `records`: a source's artworks -> `workdir/records/`."""

import inspect
import pathlib

from anime_style_tf.data.sources import SOURCES
from anime_style_tf.data.writer import write_records
from anime_style_tf.errors import InputError

FOLDER = "records"


def run(config, workdir):
    """Writes the set of records that all later stages read.

    Args:
        config: `image_size` (pixels), `seed`, and `records` with `source` (a key of
            `SOURCES`), `source_options` (arguments of that class) and `writer` (arguments of
            `write_records`; its `image_size` and `seed` default to those above).
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
            f"--config=configs/smoke.py:{section.source}"
        )
    source = SOURCES[section.source](**section.source_options)
    options = {"image_size": config.image_size, "seed": config.seed, **section.writer}
    # An earlier set here is this stage's own: when to redo it is decided by the runner.
    output = pathlib.Path(workdir) / FOLDER
    info = write_records(source, output, **{**options, "overwrite": True})
    return [
        f"{output}: {len(info['artists'])} artists, {info['counts']['train']} training and "
        f"{info['counts']['test']} test works, {len(info['dropped_artists'])} artists dropped, "
        f"{len(info['set_aside'])} works set aside"
    ]
