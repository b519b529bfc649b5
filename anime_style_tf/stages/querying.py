"""Asks the index of a run with pictures: neighbors and artists, as a sheet and as tables."""

import csv
import itertools
import pathlib
import re

from anime_style_tf.errors import InputError
from anime_style_tf.figures.neighbors import neighbor_sheet
from anime_style_tf.stages.figure_files import boxes, save_figure
from anime_style_tf.stages.portraits import PicturedPortraits, Pictures
from anime_style_tf.stages.provenance import read_json, write_json
from anime_style_tf.stages.searching import Search

NEIGHBOR_COLUMNS = ("query", "rank", "artist", "work", "source", "distance", "definition")
ARTIST_COLUMNS = ("query", "rank", "artist", "probability", "distance", "unknown", "p_value",
                  "definition")  # fmt: skip
_ROWS_PER_SHEET = 20
_SHEET = re.compile(r"neighbors(_\d+)?\.png")


def query(workdir, images, output, *, workers=1, **options):
    """Asks with pictures and leaves a sheet and tables in a folder, in place of earlier ones.

    Args:
        workdir: folder of the run.
        images: paths of pictures, folders and archives.
        output: folder to write to; made if missing. The answers of an earlier question there go.
        workers: processes that read pictures.
        options: of `Search`.

    Returns:
        `(lines, set_aside)`: what was left and what the answers lack, and `(source, reason)` of
        each picture that could not be used.

    Raises:
        InputError: no index, or one that is out of date; no such artist; no picture.
    """
    output = pathlib.Path(output)
    search = Search(workdir, **options)
    rendering = read_json(pathlib.Path(workdir) / "records" / "info.json")["rendering"]
    portraits = PicturedPortraits(Pictures(images), rendering, workers=workers)
    made = itertools.chain.from_iterable(portraits.works([]))
    if (first := next(made, None)) is None:
        raise InputError(
            f"--images: expected pictures, received {', '.join(map(str, images)) or 'nothing'}: no "
            "picture there"
        )
    made = itertools.chain([first], made)
    output.mkdir(parents=True, exist_ok=True)
    earlier = [path for path in output.glob("neighbors*.png") if _SHEET.fullmatch(path.name)]
    answers, aside, sheets = [], [], []
    while page := list(itertools.islice(made, _ROWS_PER_SHEET)):
        aside += [(each.source, each.reason) for each in page if each.image is None]
        usable = [each for each in page if each.image is not None]
        if usable:
            rows, told = search.ask(usable)
            answers += told
            number = f"_{len(sheets) + 1}" if sheets else ""
            sheets.append(output / f"neighbors{number}.png")
            save_figure(_sheet(rows, search.definitions), sheets[-1])
    for path in set(earlier) - set(sheets):
        path.unlink()
    _write_tables(output, answers, search.definitions)
    write_json(
        output / "neighbors.json",
        {
            "definitions": search.definitions,
            "encoder_sha256": search.info["encoder_sha256"],
            "code_size": search.info["code_size"],
            "left_out": search.notes,
            "queries": answers,
            "set_aside": [{"source": source, "reason": reason} for source, reason in aside],
        },
    )
    tables = [output / name for name in ("neighbors.csv", "artists.csv", "neighbors.json")]
    left = [f"pictures asked with: {len(answers)}", *map(str, [*sheets, *tables])]
    if answers:
        shown = {each["artist"] for answer in answers for each in answer["neighbors"]}
        left += search.notes + boxes(
            [*shown, *(answer["query"] for answer in answers)], "ask again"
        )
    return left, aside


def _sheet(rows, definitions):
    answer = ""
    if "unknown" in definitions:
        answer = (
            "Below each picture: the likeliest artist, and the probability that this artist drew "
            f"it if one of the known did; or unknown, {definitions['unknown']}."
        )
    return neighbor_sheet(rows, distance=definitions["neighbors"], answer=answer)


def _write_tables(output, answers, definitions):
    """Writes `neighbors.csv` and `artists.csv`, a line for each neighbor and artist."""
    numbers = [name for name in ARTIST_COLUMNS if name in definitions]
    meaning = {
        "neighbors": definitions["neighbors"],
        "artists": "; ".join(
            [f"distance: {definitions['artists']}"]
            + [f"{name}: {definitions[name]}" for name in numbers]
        ),
    }
    for kind, columns in (("neighbors", NEIGHBOR_COLUMNS), ("artists", ARTIST_COLUMNS)):
        with open(output / f"{kind}.csv", "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            for answer in answers:
                whole = {"p_value", "unknown"} & answer.get("attribution", {}).keys()
                about = {"query": answer["query"], "definition": meaning[kind]}
                about |= {name: answer["attribution"][name] for name in whole}
                writer.writerows({**about, **each} for each in answer[kind])
