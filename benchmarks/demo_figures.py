"""Which of the demo's figures are shown, where they are in a run, and their table."""

import pathlib

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES
from anime_style_tf.workdir.provenance import read_json

_ML, _CLASSIFIER = "metric_learning", "classifier"
_LENGTH = ("style", "k_S")  # the number of dimensions that curves are read at
# Row -> where its value is in metrics.json. A place in `retrieval` is read at k_S dimensions.
# "As drawn": mean style of an artist, or style of a work, and content of the density; else N(0, I).
ROWS = {
    "style dimensions kept, k_S": _LENGTH,
    "artist found by the nearest presumed style": ("style", "accuracy_at_k_S"),
    "the same network trained as a classifier": ("style", "accuracy_against_d", _CLASSIFIER),
    "nearest training work by the same artist": ("retrieval", _ML, "precision_at_1"),
    "the same, classifier": ("retrieval", _CLASSIFIER, "precision_at_1"),
    "the same, features that nobody trained, the best": ("retrieval", "floors", "precision_at_1"),
    "MAP@R": ("retrieval", _ML, "map_at_r"),
    "MAP@R, classifier": ("retrieval", _CLASSIFIER, "map_at_r"),
    "MAP@R, features that nobody trained, the best": ("retrieval", "floors", "map_at_r"),
    "variance ratio": ("style", "variance_ratio_at_k_S", _ML),
    "variance ratio, classifier": ("style", "variance_ratio_at_k_S", _CLASSIFIER),
    "variance ratio, metric learning / classifier": ("style", "ratio_of_variance_ratios_at_k_S"),
    "calibration error of attribution": ("attribution", "calibration_error"),
    "artist kept at half size and back": ("robustness", "half size and back", "attribution_kept"),
    "content dimensions kept, k_C": ("content", "k_C"),
    "recovery error per dimension, style": ("recovery", "style"),
    "recovery error per dimension, content": ("recovery", "content"),
    "recovery error per dimension, style, as drawn": ("recovery", "style_as_drawn"),
    "recovery error per dimension, content, as drawn": ("recovery", "content_as_drawn"),
    "artist read from the content code by a linear probe": (
        "leakage", "artist_from_content_code", "linear", "share",
    ),
    "the same, shuffled artists": ("leakage", "artist_from_content_code", "linear", "null"),
    "artist read from the content code by the nearest works": (
        "leakage", "artist_from_content_code", "nearest_neighbors", "share",
    ),
    "the same by the nearest works, shuffled artists": (
        "leakage", "artist_from_content_code", "nearest_neighbors", "null",
    ),
    "generated images taken for the artist asked for, by the classifier": (
        "reattribution", "by_classifier", "share",
    ),
    "generated images as drawn, by the classifier": (
        "reattribution", "by_classifier", "share_as_drawn",
    ),
    "test works, by the classifier": ("reattribution", "by_classifier", "test_works"),
    "generated images, by hand-made features": (
        "reattribution", "by_hand_made_features", "share",
    ),
    "generated images as drawn, by hand-made features": (
        "reattribution", "by_hand_made_features", "share_as_drawn",
    ),
    "test works, by hand-made features": ("reattribution", "by_hand_made_features", "test_works"),
    "generated images, by the style encoder that the generator was trained through": (
        "reattribution", "by_style_encoder_trained_through", "share",
    ),
    "kernel distance, generated images": ("fidelity", "kernel_distance", "generated"),
    "kernel distance, generated images, as drawn": (
        "fidelity", "kernel_distance", "generated_as_drawn",
    ),
    "kernel distance, half of the test works": ("fidelity", "kernel_distance", "works"),
    "recall of works by generated images": ("fidelity", "recall", "generated"),
    "energy at the Nyquist frequency, generated images": ("fidelity", "nyquist_ratio", "generated"),
    "energy at the Nyquist frequency, generated images, as drawn": (
        "fidelity", "nyquist_ratio", "generated_as_drawn",
    ),
    "energy at the Nyquist frequency, test works": ("fidelity", "nyquist_ratio", "works"),
    "edges, generated images over works": ("fidelity", "edge_ratio", "generated"),
    "edges, generated images as drawn over works": (
        "fidelity", "edge_ratio", "generated_as_drawn",
    ),
    "change of a pixel by another free code, levels of 255": ("fidelity", "moved_by", "free"),
    "skin read from a work redrawn in another style": ("factors", "skin", "generated"),
    "skin read from works": ("factors", "skin", "works"),
    "hair color read from a work redrawn in another style": ("factors", "hair", "generated"),
    "hair color read from works": ("factors", "hair", "works"),
}  # fmt: skip


def figure(metrics, place):
    """One number of a run.

    Args:
        metrics: content of `metrics.json`.
        place: keys that lead to it.

    Returns:
        Dictionary with `value`, and `interval` and `count` where it has them; None where it was not
        measured.
    """
    entry = metrics
    for key in place:
        if place[1] == "floors" and key == place[-1]:
            entry = _best_floor(entry, key)
        else:
            entry = entry.get(key, {})
    if "value" not in entry:
        return None
    entry = {key: entry[key] for key in ("value", "interval", "count") if key in entry}
    if isinstance(entry["value"], list):
        lengths = metrics[place[0]].get(place[1], {}).get("lengths")
        size = metrics["style"]["k_S"]["value"]
        at = lengths.index(size) if lengths else size - 1
        entry["value"] = entry["value"][at]
        entry["interval"] = [bound[at] for bound in entry["interval"]]
    return entry


def _best_floor(floors, measure):
    trained = ("style_code", "gallery", "not_measured")
    found = [each[measure] for name, each in floors.items() if name not in trained]
    return max(found, key=lambda entry: entry["value"], default={})


def read_run(folder):
    """Collects the figures of a run.

    Args:
        folder: of the run.

    Returns:
        Dictionary with `figures` (row of `ROWS` -> what `figure` returns), `minutes` by stage, and
        what the run was made with.

    Raises:
        InputError: a stage has not ended, or the run was evaluated by an earlier version.
    """
    folder = pathlib.Path(folder)
    done = {name: read_json(folder / name / "done.json") for name in STAGES}
    if missing := [name for name, each in done.items() if each is None]:
        raise InputError(
            f"{folder}: expected a finished run, received none of {', '.join(missing)}; run it "
            "with --stage=all first"
        )
    metrics = read_json(folder / "evaluate" / "metrics.json")
    if "by_classifier" not in metrics["reattribution"]:
        raise InputError(
            f"{folder}: expected numbers of this version, received older ones; run it with "
            "--stage=evaluate --overwrite first"
        )
    minutes = {name: each["duration_seconds"] / 60 for name, each in done.items()}
    config = read_json(folder / "style" / "config.json")
    return {
        "run": folder.name,
        "seed": config.get("seed"),
        "minutes": sum(minutes.values()),
        "minutes_by_stage": minutes,
        "git_revision": done["evaluate"]["git_revision"],
        "versions": done["evaluate"]["versions"],
        "figures": {row: figure(metrics, place) for row, place in ROWS.items()},
    }


def over_runs(runs):
    """Returns row -> `mean`, `least` and `most` over the runs in which it was measured."""
    result = {}
    for row in ROWS:
        values = [each["figures"][row]["value"] for each in runs if each["figures"][row]]
        if values:
            mean = sum(values) / len(values)
            result[row] = {"mean": mean, "least": min(values), "most": max(values)}
    return result


def table(runs, ranges):
    """Returns the Markdown table: the first run with its intervals, and the range over runs.

    Args:
        runs: what `read_run` returned, of each run.
        ranges: what `over_runs` returned.
    """
    lines = [
        "<!-- numbers: benchmarks/results/demo.json -->",
        f"| what | value | 95 % interval | works or images | range over {len(runs)} runs |",
        "|---|---|---|---|---|",
    ]
    for row, entry in runs[0]["figures"].items():
        if entry:
            bounds = entry.get("interval", [None])
            interval = "" if None in bounds else " - ".join(map(written, bounds))
            least, most = (written(ranges[row][end]) for end in ("least", "most"))
            count = f"{entry['count']:,}" if "count" in entry else ""
            lines.append(
                f"| {row} | {written(entry['value'])} | {interval} | {count} | {least} - {most} |"
            )
    return "\n".join(lines)


def written(value):
    """Returns a number as the table has it: a count plainly, anything else to three decimals."""
    text = f"{value:.3f}"
    return str(value) if isinstance(value, int) else text.removeprefix("0")
