"""Shows a set of records: `anime-style inspect --records=DIR`.

Prints the counts and the verdicts, checks every file against its checksum, draws contact sheets.
Exits with 1 if a file is damaged.
"""

import csv
import itertools
import pathlib

from absl import flags

from anime_style_tf.terminal.startup import load_tensorflow
from anime_style_tf.terminal.tool import there

_QUARANTINED = 20  # files to name; the others are in the table that is pointed at
_RECORDS = flags.DEFINE_string("records", None, "Folder with info.json.", required=True)
_OUTPUT = flags.DEFINE_string("output", None, "Folder for the sheets; that of the records if "
                              "not given.")  # fmt: skip
_SPLIT = flags.DEFINE_enum("split", "train", ["train", "test", "all"], "Works to draw.")
_COLUMNS = flags.DEFINE_integer("columns", 10, "Works of each artist to draw.", lower_bound=1)


def describe(records):
    """Yields the lines of a report.

    Args:
        records: a `Records`.
    """
    from anime_style_tf.text import one_line

    info = records.info
    names = [one_line(name) for name in records.artists]
    width = max(map(len, ["artist", *names]))
    yield f"{'label':>5}  {'artist':<{width}}  {'train':>7}  {'test':>6}"
    for label, (name, artist) in enumerate(zip(names, info["artists"], strict=True)):
        yield f"{label:>5}  {name:<{width}}  {artist['train']:>7}  {artist['test']:>6}"
    counts = info["counts"]
    yield f"{'':>5}  {'all':<{width}}  {counts['train']:>7}  {counts['test']:>6}"
    yield f"portraits: {records.image_size} x {records.image_size} pixels"
    for description in info["inputs"]:
        yield "input: " + ", ".join(f"{name} {value}" for name, value in description.items())
    for artist in info["dropped_artists"]:
        yield (
            f"dropped: {one_line(artist['name'])}, {artist['works']} works, expected at least "
            f"{info['rules']['min_works']}"
        )
    yield f"files: {sum(info['verdicts'].values()):,}"
    for verdict, count in info["verdicts"].items():
        yield f"{count:>9,}  {verdict}"


def quarantined(path):
    """Yields lines that name the first files that were not kept, and where the others are.

    Args:
        path: of the table.
    """
    from anime_style_tf.text import one_line

    with open(path, encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        for row in itertools.islice(rows, _QUARANTINED):
            of = f" of {row['duplicate_of']}" if row["duplicate_of"] else ""
            reason = f": {row['reason']}" if row["reason"] else ""
            yield one_line(f"{row['verdict']}{of}: {row['reference']}{reason}")
        if more := sum(1 for _ in rows):
            yield f"and {more:,} more in {path}"


def main():
    """Prints, checks and draws."""
    there(_RECORDS)
    load_tensorflow()
    from anime_style_tf.data.inspection.contact_sheet import contact_sheets
    from anime_style_tf.data.ledger import QUARANTINE
    from anime_style_tf.data.reader import Records
    from anime_style_tf.replacing import replacing

    records = Records(_RECORDS.value, cache=False)
    print(*describe(records), *quarantined(records.path / QUARANTINE), sep="\n")
    damaged = records.verify()
    if damaged:
        print(*(f"damaged: {problem}" for problem in damaged), sep="\n")
        return 1
    print(f"all {len(records.info['files'])} files are as written")
    output = pathlib.Path(_OUTPUT.value or _RECORDS.value)
    output.mkdir(parents=True, exist_ok=True)
    sheets = contact_sheets(records, split=_SPLIT.value, columns=_COLUMNS.value)
    for number, sheet in enumerate(sheets):
        path = output / f"contact_sheet-{number:03d}.png"
        with replacing(path) as unfinished:
            sheet.save(unfinished)
        print(path)
    return 0
