"""Small collections: who drew a work, from 15 works of each artist? Floors, frozen maps and ours.

Sets by named artists, none of them in this repository: emoji (`emoji_archive.mjs`), drawings of
`openclipart_folder`, paintings of `wesnoth_folder`, icons of `game_icons_folder`. Each seed draws
15 training works of each artist; queries, 40 an artist at most, are works of families (subjects,
figures) that no training work is of, the gallery the training works. Artists of too few works are
the unknown ones. The linear code is what trainings with pretrained maps start from
(`training.closed_form`); beside it networks of their own are trained by every method of
`collection_trainings`. Intervals (95 %) take the works of one artist, over all seeds, as one
cluster. Results are added to `--output`; a row that is there already is not measured again.

    python -m benchmarks.collections --emoji=emoji64.zip \
        --folders=build/clipart,build/portraits,build/icons
"""

import functools
import pathlib
import time

import numpy as np
from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval
from anime_style_tf.exploration import artist_styles
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.training.closed_form import linear_discriminants
from anime_style_tf.workdir.provenance import read_json
from benchmarks import collection_doubt
from benchmarks.collection_parts import CHANGES, Parts
from benchmarks.collection_sets import TRAINING, read_emoji, read_folder, split
from benchmarks.collection_trainings import METHODS, from_scratch
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.contenders.floors import FLOORS

_EMOJI = define_input("emoji", "The archive of drawings.")
_FOLDERS = flags.DEFINE_list("folders", [], "Folders with one folder an artist.")
_OUTPUT = define_output("collections.json")
_SEEDS = define_numbers("seeds", [0, 1, 2, 3, 4], "Seeds of the training works.")
_STEPS = flags.DEFINE_integer(
    "steps", 200, "Of networks of their own, trained for each of these seeds:", 1
)
_TRAINING_SEEDS = define_numbers("training_seeds", [0, 1, 2], "Those of --seeds with trainings.")
_ROWS = flags.DEFINE_list("rows", [], "Beginnings of the names of rows to measure; all if empty.")
_VARIANT = flags.DEFINE_string("variant", "lite0", "Of the pretrained maps.")

DEFINITIONS = {
    "precision": "share of queries whose nearest training work is by the same artist",
    "precision_16": "the same on the first 16 dimensions of the code, where it has as many",
    "balanced": "the same, the mean of the artists' shares",
    "map_at_r": "mean average precision among the nearest R training works, R those of the artist",
    "kept": "share of queries that a change of the picture leaves with the artist whose mean of "
    "training works is nearest, right or wrong",
    "calibration_error": "of an attribution whose spread half of the queries give, on the other "
    "half, given that the artist is known, in 15 bins; if_calibrated: what chance alone leaves",
    "auroc_of_unknown": "how often a work by an artist of too few works looks stranger to that "
    "attribution than a query, mean of the seeds",
    "processor_seconds": "of one seed: learning and measuring; where maps are read "
    "processor_seconds_a_picture come to that for each training work and changed version of it",
}
PREFIX, DIRECTIONS = 16, 32
LONGER = f"colors and maps, linear code that changes move little, {DIRECTIONS} dimensions"
MEASURES = ("precision", "balanced", "map_at_r")
FROM_SCRATCH = "own network and colors, from scratch: "


def linear(parts, kinds, training, artists, *, changed=False, directions=None):
    """Function from a version and rows to linear codes, fitted on the training works."""
    versions = ["as it is", *(parts.changed if changed else [])]
    works, *others = [parts(version, training, kinds) for version in versions]
    kernel, bias = linear_discriminants(
        works, artists[training], changed=others, directions=directions
    )
    return lambda version, rows: np.concatenate(parts(version, rows, kinds), 1) @ kernel + bias


def plain(parts, kinds):
    """Function from a version and rows to the features themselves."""
    return lambda version, rows: np.concatenate(parts(version, rows, kinds), 1)


def of_array(features):
    """The same for features that no change of the picture is known for."""
    return lambda version, rows: features[rows] if version == "as it is" else None


def graded(code, training, queries, artists, families):
    """Values of each query, the shares that changes of the picture leave, and the doubt."""
    gallery, asked = code("as it is", training), code("as it is", queries)
    short = gallery.shape[1] <= collection_doubt.MOST_DIMENSIONS
    size = gallery.shape[1]
    lengths = sorted({min(PREFIX, size), size} if short else {size})
    ranked = rank(
        asked, artists[queries], gallery, artists[training], cutoffs=(1,), prefixes=lengths
    )
    means = artist_styles(gallery, artists[training]).means
    values = {
        "precision": ranked.values["precision_at_1"][:, -1],
        "map_at_r": ranked.values["map_at_r"][:, -1],
    }
    if short:
        values["precision_16"] = ranked.values["precision_at_1"][:, 0]
    before = nearest_styles(asked, means, lengths[-1:])[:, 0]
    for change in CHANGES:
        if (changed := code(change, queries)) is not None:
            values[f"kept: {change}"] = nearest_styles(changed, means, lengths[-1:])[:, 0] == before
    return values, collection_doubt.answers(code, training, queries, artists, families)


def summary(values, clusters):
    """Means over all queries of all seeds, with intervals clustered by artist."""
    row = {}
    for name in values[0]:
        of_all = np.concatenate([each[name] for each in values]).astype(float)
        row[name] = {
            "value": float(of_all.mean()),
            "interval": [float(end) for end in mean_interval(of_all, clusters)],
            "by_seed": [float(np.mean(each[name])) for each in values],
        }
    correct = np.concatenate([each["precision"] for each in values])
    row["balanced"] = {
        "value": float(np.mean([correct[clusters == one].mean() for one in np.unique(clusters)]))
    }
    return row


def rows_of(images, parts):
    """The rows of the table: a function each, from training works and artists to a code.

    A code is a function from the name of a version of the pictures and rows to `[rows, features]`.
    """
    both, maps, colors = ("colors", "maps"), ("maps",), ("colors",)

    def untrained(kinds):
        return lambda **drawn: plain(parts, kinds)

    def learned(kinds, **options):
        return lambda training, artists, seed: linear(parts, kinds, training, artists, **options)

    def trained(method):
        return functools.partial(from_scratch, images, method=method, steps=_STEPS.value)

    def floor(name):
        features = functools.cache(lambda: FLOORS[name](images))
        return lambda **drawn: of_array(features())

    return {f"floor: {name}": floor(name) for name in FLOORS} | {
        "maps": untrained(maps),
        "colors and maps, without training": untrained(both),
        "colors, linear code": learned(colors),
        "maps, linear code": learned(maps),
        "colors and maps, linear code": learned(both),
        "colors and maps, linear code that changes move little": learned(both, changed=True),
        LONGER: learned(both, changed=True, directions=DIRECTIONS),
        **{f"{FROM_SCRATCH}{method}": trained(method) for method in METHODS},
    }


def measure(images, artists, families, rows):
    """Measures the rows of one set that are asked for and not there yet; yields after each.

    Args:
        images: as `read_folder` gives them.
        artists: likewise.
        families: likewise.
        rows: dictionary of the rows that are there, added to.
    """
    draws = {seed: split(artists, families, seed) for seed in _SEEDS.value}
    training, queries = (
        np.unique(np.concatenate(side)) for side in zip(*draws.values(), strict=True)
    )
    parts = Parts(images, _VARIANT.value, training=training, queries=queries)
    for name, make in rows_of(images, parts).items():
        if name in rows or not name.startswith(tuple(_ROWS.value) or ""):
            continue
        chosen = _TRAINING_SEEDS.value if name.startswith(FROM_SCRATCH) else _SEEDS.value
        values, doubts, started = [], [], time.process_time()
        for seed in chosen:
            drawn, asked = draws[seed]
            code = make(artists=artists, training=drawn, seed=seed)
            of_seed, doubt = graded(code, drawn, asked, artists, families)
            values.append(of_seed)
            doubts.append(doubt)
        seconds = (time.process_time() - started) / len(chosen)
        clusters = np.concatenate([artists[draws[seed][1]] for seed in chosen])
        rows[name] = summary(values, clusters) | collection_doubt.summary(doubts)
        rows[name] |= {"queries": len(clusters), "processor_seconds": {"value": seconds}}
        if "linear code" in name:
            rows[name]["processor_seconds_a_picture"] = {"value": parts.seconds}
        logging.info("%s: %.3f, %.0f s", name, rows[name]["precision"]["value"], seconds)
        yield


def table(sets):
    """Markdown table: P@1, balanced and MAP@R of each row on each set."""
    names = list(next(iter(sets.values()))["rows"])
    lines = [f"| P@1 / balanced / MAP@R | {' | '.join(sets)} |", "|---" * (1 + len(sets)) + "|"]
    for name in names:
        rows = [of_set["rows"].get(name) for of_set in sets.values()]
        cells = [
            " / ".join(f"{row[measure]['value']:.3f}" for measure in MEASURES) if row else "-"
            for row in rows
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measures every set that is given, writes the results after each row, prints the table."""
    sets = {pathlib.Path(folder).name: read_folder(folder) for folder in _FOLDERS.value}
    if _EMOJI.value:
        sets = {"emoji": read_emoji(_EMOJI.value)} | sets
    if not sets:
        raise InputError("expected --emoji, --folders or both, received neither: name a set")
    settings = {"variant": _VARIANT.value, "seeds": _SEEDS.value, "training_works": TRAINING}
    settings |= {"steps": _STEPS.value, "training_seeds": _TRAINING_SEEDS.value}
    results = {"definitions": DEFINITIONS, "settings": settings, "sets": {}}
    if (before := read_json(_OUTPUT.value)) is not None:
        if before["settings"] != settings:
            raise InputError(f"--output: {_OUTPUT.value} has other settings: name another file")
        results["sets"] = before["sets"]
    for name, (images, artists, families) in sets.items():
        counts = {"artists": int(artists.max()) + 1, "works": int((artists >= 0).sum())}
        counts["works_of_unknown_artists"] = int((artists < 0).sum())
        of_set = results["sets"].setdefault(name, counts | {"rows": {}})
        for _ in measure(images, artists, families, of_set["rows"]):
            write_json(_OUTPUT.value, results)
    print(table(results["sets"]))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
