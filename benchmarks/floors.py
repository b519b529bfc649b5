"""Floors of style retrieval on emoji: what hand-made features reach without any training.

The protocol of `style_emoji.py`: each of the seeds holds out a third of the subject groups; the
queries are the drawings of those groups, the gallery all others, and P@1 is the share of queries
whose nearest neighbor is by the same artist (chance .125). Beside it P@1 of content: each drawing
looks for its own subject group among the drawings by other artists. Intervals (95 %) take the
drawings of one subject group, over all seeds, as one cluster.

    python -m benchmarks.floors --input=emoji64.zip --output=floors.json --seeds=0,1,2,3,4
"""

import dataclasses

import numpy as np
from absl import flags, logging
from sklearn.neighbors import NearestNeighbors

from anime_style_tf.evaluation.controls import precision_by_chance
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.contenders.floors import FLOORS
from benchmarks.emoji_drawings import load, split, validation_split

_INPUT = define_input("input", "The archive of drawings.", required=True)
_OUTPUT = define_output("floors.json")
_SEEDS = define_numbers("seeds", [0, 1, 2, 3, 4], "Seeds of the held-out groups.")
_FLOORS = flags.DEFINE_list("floors", list(FLOORS), "Which features.")
_VALIDATION = flags.DEFINE_bool(
    "validation", False, "Hold out the groups that none of --seeds holds out: to choose features."
)

STYLE = (
    "Share of held-out drawings whose nearest neighbor among the drawings of all other subject "
    "groups is by the same artist; mean over seeds. Interval: normal, clustered by subject group."
)
CONTENT = (
    "Share of drawings whose nearest neighbor among the drawings by other artists is of the same "
    "subject group. Interval: normal, clustered by subject group."
)


def finds(queries, labels, gallery, gallery_labels):
    """Whether each query's nearest neighbor has its label.

    Features have up to 12,288 dimensions, too many for the exact differences of
    `evaluation.retrieval.ranking`; of works at equal distance the first is taken.
    """
    search = NearestNeighbors(n_neighbors=1, algorithm="brute").fit(gallery)
    nearest = search.kneighbors(queries, return_distance=False)[:, 0]
    return gallery_labels[nearest] == labels


def style(parts):
    """P@1 of the artists.

    Args:
        parts: `(gallery, queries)` for each seed, `Drawings` with features in place of images.

    Returns:
        Dictionary: the measurement, and P@1 by seed.
    """
    correct = [
        finds(queries.images, queries.artists, gallery.images, gallery.artists)
        for gallery, queries in parts
    ]
    groups = np.concatenate([queries.groups for _, queries in parts])
    interval = mean_interval(np.concatenate(correct), groups)
    by_seed = [float(each.mean()) for each in correct]
    value = measurement(np.mean(by_seed), definition=STYLE, interval=interval, count=len(groups))
    return value | {"by_seed": by_seed}


def content(drawings):
    """P@1 of the subject groups, across artists.

    Args:
        drawings: `Drawings` with features in place of images.

    Returns:
        Dictionary: the measurement, and what chance would give.
    """
    subjects = np.unique(drawings.groups, return_inverse=True)[1]
    correct, groups, chances = [], [], []
    for artist in np.unique(drawings.artists):
        gallery = drawings.artists != artist
        queries = ~gallery & np.isin(subjects, subjects[gallery])
        sides = (drawings.images[queries], subjects[queries])
        correct.append(finds(*sides, drawings.images[gallery], subjects[gallery]))
        groups.append(subjects[queries])
        chances.append(precision_by_chance(subjects[queries], subjects[gallery]))
    correct, groups = np.concatenate(correct), np.concatenate(groups)
    interval = mean_interval(correct, groups)
    value = measurement(correct.mean(), definition=CONTENT, interval=interval, count=len(correct))
    return value | {"chance": float(np.mean(chances))}


def table(results):
    """Markdown table of all floors."""
    lines = ["| floor | features | style P@1 | seeds | content P@1 |", "|---" * 5 + "|"]
    for name, row in results.items():
        cells = [name, f"{row['features']:,}"]
        for measured in (row["style"], row["content"]):
            low, high = measured["interval"]
            cells.append(f"{measured['value']:.3f} ({low:.3f}-{high:.3f})")
        seeds = row["style"]["by_seed"]
        cells.insert(3, f"{min(seeds):.3f}-{max(seeds):.3f}")
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Measures every floor, writes the results and prints the table."""
    drawings = load(_INPUT.value)
    results = {}
    for name in _FLOORS.value:
        features = dataclasses.replace(drawings, images=FLOORS[name](drawings.images))
        if _VALIDATION.value:
            parts = [validation_split(features, _SEEDS.value)]
            features = parts[0][1]
        else:
            parts = [split(features, seed) for seed in _SEEDS.value]
        results[name] = {
            "features": features.images.shape[1],
            "style": style(parts),
            "content": content(features),
        }
        logging.info("%s: %s", name, results[name])
    write_json(_OUTPUT.value, results)
    print(table(results))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
