"""Converts with Apache Beam: the same functions on many machines, and the same bytes.

Two pipelines do what is much work, rendering and writing shards; what is decided is decided
between them, by the process that started them, in the same journal as on one machine. What
passes from one to the next are Parquet files in the set's scratch folder, so that a run that is
killed resumes as a local one does. Every machine must see that folder, and the source, by the
same path.
"""

import dataclasses
import functools
import shutil

import apache_beam as beam
from absl import logging
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.runners import create_runner

from anime_style_tf.data.conversion.beam_tables import (
    KEY,
    PICTURE,
    PICTURES,
    RECORD,
    REFERENCE,
    SHARD,
    WORK,
    read_table,
    read_tables,
    write_table,
)
from anime_style_tf.data.conversion.journal import as_row
from anime_style_tf.data.conversion.rendering import render
from anime_style_tf.data.conversion.shard_files import (
    PNGS,
    RECORDS,
    VALUES,
    note_frames,
    plan_shards,
    write_file,
)
from anime_style_tf.data.conversion.writer import carry_out
from anime_style_tf.data.shards import fingerprint
from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

# Beam's own choice for `DirectRunner` downloads a program at its first use; this one does not.
_RUNNERS = {"DirectRunner": "FnApiRunner"}
_FRAME = ("offset", "length", "place")  # what `write_file` returns of each record
_PATTERN = "*?[]\\"  # what Beam takes for patterns in paths


def write_records_with_beam(plan, *, runner="DirectRunner", pipeline_options=()):
    """Does what `write_records` does, with Beam; the files are the same to the byte.

    Args:
        plan: a `Plan`; its source must be picklable, its folder one that all machines share.
        runner: name of Beam's runner. `DirectRunner` is for trying it out: it keeps all
            pictures in memory.
        pipeline_options: flags for Beam and the runner, such as `--direct_num_workers=4`.

    Returns:
        The content of `info.json`, a dict.

    Raises:
        InputError: an unknown runner, and see `write_records`.
    """
    plan = dataclasses.replace(plan, output=plan.output.absolute())
    if set(str(plan.output)) & set(_PATTERN):
        raise InputError(
            f"output: expected a path without any of {_PATTERN}, which Beam takes for patterns, "
            f"received {plan.output}; give another"
        )
    runner = _RUNNERS.get(runner, runner)
    try:
        create_runner(runner)
    except (ValueError, ImportError) as error:
        raise InputError(f"runner: expected one that Beam knows, {error}") from error
    pipeline = functools.partial(
        beam.Pipeline, runner=runner, options=PipelineOptions(list(pipeline_options))
    )
    return carry_out(
        plan,
        render=functools.partial(_render, pipeline=pipeline),
        write_shards=functools.partial(_write_shards, pipeline=pipeline),
        pictures="in Parquet files",  # and not in the journal: a local run cannot resume this one
    )


def _render(journal, conversion, lacking, *, pipeline):
    """Renders what the journal lacks: rows of it, and the pictures that belong to them."""
    logging.info("rendering %d works with Beam", lacking)
    plan, number = conversion.plan, conversion.number
    forbidden = frozenset(conversion.opt_outs.hashes)
    folder = _fresh(_spool(plan) / f"rendered-{len(_rendered(journal))}")
    missing = (
        {"reference": artwork.reference}
        for artwork in conversion.artworks()
        if journal.lacks(artwork, number=number)
    )
    write_table(folder / "missing.parquet", missing, REFERENCE)
    with pipeline() as root:
        rendered = (
            root
            | "Source" >> beam.Create([conversion])
            | "List" >> beam.FlatMap(_list, str(folder / "missing.parquet"))
            | "Spread" >> beam.Reshuffle()
            | "Render" >> beam.Map(render, settings=plan.rendering, forbidden=forbidden)
            | "Rows" >> beam.FlatMap(_rows, number).with_outputs("pictures", main="works")
        )
        _ = rendered.works | "Works" >> _to_parquet(folder / "works", WORK)
        _ = rendered.pictures | "Pictures" >> _to_parquet(folder / "pictures", PICTURE)
    with journal.transaction() as database:
        for work in read_tables(folder, "works"):
            journal.put(work, work["portraits"])
        database.execute("INSERT INTO setting VALUES (?, 'with Beam')", [folder.name])


def _list(conversion, missing):
    wanted = {row["reference"] for row in read_table(missing)}
    return (artwork for artwork in conversion.artworks() if artwork.reference in wanted)


def _rows(rendered, number):
    """Yields a work for the journal, and its pictures, which would be too much for it."""
    work = as_row(rendered, number=number)
    portraits = []
    for place, portrait in enumerate(rendered.portraits):
        pictures = {name: getattr(portrait, name) for name in PICTURES}
        key = {"input": number, "reference": work["reference"], "stamp": work["stamp"]}
        yield beam.pvalue.TaggedOutput("pictures", {**key, "number": place, **pictures})
        portraits.append(
            {
                "number": place,
                "bytes": sum(map(len, pictures.values())),
                "face": portrait.face,
                "fingerprint": portrait.fingerprint,
            }
        )
    yield {**work, "portraits": portraits}


def _write_shards(journal, plan, *, pipeline):
    """Brings each record's values and pictures together, and all records of a shard."""
    shards = plan_shards(journal, plan.shards)
    logging.info("writing %d shards with Beam", len(shards))
    spool = _spool(plan)
    written = _fresh(spool / "written")
    records, earlier = written / "records.parquet", written / "earlier.parquet"
    write_table(records, _records(journal, shards), RECORD)
    write_table(earlier, _earlier_pictures(journal), PICTURE)
    pictures = [path for name in _rendered(journal) for path in (spool / name).glob("pictures-*")]
    with pipeline() as root:
        _ = (
            {
                "records": root | "Records" >> _ReadKeyed([records]),
                "pictures": root | "Pictures" >> _ReadKeyed([earlier, *pictures]),
            }
            | "Join" >> beam.CoGroupByKey()
            | "Fill" >> beam.FlatMap(_fill)
            | "Divide" >> beam.GroupByKey()
            | "Write" >> beam.Map(_write_shard, plan.scratch)
            | "Shards" >> _to_parquet(written / "shards", SHARD)
        )
    files = {}
    for shard in read_tables(written, "shards"):
        frames = [tuple(frame[name] for name in _FRAME) for frame in shard.pop("frames")]
        note_frames(journal, frames)
        name = shard.pop("name")
        files[name] = {"name": name, "records": len(frames), **shard}
    return [files[name] for _, _, name in shards]


def _records(journal, shards):
    """Yields all that the records hold besides the pictures, with the keys of these."""
    names = {(split, shard): name for split, shard, name in shards}
    rows = journal.database.execute(
        f"SELECT r.split, r.shard, w.input, w.reference, w.stamp, r.number, {VALUES} "
        f"FROM {RECORDS} ORDER BY r.place"
    )
    columns = [column[0] for column in rows.description][2:]
    for split, shard, *values in rows:
        yield {"file": names[split, shard], **dict(zip(columns, values, strict=True))}


def _earlier_pictures(journal):
    """Yields the pictures that the journal holds: those of the earlier set."""
    rows = journal.database.execute(
        "SELECT w.input, w.reference, w.stamp, r.number, i.image_png, i.coverage_png "
        f"FROM {RECORDS} JOIN {PNGS}"
    )
    return (dict(zip(PICTURE.names, row, strict=True)) for row in rows)


class _ReadKeyed(beam.PTransform):
    """Reads tables as pairs of a key and the other columns."""

    def __init__(self, paths):
        super().__init__()
        self._paths = sorted(map(str, paths))

    def expand(self, root):
        files = root | beam.Create(self._paths) | beam.Reshuffle()
        return files | beam.FlatMap(read_table) | beam.Map(_with_key)


def _with_key(row):
    values = {name: value for name, value in row.items() if name not in KEY}
    return tuple(row[name] for name in KEY), values


def _fill(joined):
    """Yields a record with its file, if there is one for these pictures."""
    key, sides = joined
    pictures = next(iter(sides["pictures"]), None)  # a file that was read twice has them twice
    for record in sides["records"]:
        if pictures is None:
            raise FileNotFoundError(f"the pictures of {key} are gone: delete the scratch folder")
        yield record["file"], {**record, **pictures}


def _write_shard(group, folder):
    """Writes a shard whole or not at all: a runner may begin it again, on another machine, too."""
    name, records = group
    with replacing(folder / name, shared=True) as unfinished:
        frames = write_file(sorted(records, key=lambda record: record["place"]), unfinished)
    return {
        "name": name,
        **fingerprint(folder / name),
        "frames": [dict(zip(_FRAME, frame, strict=True)) for frame in frames],
    }


def _spool(plan):
    return plan.scratch / "beam"


def _rendered(journal):
    """Returns the names of the folders whose works are in the journal; others are leftovers."""
    rows = journal.database.execute("SELECT name FROM setting WHERE value = 'with Beam'")
    return [name for (name,) in rows]


def _fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _to_parquet(prefix, columns):
    return beam.io.WriteToParquet(str(prefix), columns, file_name_suffix=".parquet")
