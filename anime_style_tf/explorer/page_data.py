"""What the page shows of a run: its works, artists and style dimensions."""

import json
import pathlib

import numpy as np

from anime_style_tf import exploration
from anime_style_tf.errors import InputError
from anime_style_tf.explorer.dimension_cards import dimension_cards
from anime_style_tf.explorer.thumbnails import Sheets
from anime_style_tf.library.embedding import CODE
from anime_style_tf.library.enrolled_artists import FOLDER as ENROLLED
from anime_style_tf.library.enrolled_artists import STYLES
from anime_style_tf.library.index_folder import identities, open_index
from anime_style_tf.library.portrait_sources import RecordedPortraits
from anime_style_tf.library.projector import spread
from anime_style_tf.replacing import replacing
from anime_style_tf.workdir.provenance import read_json

FOLDER = "explorer"
ARTISTS, WORKS, DIMENSIONS = "artists.json", "works.json", "dimensions.json"
_AT_ONCE = 64  # pictures that are read and encoded
_DECIMALS = 4  # of codes, whose unit is a standard deviation
_DEFINITIONS = {
    "style": "S^(work), standardized, as the signature generate takes it",
    "content": "C^(work), likewise",
    "place": "on the map of explore/style_map.json, where distances are those of raw codes; null "
    "without one. That of any style is origin + by_style @ style, with the numbers of `map`",
    "uniqueness": "distance from the work's raw style code to the nearest one by another artist, "
    "among all works of the index",
    "deviation": "of each raw style dimension: the unit of `style`",
}


def write_page_data(trained, folder, *, works=4000, thumbnail_side=64):
    """Writes the files that the explorer's page reads; what the run lacks is left out.

    `artists.json` has the mean style of each artist; `works.json`, with sheets of thumbnails, the
    works of the index; `dimensions.json` what each style dimension does to them.

    Args:
        trained: a `Trained` with all networks.
        folder: to write to; made if missing.
        works: how many are shown at most, evenly over the artists; all are searched for the
            nearest by another artist. Some 5 KB each.
        thumbnail_side: of their pictures, in pixels.

    Returns:
        Lines on what the page lacks, and why.
    """
    workdir, folder = pathlib.Path(trained.workdir), pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / ARTISTS, _artists(trained))
    try:
        _, table, _ = open_index(workdir)
    except InputError as error:
        return [f"the explorer shows no works: {error}"]
    rows = spread(table["artist"], works)
    chart, lines = _map(workdir, trained.style_encoder)
    styles, contents, sheets = _encoded(trained, table, rows, folder, thumbnail_side)
    apart = exploration.distances_to_others(table[CODE], table["artist"], rows)
    names = identities(table)
    shown = [
        {
            "id": names[row],
            "artist": table["artist"][row],
            "split": table["split"][row],
            "place": _rounded(_place(chart, style)),
            "uniqueness": _rounded(distance),
            "style": _rounded(style),
            "content": _rounded(content),
        }
        for row, distance, style, content in zip(rows, apart, styles, contents, strict=True)
    ]
    deviation = _rounded(trained.style_encoder.deviation)
    _write(
        folder / WORKS,
        {
            "works": shown,
            "map": chart and {name: _rounded(value) for name, value in chart.items()},
            "deviation": deviation,
            "thumbnails": sheets,
            "definitions": _DEFINITIONS,
        },
    )
    cards = dimension_cards(styles, read_json(workdir / "explore" / DIMENSIONS))
    _write(folder / DIMENSIONS, {"dimensions": cards})
    return lines


def _artists(trained):
    """Returns names and mean styles, those of enrolled artists apart."""
    means = trained.artists["mean_styles"]
    enrolled = read_json(trained.workdir / ENROLLED / STYLES) or {}
    return {
        "artists": {
            name: _rounded(mean) for name, mean in zip(trained.records.artists, means, strict=True)
        },
        "enrolled": {n: _rounded(mean) for n, mean in enrolled.get("artists", {}).items()},
    }


def _map(workdir, encoder):
    """Returns the run's map as a function of standardized styles, and lines on why there is none.

    Args:
        workdir: folder of the run.
        encoder: S^, a `PrunedEncoder`.

    Returns:
        `(chart, lines)`: `{"by_style": [2, k_S], "origin": [2]}`, or None.
    """
    written = read_json(workdir / "explore" / "style_map.json") or {}
    axes = np.array(written.get("axes", {}).get("value", []))
    mean, deviation = np.array(encoder.mean), np.array(encoder.deviation)
    if axes.shape != (2, len(mean)):
        reason = written.get("not_measured", "run --stage=explore first, then this one again")
        return None, [f"the explorer has no map: {reason}"]
    return {"by_style": axes * deviation, "origin": axes @ (mean - written["center"]["value"])}, []


def _place(chart, style):
    return None if chart is None else chart["origin"] + chart["by_style"] @ style


def _encoded(trained, table, rows, folder, side):
    """Returns both codes of the works, and what the page must know of their thumbnails."""
    portraits = RecordedPortraits(trained.workdir / "records")
    sheets, codes = Sheets(folder, side=side), []
    for start in range(0, len(rows), _AT_ONCE):
        records = [table["record"][row] for row in rows[start : start + _AT_ONCE]]
        images = portraits.images(records)
        sheets.add(images)
        codes.append(trained.encode(np.stack(images)))
    styles, contents = (np.concatenate(part) for part in zip(*codes, strict=True))
    return styles, contents, sheets.finish()


def _rounded(values):
    """Numbers for JSON, where there is no infinity; None stays."""
    if values is None or not np.isfinite(values).all():
        return None
    return np.round(np.asarray(values, np.float64), _DECIMALS).tolist()


def _write(path, values):
    with replacing(path) as unfinished:
        unfinished.write_text(json.dumps(values, separators=(",", ":")), "utf-8")
