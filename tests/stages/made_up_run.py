"""A run of twelve test works whose numbers can be reckoned by hand.

A work is a flat picture, and its color is its code: ten levels are a unit, red and green are style,
blue is content. Three artists stand at three corners, ten units apart.
"""

import types

import numpy as np
import tensorflow as tf

from anime_style_tf.content_density import ContentDensity
from anime_style_tf.workdir import networks

ARTISTS = ["ann", "bob", "cy"]
SIDE = 16
CORNERS = np.array([[-5.0, -5, 0], [5, -5, 0], [-5, 5, 0]])  # of ann, bob and cy
# The half of the test split that reports: artist, and where the work lies about the corner of its
# artist. One work by ann lies beside bob's corner, one by cy half-way to ann's.
REPORTING = [
    (0, (0, 0.5, 0)),
    (0, (9, 0, 0)),
    (1, (0, 0.5, 0)),
    (1, (0, -0.5, 0)),
    (2, (0, 0, 0)),
    (2, (1, -4.6, 0)),
]
# The other half, which chose k_S: each work lies at the corner of the next artist.
SELECTING = [(artist, CORNERS[(artist + 1) % 3] - CORNERS[artist]) for artist in (0, 1, 2) * 2]
TRAINING = [
    (0, (0, -1, 0)), (0, (0, 1, 0)),
    (1, (0, -1, 0)), (1, (0, 1, 0)),
    (2, (-1, 0, 0)), (2, (1, 0, 0)),
]  # fmt: skip
# Every other test work selects, beginning with the first.
SPLITS = {
    "test": [work for pair in zip(SELECTING, REPORTING, strict=True) for work in pair],
    "train": TRAINING,
}


def drawn(codes):
    """Flat pictures of codes `[..., 3]`, sRGB in [0, 1]."""
    colors = np.clip((128 + 10 * np.asarray(codes)) / 255, 0, 1).astype(np.float32)
    return np.tile(colors[..., None, None, :], (SIDE, SIDE, 1))


def read(images):
    """Codes `[images, 3]` of pictures, sRGB uint8 or in [0, 1]."""
    levels = images * (1.0 if images.dtype == np.uint8 else 255.0)
    return (levels.mean(axis=(1, 2)) - 128) / 10


class Classifier:
    """The same with its leading dimensions exchanged; its only map is the picture."""

    trunk = types.SimpleNamespace(maps=lambda images: [images / 1.0])

    def __call__(self, images):
        return read(images)[:, [1, 0, 2]]


class StyleEncoder:
    """Stands for S^, which keeps two dimensions and standardizes them by 1."""

    code_size = 2
    deviation, mean = tf.ones(2), tf.zeros(2)

    def __call__(self, images):
        return read(images)[:, :2]


def images_of(split):
    """Pictures of a split, uint8."""
    places = np.array([CORNERS[artist] + place for artist, place in SPLITS[split]])
    return np.round(255 * drawn(places)).astype(np.uint8)


def labels_of(split):
    """Artists of a split."""
    return np.array([artist for artist, _ in SPLITS[split]])


def _batches(split, size, *, repeat):
    images = images_of(split)
    names = [f"{split} {number}".encode() for number in range(len(images))]
    whole = {
        "image": images,
        "coverage": np.full_like(images[..., :1], 255),
        "work_id": names,
        "factors": ["{}"] * len(images),
    }
    return tf.data.Dataset.from_tensor_slices(whole).batch(size)


def _generate(style, content, free=None):
    """Draws the style asked for, and half the content."""
    shape = np.broadcast_shapes(np.shape(style)[:-1], np.shape(content)[:-1])
    style, content = (np.broadcast_to(c, (*shape, c.shape[-1])) for c in (style, content))
    return drawn(np.concatenate([style, content / 2], axis=-1))


def make_trained(workdir, *, lacking=(), labels=labels_of):
    """Stands for `Trained`: k_S is 2 of 3 dimensions, k_C is 1, and one dimension is free.

    The classifier knows bob by his place in the second dimension of its code and takes everybody
    else for ann.

    Args:
        workdir: folder of the run.
        lacking: parts that it has not.
        labels: function from a split to the artists of its works.
    """
    records = types.SimpleNamespace(
        artists=ARTISTS, batches=_batches, labels=labels, count=lambda split: len(SPLITS[split])
    )
    encoders = {"style_encoder": read, "classifier_encoder": Classifier()}
    curve = {"lengths": [1], "squared_error": [0.5], "standard_error": [0.1]}
    return types.SimpleNamespace(
        workdir=workdir,
        records=records,
        network=lambda stage, name: encoders[name],
        style_encoder=StyleEncoder(),
        content_encoder=types.SimpleNamespace(code_size=1),
        content_density=ContentDensity.standard(1),
        free_size=1,
        artists={
            "presumed_styles": CORNERS + np.array([[0], [25], [0]]) * [0, 0, 1],
            "mean_styles": CORNERS[:, :2],
            "classifier_kernel": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
            "classifier_bias": np.array([0, 0, -99]),
        },
        pruning=lambda stage: {
            "code_size": {"style": 2, "content": 1}[stage],
            "rule": f"the rule of {stage}", "split": f"some of {stage}", "count": 7, **curve,
        },
        lacks=lambda *parts: next((f"no {part}" for part in parts if part in lacking), None),
        encode_style=StyleEncoder(),
        encode=lambda images: (StyleEncoder()(images), read(images)[:, 2:]),
        generate=_generate,
    )  # fmt: skip


def patch_networks(monkeypatch):
    """Lets the stand-ins for networks read pictures as networks do."""
    monkeypatch.setattr(
        networks, "over_records", lambda encoder, records, split: encoder(images_of(split))
    )
    monkeypatch.setattr(networks, "over_images", lambda encoder, images: encoder(images))
