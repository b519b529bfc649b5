"""Converts artworks to TFRecords: `python tfrecords/convert.py --input=DIR --output=DIR`.

The record and the files it leaves are described in `tfrecords/README.md`.
"""

import sys

from absl import app, flags

from anime_style_tf.data.sources import SOURCES
from anime_style_tf.errors import InputError
from anime_style_tf.stages.startup import load_tensorflow, log_own_lines

_SOURCE = flags.DEFINE_enum("source", "folder", list(SOURCES), "Where the artworks come from.")
_INPUT = flags.DEFINE_string("input", None, "folder: one sub-folder for each artist.")
_MAX_PIXELS = flags.DEFINE_integer("max_pixels", 64_000_000, "folder: skip larger pictures.")
_WORKS = flags.DEFINE_integer("works_per_artist", 200, "dicebear: subjects for each style.")
_STYLES = flags.DEFINE_list("styles", None, "dicebear: names of styles; all 14 if not given.")
_OUTPUT = flags.DEFINE_string("output", None, "Folder to write the records to.", required=True)
_IMAGE_SIZE = flags.DEFINE_integer("image_size", 64, "Height and width in pixels.")
_MIN_WORKS = flags.DEFINE_integer("min_works", 50, "Drop artists with fewer works.")
_FRACTION = flags.DEFINE_float("test_fraction", 0.1, "Part of each artist's works to test on.")
_MINIMUM = flags.DEFINE_integer("test_minimum", 10, "Test works of each artist, at least.")
_SHARDS = flags.DEFINE_integer("shards", None, "Training files; about 256 MiB each if not given.")
_WORKERS = flags.DEFINE_integer("workers", None, "Processes; one a processor if not given.")
_SEED = flags.DEFINE_integer("seed", 0, "Order of the records; dicebear: which subjects too.")
_OVERWRITE = flags.DEFINE_bool("overwrite", False, "Replace the records that output holds.")
_PREVIOUS = flags.DEFINE_string("previous", None, "Records whose test split is to be kept.")


def source_from_flags():
    """Constructs the source that the flags ask for."""
    if _SOURCE.value == "dicebear":
        return SOURCES["dicebear"](
            works_per_artist=_WORKS.value, seed=_SEED.value, styles=_STYLES.value
        )
    if _INPUT.value is None:
        raise InputError("source 'folder': expected --input=DIR, received none; give the folder")
    return SOURCES["folder"](path=_INPUT.value, max_pixels=_MAX_PIXELS.value)


def main(argv):
    """Writes the records and says what is in them; exits with 2 if the user can fix it."""
    if len(argv) > 1:
        raise app.UsageError(f"unexpected argument: {argv[1]}")
    log_own_lines()
    try:
        source = source_from_flags()
        load_tensorflow()  # seconds
        from anime_style_tf.data.writer import write_records

        info = write_records(
            source,
            _OUTPUT.value,
            image_size=_IMAGE_SIZE.value,
            min_works=_MIN_WORKS.value,
            test_fraction=_FRACTION.value,
            test_minimum=_MINIMUM.value,
            shards=_SHARDS.value,
            workers=_WORKERS.value,
            seed=_SEED.value,
            overwrite=_OVERWRITE.value,
            previous=_PREVIOUS.value,
        )
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(
        f"{_OUTPUT.value}: {len(info['artists'])} artists, {info['counts']['train']} training "
        f"and {info['counts']['test']} test works. Look at them with\n"
        f"python tfrecords/inspect_records.py --records={_OUTPUT.value}"
    )
    return 0


if __name__ == "__main__":
    app.run(main)
