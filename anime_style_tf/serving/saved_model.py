"""Writes the networks as SavedModels, complete or not at all."""

import contextlib
import json
import os
import pathlib
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import keras
import tensorflow as tf
from absl import logging

from anime_style_tf.errors import InputError
from anime_style_tf.serving.portraits import Portraits
from anime_style_tf.serving.reload_check import check_reload
from anime_style_tf.serving.signatures import SAVED_MODELS, SIGNATURES, concrete_shape
from anime_style_tf.serving.version_files import (
    forget_old_versions,
    write_manifest,
    write_operating_files,
)
from anime_style_tf.serving.warm_up import write_warm_up

DESCRIPTION_FILE = "model.json"
LEAST_SERVING = "2.15"  # of whose TensorFlow every operation of the graphs is known


def export_portraits(
    portraits: Portraits,
    directory: str | os.PathLike,
    *,
    version: int | None = None,
    artists: Mapping[str, Sequence[float]] | None = None,
    provenance: Mapping[str, Any] | None = None,
    tolerance: float = 1e-3,
    half: bool = False,
    keep: int | None = None,
    complete: Callable[[pathlib.Path], None] = lambda bundle: None,
) -> dict[str, dict[str, Any]]:
    """Writes one SavedModel per network, and the bundle of all signatures if all are there.

    They go to `directory/<name>/<version>/`, each with a `model.json` beside its graph. All are
    written to a temporary directory, loaded back, compared with the live networks and only then
    moved into place, the bundle last. Beside them lie settings for TensorFlow Serving.

    Args:
        portraits: a `Portraits`.
        directory: where `<name>/<version>/` go; made if missing.
        version: positive integer that none of the models has yet; default: the next free one.
        artists: `{name: mean style code}`, each `[k_S]`, for clients that ask for an artist.
        provenance: JSON values that say what was trained on what.
        tolerance: largest difference to the live networks, of a code in its units, of an image
            the mean over its pixels, in [0, 1].
        half: rounds the weights of `portraits` in place to what half precision holds, for a
            model to send around: compressed it takes half the room.
        keep: how many versions of each model stay, this one included; None: all.
        complete: called with the folder of the bundle, to add to it before it appears.

    Returns:
        `{name: {"path", "version", "differences": {signature: {output: number}}}}`.

    Raises:
        InputError: if the version exists, an artist's code has another size, or none is to stay.
        RuntimeError: if a reloaded model differs; nothing is left behind.
    """
    directory = pathlib.Path(directory)
    if keep is not None and keep < 1:
        raise InputError(f"keep: expected 1 version or more, received {keep}")
    artists = _artist_codes(artists or {}, portraits.sizes["k_S"])
    version = _free_version(directory, version)
    directory.mkdir(parents=True, exist_ok=True)
    if half:
        portraits.round_to_half()
    temporary = pathlib.Path(tempfile.mkdtemp(prefix=".export-", dir=directory))
    exported = {}
    try:
        traced = portraits.traced()
        for name, signatures in portraits.saved_models().items():
            path = temporary / name
            _write(traced, path, signatures)
            differences = check_reload(portraits, path, signatures, tolerance=tolerance)
            write_warm_up(path, portraits, name, signatures)
            description = {
                "name": name,
                "version": version,
                "least_tensorflow_serving": LEAST_SERVING,
                "sizes": portraits.sizes,
                "artists": artists,
                "signatures": {key: _describe(key, portraits.sizes) for key in signatures},
                "serving_default": signatures[0],
                "differences_on_reload": differences,
                "provenance": provenance or {},
            }
            (path / DESCRIPTION_FILE).write_text(json.dumps(description, indent=1) + "\n")
            final = directory / name / str(version)
            exported[name] = {
                "path": str(final),
                "version": version,
                "differences": differences,
            }
        if "portraits" in exported:
            complete(temporary / "portraits")
        for name in exported:
            write_manifest(temporary / name)
            _move(temporary / name, directory / name / str(version))
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    # The bundle, or the first of the others: the style encoder, which every run has.
    write_operating_files(directory, max(exported, key=lambda name: name == "portraits"))
    if keep is not None:
        forget_old_versions(directory, exported, keep)
    return exported


def _write(portraits, path, signatures):
    archive = keras.export.ExportArchive()
    for name in signatures:
        archive.add_endpoint(name, getattr(portraits, name), portraits.input_specs(name))
    with _warnings_only():
        archive.write_out(str(path), verbose=False)


@contextlib.contextmanager
def _warnings_only():
    """Keeps TensorFlow from telling how it saves: several long lines for each signature."""
    verbosity, level = logging.get_verbosity(), tf.get_logger().level
    logging.set_verbosity(min(verbosity, logging.WARNING))
    tf.get_logger().setLevel("WARNING")
    try:
        yield
    finally:
        logging.set_verbosity(verbosity)
        tf.get_logger().setLevel(level)


def _move(source, target):
    target.parent.mkdir(exist_ok=True)
    # A rename onto a directory with files fails, so a version that appeared meanwhile is safe.
    os.rename(source, target)


def _free_version(directory, version):
    taken = {
        int(path.name)
        for name in SAVED_MODELS
        for path in directory.glob(f"{name}/*")
        if path.name.isdecimal()
    }
    if version is None:
        return max(taken, default=0) + 1
    if version < 1 or version in taken:
        raise InputError(
            f"Version {version} cannot be written to {directory}: a new positive number is "
            f"expected, there are {sorted(taken)}; leave the version out to get the next one."
        )
    return int(version)


def _artist_codes(artists, code_size):
    codes = {name: [float(value) for value in code] for name, code in artists.items()}
    for name, code in codes.items():
        if len(code) != code_size:
            raise InputError(
                f"The mean style code of artist {name!r} has {len(code)} numbers, expected "
                f"k_S = {code_size}; take the means from the pruned style encoder."
            )
    return codes


def _describe(name, sizes):
    def tensors(fields):
        return {
            field.name: {
                "dtype": field.dtype,
                "shape": concrete_shape(field, sizes),
                "holds": field.holds,
            }
            for field in fields
        }

    signature = SIGNATURES[name]
    return {
        "computes": signature.computes,
        "inputs": tensors(signature.inputs),
        "outputs": tensors(signature.outputs),
    }
