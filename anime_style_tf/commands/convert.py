"""Converts artworks to TFRecords: `anime-style convert --input=DIR --output=DIR`.

The record, the ledger and the other files it leaves are described in `tfrecords/README.md`.
"""

import importlib.util
import inspect
import pathlib
import sys

from absl import flags

from anime_style_tf.data.conversion.outcome import summary
from anime_style_tf.data.conversion.plan import Plan
from anime_style_tf.data.conversion.refused_kinds import refused_lines
from anime_style_tf.data.conversion.rendering import NO_DETECTOR, Settings
from anime_style_tf.data.conversion.selection import Rules
from anime_style_tf.data.conversion.writer import write_records
from anime_style_tf.data.faces import DETECTORS
from anime_style_tf.data.ledger import QUARANTINE
from anime_style_tf.data.sources import SOURCES
from anime_style_tf.errors import InputError
from anime_style_tf.terminal.startup import log_own_lines
from anime_style_tf.terminal.typed import typed

_SOURCE = flags.DEFINE_enum("source", "folder", list(SOURCES), "Where the artworks come from.")
_OF_SOURCES = {  # argument of some source -> the flag that gives it
    "path": flags.DEFINE_string("input", None, "folder: a folder or archive with one sub-folder "
                                "for each artist; manifest: a CSV or Parquet table; danbooru: a "
                                "file or folder of JSON."),
    "root": flags.DEFINE_string("root", None, "manifest, danbooru: folder or archive that holds "
                                "the pictures; that of --input if not given."),
    "ratings": flags.DEFINE_list("ratings", None, "danbooru: ratings to take; g,s if not given."),
    "aliases": flags.DEFINE_string("aliases", None, "danbooru: table of other names of artists."),
    "cache": flags.DEFINE_string("cache", None, "Folder for what compressed tar archives are "
                                 "unpacked to; a temporary one if not given."),
    "archive_encoding": flags.DEFINE_string("archive_encoding", None, "Encoding of the names in an "
                                            "archive that does not say it, such as cp932; UTF-8 or "
                                            "recognized if not given."),
    "works_per_artist": flags.DEFINE_integer("works_per_artist", None, "dicebear: subjects for "
                                             "each style; 200 if not given."),
    "styles": flags.DEFINE_list("styles", None, "dicebear: names of styles; all if not given."),
}  # fmt: skip
_OUTPUT = flags.DEFINE_string("output", None, "Folder to write the records to.", required=True)
_IMAGE_SIZE = flags.DEFINE_integer("image_size", 64, "Height and width in pixels.")
_DETECTOR = flags.DEFINE_enum("detector", NO_DETECTOR, [NO_DETECTOR, *DETECTORS],
                              "Finds the faces to cut out.")  # fmt: skip
_LIKELIHOOD = flags.DEFINE_float("min_likelihood", Settings.min_likelihood,
                                 "Pass less certain faces over.")  # fmt: skip
_CROP = flags.DEFINE_float("crop_scale", Settings.crop_scale, "Side of a portrait over the face's.")
_MAX_PIXELS = flags.DEFINE_integer("max_pixels", Settings.max_pixels, "Refuse larger pictures.")
_MIN_SIDE = flags.DEFINE_integer("min_side", None, "Refuse portraits of fewer pixels a side; a "
                                 "quarter of image_size if not given.")  # fmt: skip
_MIN_WORKS = flags.DEFINE_integer("min_works", 50, "Drop artists with fewer works.")
_FRACTION = flags.DEFINE_float("test_fraction", 0.1, "Part of each artist's works to test on.")
_MINIMUM = flags.DEFINE_integer("test_minimum", 10, "Test works of each artist, at least.")
_SEED = flags.DEFINE_integer("seed", 0, "Order of the records; dicebear: which subjects too.")
_SHARDS = flags.DEFINE_integer("shards", None, "Training files; about 256 MiB each if not given.")
_WORKERS = flags.DEFINE_integer("workers", None, "Processes; one a processor if not given.")
_RUNNER = flags.DEFINE_string("runner", None, "Apache Beam runner that renders and writes; this "
                              "process and its workers do if not given.")  # fmt: skip
_PIPELINE = flags.DEFINE_multi_string("pipeline_option", [], "Option of the runner, --name=value; "
                                      "may be repeated.")  # fmt: skip
_OPT_OUT = flags.DEFINE_string("opt_out", None, "List of artists and files never to be included.")
_REJECTS = flags.DEFINE_string("rejects", None, "Rejects that the page of `review` saved.")
_APPEND = flags.DEFINE_bool("append", False, "Add to the records that output holds.")
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace the records that output holds.")
_PREVIOUS = flags.DEFINE_string("previous", None, "Records whose test split is to be kept.")


def source_from_flags():
    """Constructs the source that the flags ask for."""
    name = _SOURCE.value
    accepted = inspect.signature(SOURCES[name]).parameters
    arguments = {key: flag.value for key, flag in _OF_SOURCES.items() if flag.value is not None}
    for key in arguments.keys() - set(accepted):
        raise InputError(
            f"--{_OF_SOURCES[key].name}: source {name!r} takes none, received {arguments[key]}; "
            "leave it out, or give another --source"
        )
    if "path" in accepted and "path" not in arguments:
        raise InputError(f"source {name!r}: expected --input=PATH, received none; give the path")
    if "seed" in accepted:
        arguments["seed"] = _SEED.value
    return SOURCES[name](**arguments)


def plan_from_flags():
    """Returns the `Plan` that the flags ask for."""
    return Plan(
        source=source_from_flags(),
        output=_OUTPUT.value,
        rendering=Settings(
            image_size=_IMAGE_SIZE.value,
            max_pixels=_MAX_PIXELS.value,
            min_side=_MIN_SIDE.value,
            detector=_DETECTOR.value,
            min_likelihood=_LIKELIHOOD.value,
            crop_scale=_CROP.value,
        ),
        rules=Rules(
            min_works=_MIN_WORKS.value,
            test_fraction=_FRACTION.value,
            test_minimum=_MINIMUM.value,
            seed=_SEED.value,
        ),
        opt_out=_OPT_OUT.value,
        rejects=_REJECTS.value,
        append=_APPEND.value,
        overwrite=_OVERWRITE.value,
        previous=_PREVIOUS.value,
        shards=_SHARDS.value,
        workers=_WORKERS.value,
    )


def convert():
    """Converts as the flags say; returns the content of `info.json`."""
    plan = plan_from_flags()
    if _RUNNER.value is None:
        return write_records(plan)
    if importlib.util.find_spec("apache_beam") is None:
        raise InputError(
            f"--runner={_RUNNER.value}: needs the package apache-beam, which is not installed: "
            "pip install 'anime_style_tf[beam]', in an environment of its own"
        )
    from anime_style_tf.data.conversion.beam_pipeline import write_records_with_beam

    return write_records_with_beam(plan, runner=_RUNNER.value, pipeline_options=_PIPELINE.value)


def main():
    """Writes the records and says what is in them."""
    log_own_lines()
    try:
        info = convert()
    except OSError as error:
        print(f"error: {error}; what is done is kept: run it again to resume", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; what is done is kept: run it again to resume", file=sys.stderr)
        return 130
    unreadable = refused_lines(pathlib.Path(_OUTPUT.value) / QUARANTINE)
    print(*summary(info), *unreadable, sep="\n")
    print(
        "The ledger has each file, quarantine.csv those that were not kept. Look at them with\n"
        f"{typed('inspect', records=_OUTPUT.value)}"
    )
    return 0
