"""The style encoder's start where it reads pretrained maps: the linear code of the works."""

import numpy as np
from keras import ops

from anime_style_tf.evaluation.perturbations import (
    as_jpeg,
    blurred,
    mirrored,
    resized_and_back,
    shifted,
)
from anime_style_tf.exploration import artist_styles
from anime_style_tf.pretrained.weights import load_published
from anime_style_tf.training.closed_form import linear_discriminants
from anime_style_tf.workdir import networks

# Of each work; six are no better than two.
_CHANGED_VERSIONS = 2
_MOST_WORKS = 1000  # what the closed form takes grows with the cube of it


def start_from_works(encoder, records, *, seed):
    """Reads published weights, and gives the head the linear code of the training works.

    Args:
        encoder: built `StyleEncoder` that reads pretrained maps.
        records: `Records`.
        seed: whole number; of the changes that the works undergo.

    Returns:
        `[artists, D]`, the mean code of each artist's training works.

    Raises:
        InputError: the package of the weights is missing.
    """
    artists = records.labels("train")
    rows = _of_all_artists(artists)
    start_from_images(encoder, _images(records, rows), artists[rows], seed=seed)
    codes = networks.over_records(encoder, records, "train")
    return artist_styles(codes, artists).means


def start_from_images(encoder, images, artists, *, seed, changes=_CHANGED_VERSIONS):
    """Reads published weights, and gives the head the linear code of some works.

    Args:
        encoder: built `StyleEncoder` that reads pretrained maps.
        images: `[works, height, width, 3]`, sRGB uint8.
        artists: `[works]` int.
        seed: whole number; of the changes that the works undergo.
        changes: changed versions of each work, which its artist must survive; 0 for none.

    Raises:
        InputError: the package of the weights is missing.
    """
    load_published(encoder.frozen)
    read = networks.image_function(lambda lab: tuple(encoder.parts(lab)))
    changed = [read(version) for version in changed_versions(images, seed=seed, count=changes)]
    encoder.start_from(*linear_discriminants(read(images), artists, changed=changed))


def _of_all_artists(artists):
    """Rows of at most `_MOST_WORKS` works: the first of every artist, then the second of each."""
    turns = np.zeros(len(artists), int)
    for artist in np.unique(artists):
        own = artists == artist
        turns[own] = np.arange(own.sum())
    return np.sort(np.argsort(turns, kind="stable")[:_MOST_WORKS])


def _images(records, rows):
    """Images `[rows, height, width, 3]`, sRGB uint8, of some works of the training split."""
    kept, start = [], 0
    for batch in records.batches("train", 64, repeat=False):
        images = ops.convert_to_numpy(batch["image"])
        kept.append(images[rows[(rows >= start) & (rows < start + len(images))] - start])
        start += len(images)
    return np.concatenate(kept)


def changed_versions(images, *, seed, count=_CHANGED_VERSIONS):
    """Works as they come back from other programs: what must not make them another artist's.

    Args:
        images: `[works, height, width, 3]`, sRGB uint8.
        seed: whole number.
        count: versions.

    Returns:
        List of arrays like `images`: each work mirrored or not, moved a little, and either encoded
        as JPEG, brought to a smaller size and back, or blurred.
    """
    rng = np.random.default_rng(seed)
    reach = max(1, images.shape[1] // 32)

    def change(image):
        image = mirrored(image) if rng.random() < 0.5 else image
        rows, columns = rng.integers(-reach, reach + 1, 2)
        image = shifted(image, rows=rows, columns=columns)
        kind = rng.integers(3)
        if kind == 0:
            return as_jpeg(image, quality=int(rng.integers(40, 96)))
        if kind == 1:
            return resized_and_back(image, scale=rng.uniform(0.5, 1))
        return blurred(image, radius=rng.uniform(0, 1))

    return [np.concatenate([change(image[None]) for image in images]) for _ in range(count)]
