"""Shows a set of records: `python tfrecords/inspect_records.py --records=DIR`.

Prints the counts, checks every file against its checksum, draws contact sheets. Exits with 1 if
a file is damaged.
"""

import pathlib
import sys

from absl import app, flags

from anime_style_tf.errors import InputError
from anime_style_tf.stages.startup import load_tensorflow

_RECORDS = flags.DEFINE_string("records", None, "Folder with info.json.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "Folder for the sheets; that of the records if "
                              "not given.")  # fmt: skip
_SPLIT = flags.DEFINE_enum("split", "train", ["train", "test", "all"], "Works to draw.")
_COLUMNS = flags.DEFINE_integer("columns", 10, "Works of each artist to draw.", lower_bound=1)


def describe(records):
    """Returns the lines of a report.

    Args:
        records: a `Records`.
    """
    info = records.info
    width = max(len("artist"), *(len(name) for name in records.artists))
    lines = [f"{'label':>5}  {'artist':<{width}}  {'train':>7}  {'test':>6}"]
    lines += [
        f"{label:>5}  {artist['name']:<{width}}  {artist['train']:>7}  {artist['test']:>6}"
        for label, artist in enumerate(info["artists"])
    ]
    counts = info["counts"]
    lines.append(f"{'':>5}  {'all':<{width}}  {counts['train']:>7}  {counts['test']:>6}")
    lines.append(f"pictures: {records.image_size} x {records.image_size} pixels")
    lines.append(f"source: {info['source']}")
    lines += [
        f"dropped: {artist['name']}, {artist['works']} works, expected at least "
        f"{info['settings']['min_works']}"
        for artist in info["dropped_artists"]
    ]
    lines += [f"set aside: {work['source']}: {work['reason']}" for work in info["set_aside"]]
    return lines


def main(argv):
    """Prints, checks and draws."""
    if len(argv) > 1:
        raise app.UsageError(f"unexpected argument: {argv[1]}")
    load_tensorflow()
    from anime_style_tf.data.contact_sheet import contact_sheets
    from anime_style_tf.data.reader import Records

    try:
        records = Records(_RECORDS.value, cache=False)
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print("\n".join(describe(records)))
    damaged = records.verify()
    if damaged:
        print("\n".join(f"damaged: {problem}" for problem in damaged))
        return 1
    print(f"all {len(records.info['files'])} files are as written")
    output = pathlib.Path(_OUTPUT.value or _RECORDS.value)
    output.mkdir(parents=True, exist_ok=True)
    sheets = contact_sheets(records, split=_SPLIT.value, columns=_COLUMNS.value)
    for number, sheet in enumerate(sheets):
        path = output / f"contact_sheet-{number:03d}.png"
        sheet.save(path)
        print(path)
    return 0


if __name__ == "__main__":
    app.run(main)
