"""One measurement of the style objective in a process of its own, so that its peak is its own.

    python -m benchmarks.contenders.objective '{"task": "step", "form": "chunked", "artists": 100}'

Prints JSON. Codes are synthetic: Gaussian presumed styles, and works around those of their
artists, four a piece; scales that keep pairs neither far nor near on every prefix.
"""

import functools
import json
import pathlib
import re
import runpy
import sys
import time

import keras
import numpy as np
import tensorflow as tf

from anime_style_tf.layers.nested_dropout import prefix_law
from anime_style_tf.losses.metric_learning import pair_terms, presumed_terms
from anime_style_tf.losses.repulsion import chunked, exact, sampled
from anime_style_tf.style_encoder import StyleEncoder

PAPER = pathlib.Path(__file__).resolve().parents[2] / "configs/paper.py"
WORKS_PER_ARTIST = 4
FORMS = {
    "exact": exact,
    "chunked": chunked,
    "sampled": functools.partial(sampled, seed=keras.random.SeedGenerator(0)),
}


def example(artists, batch_size, code_size):
    """Returns labels `[batch]` and, as tensors, codes, presumed styles and log scales."""
    rng = np.random.default_rng(0)
    styles = rng.standard_normal((artists, code_size), np.float32)
    labels = (np.arange(batch_size) // WORKS_PER_ARTIST % artists).astype("int32")
    codes = styles[labels] + rng.normal(0, 0.3, (batch_size, code_size))
    scales = -0.5 * np.log(np.arange(1, code_size + 1))
    return labels, [tf.constant(each, tf.float32) for each in (codes, styles, scales)]


def objective_step(form, labels, artists, code_size):
    """Returns a compiled function of codes, styles and scales: loss and gradients."""
    weights = prefix_law(code_size).astype("float32")

    @tf.function(autograph=False)
    def step(codes, styles, log_scales):
        shared = {"prefix_weights": weights, "log_scales": log_scales}
        with tf.GradientTape() as tape:
            tape.watch([codes, styles, log_scales])
            pull, push = pair_terms(codes, labels, **shared)
            own, others = presumed_terms(codes, labels, styles, repulsion=FORMS[form], **shared)
            loss = pull + own + (artists - 1.0) * (push + others)
        gradients = tape.gradient(loss, [codes, styles, log_scales])
        return [loss, *map(tf.convert_to_tensor, gradients)]

    return step


def encoder_step(precision, batch_size):
    """Returns forward and backward pass of the preset `paper`'s style encoder, compiled."""
    keras.config.set_dtype_policy(precision)
    config = runpy.run_path(str(PAPER))["get_config"]()
    encoder = StyleEncoder(image_size=config.image_size, **config.style.encoder)
    encoder.build()
    variables = [variable.value for variable in encoder.trainable_variables]
    images = tf.random.uniform((batch_size, config.image_size, config.image_size, 3), -1, 1)

    @tf.function(autograph=False)
    def step():
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(variables)
            loss = tf.reduce_sum(tf.square(encoder(images, training=True)))
        return tape.gradient(loss, variables)

    return step


def timed(step, repeats):
    """Returns wall and processor seconds of each repeat; a first one compiles and is not timed."""
    step()
    seconds = {"wall": [], "processor": []}
    for _ in range(repeats):
        wall, processor = time.perf_counter(), time.process_time()
        step()
        seconds["wall"].append(time.perf_counter() - wall)
        seconds["processor"].append(time.process_time() - processor)
    return seconds


def peak_mib():
    """Returns this process's peak of resident memory (Linux)."""
    status = pathlib.Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024


def measure_step(form, artists, batch_size, code_size, repeats):
    """Times a form; memory before, with codes and styles in it, and at the peak."""
    labels, inputs = example(artists, batch_size, code_size)
    step, before = objective_step(form, labels, artists, code_size), peak_mib()
    seconds = timed(lambda: step(*inputs), repeats)
    return {"seconds": seconds, "before_mib": before, "peak_mib": peak_mib()}


def measure_agreement(artists, batch_size, code_size):
    """Differences between exact and chunked, as shares of the largest entry."""
    labels, inputs = example(artists, batch_size, code_size)
    both = [
        objective_step(form, labels, artists, code_size)(*inputs) for form in ("exact", "chunked")
    ]
    differences = [
        float(tf.reduce_max(tf.abs(one - other)) / tf.reduce_max(tf.abs(one)))
        for one, other in zip(*both, strict=True)
    ]
    return dict(zip(("loss", "codes", "styles", "scales"), differences, strict=True))


def measure_sampling(artists, batch_size, code_size, draws):
    """Mean of many draws against the chunked form, along one random direction per gradient."""
    labels, inputs = example(artists, batch_size, code_size)
    rng = np.random.default_rng(1)
    directions = [1.0, *[tf.constant(rng.normal(size=x.shape), tf.float32) for x in inputs]]

    def along(step):
        pairs = zip(step(*inputs), directions, strict=True)
        return [float(tf.reduce_sum(value * direction)) for value, direction in pairs]

    wanted, drawing = (
        objective_step(form, labels, artists, code_size) for form in ("chunked", "sampled")
    )
    wanted, drawn = np.array(along(wanted)), np.array([along(drawing) for _ in range(draws)])
    errors = (drawn.mean(axis=0) - wanted) / (drawn.std(axis=0, ddof=1) / draws**0.5)
    names = ("loss", "codes", "styles", "scales")
    return {
        "standard_errors": dict(zip(names, errors.tolist(), strict=True)),
        "deviation_of_a_draw": float(drawn[:, 0].std(ddof=1) / abs(wanted[0])),
        "loss": {"chunked": wanted[0], "sampled": drawn[:, 0].mean()},
    }


def measure_encoder(precision, batch_size, repeats):
    """Times forward and backward pass of the encoder on random images."""
    return {"seconds": timed(encoder_step(precision, batch_size), repeats)}


TASKS = {
    "step": measure_step,
    "agreement": measure_agreement,
    "sampling": measure_sampling,
    "encoder": measure_encoder,
}

if __name__ == "__main__":
    arguments = json.loads(sys.argv[1])
    print(json.dumps(TASKS[arguments.pop("task")](**arguments)))
