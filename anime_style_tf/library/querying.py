"""Asks the index of a run with pictures: neighbors and artists, as a sheet and as tables."""

import csv
import itertools
import os
import pathlib
import re
import tempfile

from anime_style_tf.data.sources.pictures import Pictures
from anime_style_tf.errors import InputError
from anime_style_tf.figures.neighbors import neighbor_sheet
from anime_style_tf.library.portraits import pictured_portraits
from anime_style_tf.library.searching import Search
from anime_style_tf.workdir.figure_files import boxes, save_figure
from anime_style_tf.workdir.provenance import write_json

NEIGHBOR_COLUMNS = ("query", "rank", "artist", "work", "source", "distance")
ARTIST_COLUMNS = ("query", "rank", "artist", "probability", "distance", "unknown", "p_value")
_ROWS_PER_SHEET = 20
_SHEET = re.compile(r"neighbors(_\d+)?\.png")


def query(workdir, images, output, *, workers=1, **options):
    """Asks with pictures and leaves a sheet and tables in a folder, in place of earlier ones.

    All appear together at the end; a run that is stopped leaves the earlier answers.

    Args:
        workdir: folder of the run.
        images: paths of pictures, folders and archives.
        output: folder to write to; made if missing.
        workers: processes that read pictures.
        options: of `Search`.

    Returns:
        `(lines, set_aside)`: what was left and what the answers lack, and `(source, reason)` of
        each picture that could not be used.

    Raises:
        InputError: no index, or one that is out of date; no such artist; no picture, or none that
            can be used.
    """
    output = pathlib.Path(output)
    search = Search(workdir, **options)
    portraits = pictured_portraits(Pictures(images), workdir, workers=workers)
    made = itertools.chain.from_iterable(portraits.works([]))
    if (first := next(made, None)) is None:
        raise InputError(
            f"--images: expected pictures, received {', '.join(map(str, images)) or 'nothing'}: no "
            "picture there"
        )
    made = itertools.chain([first], made)
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output, prefix=".answers-") as scratch:
        scratch = pathlib.Path(scratch)
        answers, aside, names = [], [], []
        while page := list(itertools.islice(made, _ROWS_PER_SHEET)):
            aside += [(each.source, each.reason) for each in page if each.image is None]
            usable = [each for each in page if each.image is not None]
            if usable:
                rows, told = search.ask(usable)
                answers += told
                names.append(f"neighbors_{len(names) + 1}.png" if names else "neighbors.png")
                save_figure(_sheet(rows, told, search.definitions), scratch / names[-1])
        if not answers:
            raise InputError(
                f"--images: none of {len(aside)} pictures can be used, such as {aside[0][0]}: "
                f"{aside[0][1]}; what {output} holds of earlier answers is left as it is"
            )
        names += _write_tables(scratch, answers)
        about = {
            "definitions": search.definitions,
            "encoder_sha256": search.info["encoder_sha256"],
            "code_size": search.info["code_size"],
            "left_out": search.notes,
            "queries": answers,
            "set_aside": [{"source": source, "reason": reason} for source, reason in aside],
        }
        names.append("neighbors.json")
        write_json(scratch / names[-1], about)
        for earlier in output.glob("neighbors*.png"):
            if _SHEET.fullmatch(earlier.name):
                earlier.unlink()
        for name in names:
            os.replace(scratch / name, output / name)
    left = [f"pictures asked with: {len(answers)}", *(str(output / name) for name in names)]
    shown = {each["artist"] for answer in answers for each in answer["neighbors"]}
    asked = [answer["query"] for answer in answers]
    return left + search.notes + boxes([*shown, *asked], "ask again"), aside


def _sheet(rows, answers, definitions):
    notes = []
    found, shown = len(answers[0]["neighbors"]), len(rows[0].artists)
    if found > shown:
        notes.append(f"Shown are {shown} of {found}; neighbors.csv has all.")
    if "unknown" in definitions:
        notes.append(
            "Below each picture: the likeliest artist, and the probability that this artist drew "
            f"it if one of the known did; or unknown, {definitions['unknown']}."
        )
    return neighbor_sheet(rows, distance=definitions["neighbors"], notes=" ".join(notes))


def _write_tables(folder, answers):
    """Writes `neighbors.csv` and `artists.csv`, a line for each neighbor and artist."""
    tables = {"neighbors": NEIGHBOR_COLUMNS, "artists": ARTIST_COLUMNS}
    for kind, columns in tables.items():
        with open(folder / f"{kind}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for answer in answers:
                whole = {"p_value", "unknown"} & answer.get("attribution", {}).keys()
                about = {"query": answer["query"]}
                about |= {name: answer["attribution"][name] for name in whole}
                writer.writerows({**about, **each} for each in answer[kind])
    return [f"{kind}.csv" for kind in tables]
