"""Small collections: who drew a work, from 15 works of each artist? Floors, frozen maps and ours.

Sets by named artists, none of them in this repository: emoji (`emoji_archive.mjs`), drawings of
`openclipart_folder`, paintings of `wesnoth_folder`. Each seed draws 15 training works of each
artist; queries, 40 an artist at most, are works of families (subjects, figures) that no training
work is of, the gallery the training works. The linear code is what trainings with pretrained maps
start from (`training.closed_form`); `--steps` trains a network of its own beside it, for each set
and seed. Intervals (95 %) take the works of one artist, over all seeds, as one cluster.

    python -m benchmarks.collections --emoji=emoji64.zip --folders=build/clipart,build/portraits
"""

import functools
import pathlib
import time

import keras
import numpy as np
from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval
from anime_style_tf.exploration import artist_styles
from anime_style_tf.pretrained.weights import load_published
from anime_style_tf.stages.linear_start import changed_versions
from anime_style_tf.style_encoder import StyleEncoder
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.training.closed_form import linear_discriminants
from anime_style_tf.workdir.networks import over_images
from benchmarks.collection_sets import TRAINING, read_emoji, read_folder, split
from benchmarks.collection_trainings import from_scratch
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.contenders.floors import FLOORS

_EMOJI = define_input("emoji", "The archive of drawings.")
_FOLDERS = flags.DEFINE_list("folders", [], "Folders with one folder an artist.")
_OUTPUT = define_output("collections.json")
_SEEDS = define_numbers("seeds", [0, 1, 2, 3, 4], "Seeds of the training works.")
_STEPS = flags.DEFINE_integer(
    "steps", 0, "Of a network of its own beside, trained for each seed; 0 trains none.", 0
)
_VARIANT = flags.DEFINE_string("variant", "lite0", "Of the pretrained maps.")

CHANGES = ("half size and back", "JPEG 50", "blur of 0.6 pixels")
DEFINITIONS = {
    "precision": "share of queries whose nearest training work is by the same artist",
    "balanced": "the same, the mean of the artists' shares",
    "map_at_r": "mean average precision among the nearest R training works, R those of the artist",
    "kept": "share of queries that a change of the picture leaves with the artist whose mean of "
    "training works is nearest, right or wrong",
}


class Parts:
    """What the linear code reads of a set, each version of the works read once.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        variant: of the pretrained maps.
    """

    def __init__(self, images, variant):
        keras.utils.clear_session()
        encoder = StyleEncoder(levels=(), color_levels=16, pretrained=variant)
        encoder.build()
        load_published(encoder.frozen)
        versions = {"as it is": images}
        for number, version in enumerate(changed_versions(images, seed=0)):
            versions[f"changed {number}"] = version
        versions |= {name: PERTURBATIONS[name](images) for name in CHANGES}
        self.changed = [name for name in versions if name.startswith("changed")]
        self._read = {
            name: over_images(lambda lab: tuple(encoder.parts(lab)), version)
            for name, version in versions.items()
        }

    def __call__(self, version, rows, kinds):
        """List of `[rows, features]`: `kinds` names "colors", "maps" or both."""
        parts = dict(zip(("colors", "maps"), self._read[version], strict=True))
        return [parts[kind][rows].astype(np.float64) for kind in kinds]


def linear(parts, kinds, training, artists, *, changed):
    """Function from a version and rows to linear codes, fitted on the training works."""
    versions = ["as it is", *(parts.changed if changed else [])]
    read = [parts(version, training, kinds) for version in versions]
    stacked = [np.concatenate(part) for part in zip(*read, strict=True)]
    kernel, bias = linear_discriminants(stacked, np.tile(artists[training], len(versions)))
    return lambda version, rows: np.concatenate(parts(version, rows, kinds), 1) @ kernel + bias


def plain(parts, kinds):
    """Function from a version and rows to the features themselves."""
    return lambda version, rows: np.concatenate(parts(version, rows, kinds), 1)


def of_array(features):
    """The same for features that no change of the picture is known for."""
    return lambda version, rows: features[rows] if version == "as it is" else None


def graded(code, training, queries, artists):
    """Values of each query, and the shares that changes of the picture leave."""
    gallery, asked = code("as it is", training), code("as it is", queries)
    ranked = rank(asked, artists[queries], gallery, artists[training], cutoffs=(1,))
    means = artist_styles(gallery, artists[training]).means
    values = {
        "precision": ranked.values["precision_at_1"][:, 0],
        "map_at_r": ranked.values["map_at_r"][:, 0],
    }
    length = [gallery.shape[1]]
    before = nearest_styles(asked, means, length)[:, 0]
    for change in CHANGES:
        if (changed := code(change, queries)) is not None:
            values[f"kept: {change}"] = nearest_styles(changed, means, length)[:, 0] == before
    return values


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

    def learned(kinds, changed):
        return lambda training, artists, seed: linear(
            parts, kinds, training, artists, changed=changed
        )

    def floor(name):
        features = FLOORS[name](images)
        return lambda **drawn: of_array(features)

    return {f"floor: {name}": floor(name) for name in FLOORS} | {
        "maps": untrained(maps),
        "colors and maps, without training": untrained(both),
        "colors, linear code": learned(colors, changed=False),
        "maps, linear code": learned(maps, changed=False),
        "colors and maps, linear code": learned(both, changed=False),
        "colors and maps, linear code of changed works too": learned(both, changed=True),
    }


def measure(images, artists, families):
    """All rows of one set."""
    started = time.monotonic()
    rows = rows_of(images, Parts(images, _VARIANT.value))
    draws = [split(artists, families, seed) for seed in _SEEDS.value]
    clusters = np.concatenate([artists[queries] for _, queries in draws])
    if _STEPS.value:
        rows[f"own network and colors, from scratch, {_STEPS.value} steps"] = functools.partial(
            from_scratch, images, steps=_STEPS.value
        )
    results = {}
    for name, make in rows.items():
        values = []
        for seed, (drawn, asked) in zip(_SEEDS.value, draws, strict=True):
            code = make(artists=artists, training=drawn, seed=seed)
            values.append(graded(code, drawn, asked, artists))
        results[name] = summary(values, clusters)
        logging.info("%s: %.3f", name, results[name]["precision"]["value"])
    logging.info("%d works in %.0f s", len(artists), time.monotonic() - started)
    counts = {"artists": int(artists.max()) + 1, "works": len(artists), "queries": len(clusters)}
    return counts | {"rows": results}


def table(sets):
    """Markdown table: P@1, balanced and MAP@R of each row on each set."""
    names = list(next(iter(sets.values()))["rows"])
    lines = [f"| P@1 / balanced / MAP@R | {' | '.join(sets)} |", "|---" * (1 + len(sets)) + "|"]
    for name in names:
        cells = [
            " / ".join(
                f"{of_set['rows'][name][measure]['value']:.3f}"
                for measure in ("precision", "balanced", "map_at_r")
            )
            for of_set in sets.values()
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measures every set that is given, writes the results and prints the table."""
    sets = {pathlib.Path(folder).name: read_folder(folder) for folder in _FOLDERS.value}
    if _EMOJI.value:
        sets = {"emoji": read_emoji(_EMOJI.value)} | sets
    if not sets:
        raise InputError("expected --emoji, --folders or both, received neither: name a set")
    results = {name: measure(*drawings) for name, drawings in sets.items()}
    settings = {"variant": _VARIANT.value, "seeds": _SEEDS.value, "training_works": TRAINING}
    settings |= {"steps": _STEPS.value}
    write_json(_OUTPUT.value, {"definitions": DEFINITIONS, "settings": settings, "sets": results})
    print(table(results))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
