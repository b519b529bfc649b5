"""Trained networks as files, and as functions over a whole set of records."""

import os
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.decoder import Decoder
from anime_style_tf.discriminator import DiscriminatorConsortium
from anime_style_tf.errors import InputError
from anime_style_tf.image.color import srgb_to_lab
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.layers.scaled_maps import ScaledMaps
from anime_style_tf.pretrained.weights import load_published
from anime_style_tf.projected_discriminator import ProjectedDiscriminator
from anime_style_tf.replacing import replacing
from anime_style_tf.style_encoder import StyleEncoder

# What a `.keras` file may hold. Naming the classes here also makes Keras know them.
NETWORKS = {
    network.__name__: network
    for network in (
        ContentEncoder, Decoder, DiscriminatorConsortium, ProjectedDiscriminator, PrunedEncoder,
        StyleEncoder,
    )
}  # fmt: skip


def save_network(network, path):
    """Writes a network as a `.keras` file, and reads it back to see that it is all there.

    Args:
        network: built Keras model without optimizers.
        path: ends in `.keras`; replaced as a whole.

    Raises:
        InputError: the disk is full.
        RuntimeError: if what was read back differs.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as unfinished:
        network.save(unfinished)
        again = keras.saving.load_model(unfinished, NETWORKS, compile=False).get_weights()
        weights = network.get_weights()
        if len(again) != len(weights) or not all(map(np.array_equal, again, weights)):
            raise RuntimeError(f"{path.name} did not come back from its file as it was.")


def load_network(path: str | os.PathLike) -> keras.Model:
    """Reads a network that a stage left.

    Args:
        path: of the `.keras` file, in the folder of the stage that makes it.

    Returns:
        Keras model, not trainable.

    Raises:
        InputError: if the file is missing or cannot be read.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(
            f"{path} is missing; run --stage={path.parent.name} with the same --workdir first."
        )
    try:
        network = keras.saving.load_model(path, NETWORKS, compile=False)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{path} cannot be read ({type(error).__name__}); make it again with "
            f"--stage={path.parent.name} --overwrite."
        ) from error
    network.trainable = False
    return network


def prune(encoder, code_size, codes, *, standardize=True, style_encoder=None, styles=None):
    """Keeps the first dimensions of an encoder's code.

    Args:
        encoder: built Keras model from normalized Lab to codes.
        code_size: dimensions kept.
        codes: `[works, >= code_size]`, codes of the training works.
        standardize: gives each kept dimension zero mean and unit variance over `codes`.
        style_encoder: pruned S^, of which what it says of the code is taken off; None for nothing.
        styles: `[works, k_S]`, the codes of `style_encoder` that go with `codes`.

    Returns:
        Built `PrunedEncoder`.
    """
    pruned = PrunedEncoder(encoder, code_size=code_size, style_encoder=style_encoder)
    pruned.build((None, encoder.image_size, encoder.image_size, 3))
    if standardize:
        pruned.standardize(codes, styles)
    return pruned


def published_maps(records, maps=None, *, works=256):
    """Gives maps the published weights of their network, and their scale from works.

    Args:
        records: `Records`.
        maps: `ScaledMaps`, built here if it is not; None for new ones.
        works: how many the scale is taken from, the first of the training split.

    Returns:
        The `ScaledMaps`.

    Raises:
        InputError: the package with the published weights is missing.
    """
    maps = ScaledMaps(name="maps") if maps is None else maps
    images = next(iter(records.batches("train", works, repeat=False)))["image"]
    if not maps.built:
        maps.build((None, *images.shape[1:]))
    load_published(maps.network)
    maps.adapt(srgb_to_lab(images))
    return maps


def over_records(function, records, split, *, batch_size=64):
    """Applies a function of images to every work of a split, in the records' order.

    Args:
        function: from normalized Lab `[batch, height, width, 3]` to one tensor or a tuple of
            tensors, each `[batch, ...]`.
        records: `Records`.
        split: "train", "test" or "all".
        batch_size: works at a time.

    Returns:
        One NumPy array `[works, ...]`, or a tuple of them.
    """
    batches = records.batches(split, batch_size, repeat=False)
    signature = tf.TensorSpec((None, records.image_size, records.image_size, 3), tf.uint8)
    return _joined(_traced(function, signature), (batch["image"] for batch in batches))


def over_images(function, images, *, batch_size=64):
    """The same over images in memory.

    Args:
        function: as for `over_records`.
        images: `[images, height, width, 3]`, sRGB uint8 or in [0, 1].
        batch_size: images at a time.

    Returns:
        One NumPy array `[images, ...]`, or a tuple of them.
    """
    return image_function(function, batch_size=batch_size)(images)


def image_function(function, *, batch_size=64):
    """The same as a function to be called often: images of one size and type are traced once.

    Args:
        function: as for `over_records`.
        batch_size: images at a time.

    Returns:
        Function of images as `over_images` takes them.
    """
    traced = {}

    def over(images):
        signature = tf.TensorSpec((None, *images.shape[1:]), images.dtype)
        if signature not in traced:
            traced[signature] = _traced(function, signature)
        starts = range(0, len(images), batch_size)
        batches = (tf.constant(images[i : i + batch_size]) for i in starts)
        return _joined(traced[signature], batches)

    return over


def _traced(function, signature):
    return tf.function(
        lambda images: function(srgb_to_lab(images)),
        autograph=False,
        input_signature=[signature],
    )


def _joined(apply, batches):
    parts = [
        tf.nest.map_structure(lambda tensor: tensor.numpy(), apply(images)) for images in batches
    ]
    if isinstance(parts[0], tuple):
        return tuple(np.concatenate(part) for part in zip(*parts, strict=True))
    return np.concatenate(parts)


def selection_half(count):
    """Which works of the test split choose the number of dimensions; the rest report.

    The records are in the order of a hash of their identity, so every other one is a fair half.

    Args:
        count: works in the split.

    Returns:
        Bool `[count]`.
    """
    return np.arange(count) % 2 == 0
