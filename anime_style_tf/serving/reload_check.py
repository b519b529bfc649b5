"""Compares a SavedModel with the live networks that it was written from."""

import numpy as np
import tensorflow as tf

from anime_style_tf.serving.image_files import encode_png
from anime_style_tf.serving.signatures import SIGNATURES

BATCH_SIZES = (1, 3)
# Of an image the mean counts: what evens out fills draws a pixel between two colors to either, and
# which one may hang on the last digit.
_IMAGES = ("images", "png_bytes")
# Rounding to 8 bits can turn any difference into a whole level.
_ONE_LEVEL = 1.0 / 255.0


def check_reload(portraits, path, signatures, *, tolerance=1e-3, seed=0):
    """Loads a SavedModel back and runs its signatures beside the live networks.

    The inputs are random.

    Args:
        portraits: the `Portraits` that was exported.
        path: the SavedModel's directory.
        signatures: names of the signatures that it must have.
        tolerance: largest difference allowed, in the output's units; of an image, in [0, 1], the
            mean over its pixels, of a PNG file one level of 255 more.
        seed: of the random inputs.

    Returns:
        `{signature: {output: largest absolute difference}}` over batches of 1 and 3; of images
            the largest mean.

    Raises:
        RuntimeError: if a signature is missing, an output has another name, shape or type, or a
            difference exceeds the tolerance.
    """
    loaded = tf.saved_model.load(str(path))
    if set(loaded.signatures) != {*signatures, "serving_default"}:
        raise RuntimeError(
            f"The SavedModel at {path} has signatures {sorted(loaded.signatures)}, expected "
            f"{sorted(signatures)} and serving_default; the export is wrong, do not serve it."
        )
    generator = np.random.default_rng(seed)
    differences = {}
    for name in signatures:
        differences[name] = {field.name: 0.0 for field in SIGNATURES[name].outputs}
        for batch in BATCH_SIZES:
            inputs = random_inputs(portraits, name, batch, generator)
            live = getattr(portraits, name)(*inputs.values())
            answered = loaded.signatures[name](**inputs)
            _compare(name, live, answered, differences[name], tolerance)
    return differences


def random_inputs(portraits, name, batch, generator):
    """Makes inputs of one signature.

    Args:
        portraits: gives the sizes.
        name: the signature.
        batch: number of requests.
        generator: `numpy.random.Generator`.

    Returns:
        `{input: tensor}` in the signature's order; image files are PNGs of another shape than
        the model's.
    """
    inputs = {}
    for field, spec in zip(SIGNATURES[name].inputs, portraits.input_specs(name), strict=True):
        shape = (batch, *spec.shape[1:])
        if field.dtype == "string":
            size = portraits.sizes["size"]
            pixels = generator.random((batch, size + 5, 2 * size + 1, 3), dtype="float32")
            inputs[field.name] = encode_png(pixels)
        elif field.dtype == "uint8":
            inputs[field.name] = tf.constant(generator.integers(0, 256, shape, dtype="uint8"))
        elif field.dtype == "int64":
            inputs[field.name] = tf.constant(generator.integers(-(2**62), 2**62, shape))
        else:
            inputs[field.name] = tf.constant(generator.standard_normal(shape, dtype="float32"))
    return inputs


def _compare(name, live, answered, differences, tolerance):
    if set(answered) != set(differences):
        raise RuntimeError(
            f"Signature {name} answers with {sorted(answered)}, expected "
            f"{sorted(differences)}; the export is wrong, do not serve it."
        )
    for output in differences:
        if _is_text(output, live[output]):  # ranked by numbers that are compared, in another row
            continue
        expected, received = _numbers(live[output]), _numbers(answered[output])
        allowed = tolerance + (_ONE_LEVEL if live[output].dtype == tf.string else 0.0)
        difference = np.inf
        if expected.shape == received.shape:
            each = np.abs(expected - received)
            difference = float(np.max(each.mean(axis=(1, 2, 3)) if output in _IMAGES else each))
        differences[output] = max(differences[output], difference)
        if not difference <= allowed:
            raise RuntimeError(
                f"Signature {name}, output {output}: the reloaded SavedModel differs from the "
                f"live networks by {difference:.3g}, expected at most {allowed:.3g}; do not "
                f"serve it. If the networks compute in half precision, call "
                f"compute_in_float32 first."
            )


def _is_text(output, tensor):
    return tensor.dtype == tf.string and not output.endswith("_bytes")


def _numbers(tensor):
    if tensor.dtype == tf.string:
        images = [tf.io.decode_png(file).numpy() for file in tensor]
        return np.stack(images).astype("float64") / 255.0
    return np.asarray(tensor, "float64")
