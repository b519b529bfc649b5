"""Inputs, and what this package makes of them: `-m tests.peers.write_reference_inputs DIR`."""

import dataclasses
import io
import pathlib
import shutil
import sys

import keras
import numpy as np
import tensorflow as tf
from PIL import Image

from anime_style_tf.content_encoder import ContentEncoder
from anime_style_tf.data.faces.turning import cut
from anime_style_tf.decoder import Decoder
from anime_style_tf.evaluation.fidelity.neighborhoods import neighborhoods as find_neighborhoods
from anime_style_tf.image.color import lab_to_srgb, srgb_to_lab
from anime_style_tf.layers.pruned import PrunedEncoder
from anime_style_tf.layers.weight_norm import WNConv2D, WNConv2DTranspose, WNDense
from anime_style_tf.losses.metric_learning import pair_terms
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.saved_model import export_portraits
from anime_style_tf.style_encoder import StyleEncoder
from benchmarks.contenders.rivals import triplet_semi_hard
from tests.serving.tiny_networks import tiny_answers

# name -> layer, shape of its input
LAYERS = {
    "dense": (lambda **options: WNDense(5, **options), (4, 7)),
    "conv_3x3_stride_1": (lambda **options: WNConv2D(6, 3, **options), (2, 8, 8, 4)),
    "conv_4x4_stride_2": (lambda **options: WNConv2D(6, 4, stride=2, **options), (2, 8, 8, 4)),
    "transposed_3x3_stride_1": (
        lambda **options: WNConv2DTranspose(6, 3, **options),
        (2, 5, 5, 4),
    ),
    "transposed_4x4_stride_2": (
        lambda **options: WNConv2DTranspose(6, 4, stride=2, **options),
        (2, 5, 5, 4),
    ),
}


def weight_normalization(generator):
    """Each layer, strict and affine, on random weights whose norms are far from 1."""
    arrays = {}
    for name, (make, shape) in LAYERS.items():
        inputs = generator.standard_normal(shape, dtype="float32")
        strict, affine = make(), make(affine=True)
        for layer in (strict, affine):
            layer.build(shape)
        kernel = 3 * generator.standard_normal(strict.kernel.shape).astype("float32")
        gamma, beta = generator.standard_normal((2, strict.units), dtype="float32")
        strict.set_weights([kernel])
        affine.set_weights([kernel, gamma, beta])
        arrays |= {
            f"{name}/inputs": inputs,
            f"{name}/kernel": kernel,
            f"{name}/gamma": gamma,
            f"{name}/beta": beta,
            f"{name}/stride": getattr(strict, "stride", 1),
            f"{name}/strict": strict(inputs),
            f"{name}/affine": affine(inputs),
        }
    return arrays


def rotation(generator):
    """Smooth pictures of two shapes, cut out upright at every lean as portraits are."""
    arrays = {}
    rolls = np.array([0.0, 6.0, -20.0, 90.0, 143.0, -172.0])
    for name, (height, width) in {"square": (48, 48), "wide": (34, 60)}.items():
        y, x = np.mgrid[:height, :width]
        waves = [
            np.sin(x / a + phase) + np.cos(y / b - phase)
            for a, b, phase in generator.uniform(9, 14, (3, 3))
        ]
        pixels = np.round(127.5 + 60 * np.stack(waves, axis=-1)).astype("uint8")
        picture = Image.fromarray(pixels)
        turned = [
            cut(picture, center=(width / 2, height / 2), roll=roll, size=(width, height))
            for roll in rolls
        ]
        arrays |= {
            f"{name}/images": np.repeat(pixels[None], len(rolls), axis=0),
            f"{name}/angles": np.radians(rolls).astype("float32"),
            f"{name}/rotated": np.stack([np.asarray(each) for each in turned]),
        }
    return arrays


def colors(generator):
    """Random colors, the gamut's corners and a grid, black and near-black, and free Lab."""
    levels = np.linspace(0, 1, 9)
    grid = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(-1, 3)
    dark = generator.random((200, 3)) * np.geomspace(1e-6, 0.05, 200)[:, None]
    srgb = np.concatenate([np.zeros((1, 3)), grid, dark, generator.random((2000, 3))])
    srgb = srgb.astype("float32")[None, None]
    corners = np.array(list(np.ndindex(2, 2, 2)), "float32")[None, None]
    lab = np.asarray(srgb_to_lab(srgb))
    free_lab = generator.uniform(-1, 1, (1, 1, 2000, 3)).astype("float32")
    return {
        "srgb": srgb,
        "lab": lab,
        "srgb_again": lab_to_srgb(lab),
        "free_lab": free_lab,
        "free_srgb": lab_to_srgb(free_lab),
        "corners": corners,
        "corners_lab": srgb_to_lab(corners),
        "corners_gradient": _gradient(srgb_to_lab, corners),
        "corners_lab_gradient": _gradient(lab_to_srgb, srgb_to_lab(corners)),
        "free_lab_gradient": _gradient(lab_to_srgb, free_lab),
    }


def metric_learning(generator):
    """Distances between codes of five artists, as the pair loss at full length takes them."""
    codes = generator.standard_normal((20, 6), dtype="float32") / 3
    artists = np.repeat(np.arange(5), 4).astype("int32")
    full_length = np.eye(6, dtype="float32")[-1]
    pull, push = pair_terms(
        codes, artists, prefix_weights=full_length, log_scales=np.zeros(6, "float32")
    )
    return {"codes": codes, "artists": artists, "pull": pull, "push": push}


def triplets(generator):
    """Unit codes in batches with few and many semi-hard negatives, losses and gradients."""
    arrays = {}
    for name, size, margin in (("few", 2, 0.2), ("some", 6, 0.2), ("wide_margin", 6, 1.0)):
        codes = generator.standard_normal((20, size), dtype="float32")
        codes /= np.linalg.norm(codes, axis=1, keepdims=True)
        artists = generator.permutation(np.repeat(np.arange(5), [2, 3, 4, 5, 6])).astype("int32")

        def loss(codes, artists=artists, margin=margin):
            return triplet_semi_hard(codes, artists, margin=margin)

        arrays |= {
            f"{name}/codes": codes,
            f"{name}/artists": artists,
            f"{name}/margin": margin,
            f"{name}/loss": loss(codes),
            f"{name}/gradient": _gradient(loss, codes),
        }
    return arrays


def neighborhoods(generator):
    """Which images lie among works and which works among images, of two sets that overlap."""
    features = generator.normal(0.4, 1.2, (150, 6))
    works = generator.normal(0, 1, (120, 6))
    arrays = {"features": features, "works": works}
    for neighbors in (1, 5):
        found = dataclasses.asdict(find_neighborhoods(features, works, neighbors=neighbors))
        arrays |= {f"{neighbors}/{part}": values for part, values in found.items()}
    return arrays


def saved_model(generator, directory):
    """Exports untrained networks, with requests and the live networks' answers."""
    shape = {"image_size": 16, "levels": (4, 8)}
    portraits = Portraits(
        style_encoder=PrunedEncoder(StyleEncoder(**shape, code_size=4), code_size=2),
        content_encoder=PrunedEncoder(
            ContentEncoder(**shape, code_size=5, hidden_size=8), code_size=3
        ),
        generator=Decoder(**shape, code_size=9, hidden_size=0),
        image_size=16,
        **tiny_answers(),
    )
    export_portraits(portraits, directory)
    images = generator.integers(0, 256, (2, 2, 16, 16, 3), dtype="uint8")
    files = {
        file_format: [_file(generator, file_format) for _ in range(2)]
        for file_format in ("PNG", "JPEG", "GIF", "BMP", "WEBP")
    }
    codes = {
        "style": generator.standard_normal((3, 2), dtype="float32"),
        "content": generator.standard_normal((3, 3), dtype="float32"),
        "seed": generator.integers(-(2**62), 2**62, 3),
    }
    requests = {
        "generate": codes,
        "generate_bytes": codes,
        "encode_style": {"images": images[0]},
        "encode_content": {"images": images[0]},
        "transfer": {"content_images": images[0], "style_images": images[1]},
        "transfer_bytes": {"content_files": files["PNG"], "style_files": files["GIF"]},
        "encode_content_bytes": {"files": files["JPEG"]},
        "reconstruct": {"images": images[0]},
        "edit_bytes": {"files": files["PNG"], "shift": codes["style"][:2]},
        "interpolate": {
            "images": images[0],
            "other_images": images[1],
            "style_weight": np.float32([0.3, 1]),
            "content_weight": np.float32([0, 0.5]),
        },
        "attribute_bytes": {"files": files["PNG"]},
        "nearest_bytes": {"files": files["PNG"]},
    } | {f"encode_style_bytes/{name}": {"files": two} for name, two in files.items()}
    arrays = {}
    for request, inputs in requests.items():
        tensors = {name: tf.constant(value) for name, value in inputs.items()}
        answers = getattr(portraits, request.partition("/")[0])(**tensors)
        arrays |= {f"{request}:in:{name}": _array(value) for name, value in tensors.items()}
        arrays |= {f"{request}:out:{name}": _array(value) for name, value in answers.items()}
    return arrays


def _file(generator, file_format):
    pixels = generator.integers(0, 256, (21, 13, 3), dtype="uint8")
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, file_format)
    return file.getvalue()


def _array(tensor):
    """NumPy strings drop trailing zero bytes, so each file is followed by a one."""
    if tensor.dtype == tf.string:
        return np.array((tensor.numpy() + b"\x01").tolist())
    return tensor.numpy()


def _gradient(function, values):
    values = tf.convert_to_tensor(values)
    with tf.GradientTape() as tape:
        tape.watch(values)
        outputs = function(values)
    return tape.gradient(outputs, values)


def main(directory):
    """Fills the directory; the file `complete` comes last."""
    directory = pathlib.Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "complete").unlink(missing_ok=True)
    shutil.rmtree(directory / "export", ignore_errors=True)
    keras.utils.set_random_seed(0)
    for part in (
        weight_normalization, rotation, colors, metric_learning, triplets, neighborhoods,
    ):  # fmt: skip
        np.savez(directory / f"{part.__name__}.npz", **part(np.random.default_rng(7)))
    arrays = saved_model(np.random.default_rng(8), directory / "export")
    np.savez(directory / "saved_model.npz", **arrays)
    (directory / "complete").write_text("")


if __name__ == "__main__":
    main(*sys.argv[1:])
