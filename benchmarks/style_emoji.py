"""Style retrieval on emoji: do hands find themselves? Metric learning beside the classifier.

Data: eight drawing hands with 900 emoji or more each, 64 px. A third of the subject groups is held
out; the queries are the drawings of those groups, the gallery all drawings of the training groups;
P@1 is the share of queries whose nearest neighbor on the first d dimensions is by the same hand
(chance .125; color and edge histograms .856). The seed fixes the groups, the start and the batches.

A minute is a minute of two cores, counted as processor time of the training alone, so that other
load on the machine changes no result. What is measured are the averaged weights. Results are
added to `--output`; a combination that is there already is not run again.

    python benchmarks/style_emoji.py --input=emoji64.zip --output=emoji.json --minutes=5,15,60

The archive holds `hand/codepoint.png` and `MANIFEST.tsv` with the columns file, artist, group.
"""

import dataclasses
import io
import json
import os
import tempfile
import time
import zipfile
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from absl import app, flags, logging
from PIL import Image

from anime_style_tf.data.sampling import ArtistSampler
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.prefixes import presumed_style_accuracy
from anime_style_tf.evaluation.retrieval import precision_at_1
from anime_style_tf.stages.networks import over_images
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.training.fit import fit
from anime_style_tf.training.schedules import make_optimizer

_INPUT = flags.DEFINE_string("input", None, "The archive of drawings.", required=True)
_OUTPUT = flags.DEFINE_string("output", "emoji.json", "Results, added to what is there.")
_MINUTES = flags.DEFINE_list("minutes", ["5", "15", "60"], "Two-core minutes to measure at.")
_SEEDS = flags.DEFINE_list("seeds", ["0", "1", "2"], "Seeds.")
_METHODS = flags.DEFINE_list("methods", ["metric_learning", "classifier"], "What to train.")
_VALIDATION = flags.DEFINE_bool(
    "validation", False, "Hold out a third of the training groups instead: to choose settings."
)
_SETTINGS = flags.DEFINE_string("settings", "{}", "JSON of settings to try in place of SETTINGS.")

CORES = 2
LEAST_DRAWINGS = 900
PREFIXES = (2, 4, 8, None)
SETTINGS = {
    "encoder": {"levels": (32, 64, 128, 256), "code_size": 64, "pooling": "average"},
    "metric_learning": {"push": "sum", "shift": 4},
    "classifier": {"shift": 4},
    "batches": {"artists_per_batch": 8, "works_per_artist": 8},
    "optimizer": {"name": "adam", "learning_rate": 1e-3, "average": 0.998},
    "presumed_optimizer": {"name": "adam", "learning_rate": 2e-2, "average": 0.998},
}


@dataclasses.dataclass(frozen=True)
class Drawings:
    """Drawings with their hand and subject group.

    Attributes:
        images: `[drawings, height, width, 3]`, sRGB uint8.
        hands: int32 `[drawings]`.
        groups: str `[drawings]`, the subject group of each.
    """

    images: np.ndarray
    hands: np.ndarray
    groups: np.ndarray

    def select(self, rows):
        """Returns the drawings where `rows` is True."""
        return Drawings(self.images[rows], self.hands[rows], self.groups[rows])


def load(path):
    """Reads the archive.

    Args:
        path: of the zip file.

    Returns:
        `Drawings` of the hands with enough of them.

    Raises:
        InputError: no such archive.
    """
    if not zipfile.is_zipfile(path):
        raise InputError(f"--input: expected the zip archive of drawings, received {path}.")
    with zipfile.ZipFile(path) as archive:
        manifest = next(name for name in archive.namelist() if name.endswith("MANIFEST.tsv"))
        header, *lines = archive.read(manifest).decode().splitlines()
        rows = [dict(zip(header.split("\t"), line.split("\t"), strict=False)) for line in lines]
        names, counts = np.unique([row["artist"] for row in rows], return_counts=True)
        kept = list(names[counts >= LEAST_DRAWINGS])
        rows = [row for row in rows if row["artist"] in kept]
        folder = manifest.removesuffix("MANIFEST.tsv")
        images = [
            np.asarray(Image.open(io.BytesIO(archive.read(folder + row["file"]))).convert("RGB"))
            for row in rows
        ]
    hands = np.array([kept.index(row["artist"]) for row in rows], np.int32)
    return Drawings(np.stack(images), hands, np.array([row["group"] for row in rows]))


def split(drawings, seed):
    """Holds out a third of the subject groups.

    Args:
        drawings: `Drawings`.
        seed: of the choice.

    Returns:
        `(training, held out)`, `Drawings`.
    """
    names = np.random.default_rng(seed).permutation(np.unique(drawings.groups))
    out = np.isin(drawings.groups, names[: len(names) // 3])
    return drawings.select(~out), drawings.select(out)


class Measure(keras.callbacks.Callback):
    """Measures at given minutes of training, and stops after the last.

    Args:
        minutes: when, ascending.
        measure: function without arguments that returns a dictionary.
    """

    def __init__(self, minutes, measure):
        super().__init__()
        self.minutes = list(minutes)
        self.measure = measure
        self.rows = []

    def on_train_begin(self, logs=None):
        """Starts the clock before the first step, so that tracing counts."""
        self._start = time.process_time()

    def on_epoch_end(self, epoch, logs=None):
        """Measures if it is time; measuring does not count."""
        now = time.process_time()
        if now - self._start < self.minutes[0] * 60 * CORES:
            return
        row = {"minutes": self.minutes.pop(0), "step": int(logs["step"])} | self.measure()
        logging.info("%s", row)
        self.rows.append(row)
        self._start += time.process_time() - now
        self.model.stop_training = not self.minutes


def train(method, seed, minutes, training, held_out, settings):
    """Trains one network and measures it.

    Args:
        method: "metric_learning" or "classifier".
        seed: of start, batches and augmentation.
        minutes: when to measure.
        training: `Drawings`.
        held_out: `Drawings`.
        settings: as `SETTINGS`.

    Returns:
        List of one dictionary per measurement.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    endless = 10**9
    encoder = StyleEncoder(**settings["encoder"])
    arguments = {"artists": int(training.hands.max()) + 1, "seed": seed} | settings[method]
    optimizer = make_optimizer(steps=endless, **settings["optimizer"])
    if method == "classifier":
        model = StyleClassifier(encoder, **arguments)
        model.compile(optimizer=optimizer)
    else:
        model = StyleMetricLearning(encoder, **arguments)
        presumed = make_optimizer(steps=endless, **settings["presumed_optimizer"])
        model.compile(optimizer=optimizer, presumed_optimizer=presumed)
    callback = Measure(minutes, lambda: measure(model, training, held_out))
    with tempfile.TemporaryDirectory() as checkpoints:
        fit(
            model,
            batches(training, seed, settings["batches"]),
            steps=endless,
            steps_per_epoch=10,
            checkpoints=checkpoints,
            checkpoint_seconds=1e9,
            callbacks=[callback],
        )
    return callback.rows


def batches(drawings, seed, sizes):
    """Function from a step to the endless dataset of P hands x K drawings from there."""
    sampler = ArtistSampler(drawings.hands, seed=seed, **sizes)

    def draw(step):
        rows = sampler.batch(int(step))
        return drawings.images[rows], drawings.hands[rows]

    def load_batch(step):
        images, hands = tf.numpy_function(draw, [step], (tf.uint8, tf.int32))
        size = sizes["artists_per_batch"] * sizes["works_per_artist"]
        images = tf.ensure_shape(images, (size, *drawings.images.shape[1:]))
        return {"image": images, "artist": tf.ensure_shape(hands, (size,))}

    return lambda step: (
        tf.data.Dataset.range(step, np.iinfo(np.int64).max).map(load_batch).prefetch(2)
    )


def measure(model, training, held_out):
    """P@1 at each prefix, with the averaged weights.

    Args:
        model: the one in training; its weights are put back.
        training: `Drawings` of the gallery.
        held_out: `Drawings` of the queries.

    Returns:
        Dictionary: "d=2" ... and, for metric learning, the accuracy of the nearest presumed style.
    """
    variables = model.trainable_variables
    raw = [variable.numpy() for variable in variables]
    for optimizer in {model.optimizer, getattr(model, "presumed_optimizer", model.optimizer)}:
        optimizer.finalize_variable_values(optimizer._trainable_variables)
    codes = [over_images(model.encoder, part.images) for part in (held_out, training)]
    result = precision_at_1(codes[0], held_out.hands, codes[1], training.hands, PREFIXES)
    row = {f"d={d}": float(p) for d, p in zip(result.lengths, result.precision, strict=True)}
    if hasattr(model, "presumed_styles"):
        for name, code, part in zip(("test", "train"), codes, (held_out, training), strict=True):
            styles = model.presumed_styles.numpy()
            whole = presumed_style_accuracy(code, part.hands, styles, lengths=[code.shape[1]])
            row[f"presumed accuracy, {name}"] = float(whole.accuracy[0])
    for variable, value in zip(variables, raw, strict=True):
        variable.assign(value)
    return row


def table(results):
    """Markdown table: mean over seeds, with the range."""
    columns = sorted(
        {key for r in results for key in r if key.startswith("d=")}, key=lambda k: int(k[2:])
    )
    lines = ["| method | minutes | seeds | steps | " + " | ".join(columns) + " |"]
    lines.append("|---" * (len(columns) + 4) + "|")
    for method, minutes in sorted({(r["method"], r["minutes"]) for r in results}):
        rows = [r for r in results if (r["method"], r["minutes"]) == (method, minutes)]
        steps = round(np.mean([r["step"] for r in rows]))
        cells = []
        for column in columns:
            values = [r[column] for r in rows]
            spread = f" ({min(values):.3f}-{max(values):.3f})" if len(values) > 1 else ""
            cells.append(f"{np.mean(values):.3f}{spread}")
        lines.append(f"| {method} | {minutes:g} | {len(rows)} | {steps} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(argv):
    """Runs what is not in the results yet, and prints the table."""
    del argv
    settings = dict(SETTINGS)
    for name, changes in json.loads(_SETTINGS.value).items():
        settings[name] = SETTINGS[name] | changes
    about = {"settings": json.loads(json.dumps(settings)), "validation": _VALIDATION.value}
    path = Path(_OUTPUT.value)
    saved = json.loads(path.read_text()) if path.exists() else []
    drawings = load(_INPUT.value)
    minutes = sorted(float(each) for each in _MINUTES.value)
    for seed in map(int, _SEEDS.value):
        for method in _METHODS.value:
            key = {"method": method, "seed": seed} | about
            done = {r["minutes"] for r in saved if all(r[k] == v for k, v in key.items())}
            if done >= set(minutes):
                continue
            training, held_out = split(drawings, seed)
            if _VALIDATION.value:
                training, held_out = split(training, seed + 1000)
            rows = train(method, seed, minutes, training, held_out, settings)
            saved += [key | row for row in rows if row["minutes"] not in done]
            temporary = path.with_suffix(".tmp")
            temporary.write_text(json.dumps(saved, indent=1) + "\n")
            os.replace(temporary, path)
    chosen = [r for r in saved if all(r[k] == v for k, v in about.items())]
    logging.info("\n%s", table(chosen))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    app.run(main)
