"""Style retrieval on emoji: do artists find themselves? Metric learning beside the classifier.

Data: eight artists with 900 emoji or more each, 64 px. A third of the subject groups is held
out; the queries are the drawings of those groups, the gallery all drawings of the training groups;
P@1 is the share of queries whose nearest neighbor on the first d dimensions is by the same artist
(chance .125; `floors.py` reaches .911 without training). The seed fixes groups, start and batches.

A minute is a minute of two cores, counted as processor time of the training alone: waiting for
other programs does not count, though sharing caches with them makes steps dearer. What is measured
are the averaged weights, in float32. `closed_form`, the linear code of frozen maps and colors, is
not trained and takes what it takes. Results are added to `--output`; a combination that is there
already is not run again. A training goes on from where it stopped, whether it was interrupted or
is now asked for further minutes.

    python -m benchmarks.style_emoji --input=emoji64.zip --output=emoji.json --minutes=5,15,60
"""

import hashlib
import json
import time
from pathlib import Path

import keras
from absl import flags, logging

from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.prefixes import presumed_style_accuracy
from anime_style_tf.serving.precision import compute_in_float32
from anime_style_tf.style_classifier import StyleClassifier
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.training.fit import fit, optimizers_of
from anime_style_tf.training.schedules import make_optimizer
from anime_style_tf.workdir.networks import over_images
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.contenders.style_rival import RIVALS, StyleRival
from benchmarks.emoji_batches import batches
from benchmarks.emoji_drawings import load, names, split, validation_split
from benchmarks.style_emoji_linear import CLOSED_FORM, LINEAR, closed_form
from benchmarks.style_emoji_scores import scores
from benchmarks.style_emoji_table import table

_INPUT = define_input("input", "The archive of drawings.", required=True)
_OUTPUT = define_output("emoji.json", "Results, JSON; added to what is there.")
_MINUTES = define_numbers("minutes", [5, 15, 60], "Two-core minutes to measure at.", kind=float)
_SEEDS = define_numbers("seeds", [0, 1, 2], "Seeds.")
_METHODS = flags.DEFINE_list("methods", ["metric_learning", "classifier"], "What to train.")
_VALIDATION = flags.DEFINE_bool(
    "validation",
    False,
    "Hold out the groups that none of --seeds holds out instead: to choose settings.",
)
_WITHOUT = flags.DEFINE_list(
    "without", [], "Artists left out, to play the unseen ones where something is to be chosen."
)
_PRECISION = flags.DEFINE_enum(
    "precision",
    "float32",
    ["float32", "mixed_bfloat16"],
    "What the training computes in; see docs/decisions/0003.",
)
_SETTINGS = flags.DEFINE_string("settings", "{}", "JSON of settings to try in place of SETTINGS.")

CORES = 2
SETTINGS = {
    "encoder": {
        "levels": (16, 32, 64, 128),
        "code_size": 64,
        "pooling": "moments",
        "color_levels": 20,
    },
    "metric_learning": {"push": "sum", "shift": 10},
    "classifier": {"shift": 10},
    "batches": {"artists_per_batch": 8, "works_per_artist": 8},
    "optimizer": {"name": "adam", "learning_rate": 2e-3, "average": 0.998},
    "presumed_optimizer": {"name": "adam", "learning_rate": 2e-2, "average": 0.998},
}
# Beside SETTINGS, and only in the rivals' results; rates chosen with --validation, for one minute.
RIVAL_SETTINGS = {rival: {"shift": 10} for rival in RIVALS} | {
    "rival_optimizer": {"name": "adam", "learning_rate": 5e-4, "average": 0.998},
    "proxy_optimizer": {"name": "adam", "learning_rate": 0.2, "average": 0.998},
}


class Measure(keras.callbacks.Callback):
    """Measures at given minutes of training, and stops after the last.

    Args:
        minutes: when, ascending.
        measure: function without arguments that returns a dictionary.
        path: of the JSON file that keeps the clock and the measurements for a training that goes
            on; one row per epoch, with `step`, `seconds` and what was measured.
    """

    def __init__(self, minutes, measure, path):
        super().__init__()
        self.minutes = minutes
        self.measure = measure
        self.path = path

    def on_train_begin(self, logs=None):
        """Starts the clock before the first step, so that tracing counts."""
        rows = json.loads(self.path.read_text()) if self.path.exists() else []
        self._rows = [row for row in rows if row["step"] <= logs["step"]]
        self._started = time.process_time() - (self._rows[-1]["seconds"] if self._rows else 0)

    def on_epoch_end(self, epoch, logs=None):
        """Measures if it is time; measuring does not count."""
        stopped = time.process_time()
        row = {"step": int(logs["step"]), "seconds": stopped - self._started}
        minutes = row["seconds"] / (60 * CORES)
        due = [each for each in self.minutes if each not in self.measured() and each <= minutes]
        if due:
            row |= {"minutes": due[0]} | self.measure()
            logging.info("%s", row)
        logging.log_every_n_seconds(
            logging.INFO, "step %d, minute %.1f of %g", 30, row["step"], minutes, self.minutes[-1]
        )
        self._rows.append(row)
        write_json(self.path, self._rows)
        self._started += time.process_time() - stopped
        self.model.stop_training = self.minutes[-1] in self.measured()

    def measured(self):
        """Dictionary from the minutes to what was measured there."""
        return {row["minutes"]: row for row in self._rows if "minutes" in row}


def train(method, seed, minutes, training, held_out, settings, folder):
    """Trains one network and measures it.

    Args:
        method: "metric_learning", "classifier" or one of `contenders.style_rival.RIVALS`.
        seed: of start, batches and augmentation.
        minutes: when to measure.
        training: `Drawings`.
        held_out: `Drawings`.
        settings: as `SETTINGS`.
        folder: for what lets the training go on.

    Returns:
        List of one dictionary per measurement.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    endless = 10**9
    encoder = StyleEncoder(**settings["encoder"])
    arguments = {"artists": int(training.artists.max()) + 1, "seed": seed} | settings[method]
    of_encoder = settings["rival_optimizer" if method in RIVALS else "optimizer"]
    optimizer = make_optimizer(steps=endless, **of_encoder)
    if method == "classifier":
        model = StyleClassifier(encoder, **arguments)
        model.compile(optimizer=optimizer)
    elif method in RIVALS:
        model = StyleRival(encoder, rival=method, **arguments)
        proxies = make_optimizer(steps=endless, **settings["proxy_optimizer"])
        only = {"proxy_optimizer": proxies} if method == "proxy_anchor" else {}
        model.compile(optimizer=optimizer, **only)
    else:
        model = StyleMetricLearning(encoder, **arguments)
        presumed = make_optimizer(steps=endless, **settings["presumed_optimizer"])
        model.compile(optimizer=optimizer, presumed_optimizer=presumed)
    folder.mkdir(parents=True, exist_ok=True)
    callback = Measure(
        minutes, lambda: measure(model, training, held_out, folder), folder / "measured.json"
    )
    fit(
        model,
        batches(training, seed, settings["batches"]),
        steps=endless,
        steps_per_epoch=20,
        checkpoints=folder,
        callbacks=[callback],
    )
    return list(callback.measured().values())


def measure(model, training, held_out, folder):
    """P@1 at each prefix, with the averaged weights; the encoder that has them is kept.

    Args:
        model: the one in training; its weights are put back.
        training: `Drawings` of the gallery.
        held_out: `Drawings` of the queries.
        folder: for `encoder.keras`.

    Returns:
        What `scores` returns and, for metric learning, the accuracy of the nearest presumed style.
    """
    variables = model.trainable_variables
    raw = [variable.numpy() for variable in variables]
    for optimizer in optimizers_of(model):
        optimizer.finalize_variable_values(optimizer._trainable_variables)
    encoder = StyleEncoder.from_config(model.encoder.get_config())
    encoder.build()
    encoder.set_weights(model.encoder.get_weights())
    compute_in_float32(encoder)
    encoder.save(folder / "encoder.keras")
    row = scores(encoder, training, held_out, directions=hasattr(model, "rival"))
    if hasattr(model, "presumed_styles"):
        styles = model.presumed_styles.numpy()
        for name, part in (("test", held_out), ("train", training)):
            codes = over_images(encoder, part.images)
            whole = presumed_style_accuracy(codes, part.artists, styles, lengths=[codes.shape[1]])
            row[f"presumed accuracy, {name}"] = float(whole.accuracy[0])
    for variable, value in zip(variables, raw, strict=True):
        variable.assign(value)
    return row


def about(method, settings):
    """What a row of results says of how it came about."""
    own = [CLOSED_FORM] if method == CLOSED_FORM else SETTINGS
    used = settings if method in RIVALS else {name: settings[name] for name in own}
    return {
        "settings": json.loads(json.dumps(used)),
        "precision": _PRECISION.value,
        "validation": _VALIDATION.value,
    } | ({"without": _WITHOUT.value} if _WITHOUT.value else {})


def _changes():
    try:
        return dict(json.loads(_SETTINGS.value))
    except ValueError as error:
        raise InputError(f"--settings: expected a JSON object, received {error}") from error


def main():
    """Runs what is not in the results yet, and prints the table."""
    keras.config.set_dtype_policy(_PRECISION.value)
    settings = SETTINGS | RIVAL_SETTINGS | {CLOSED_FORM: LINEAR}
    for name, changes in _changes().items():
        settings[name] = settings[name] | changes
    path = Path(_OUTPUT.value)
    saved = json.loads(path.read_text()) if path.exists() else []
    artists = [artist for artist in names(_INPUT.value) if artist not in _WITHOUT.value]
    drawings = load(_INPUT.value, artists)
    minutes, seeds = sorted(_MINUTES.value), _SEEDS.value
    for seed in seeds:
        for method in _METHODS.value:
            key = {"method": method, "seed": seed} | about(method, settings)
            others = [r for r in saved if any(r.get(k) != v for k, v in key.items())]
            there = {row["minutes"] for row in saved if row not in others}
            if there >= set(minutes) or (there and method == CLOSED_FORM):
                continue
            parts = (
                validation_split(drawings, seeds) if _VALIDATION.value else split(drawings, seed)
            )
            name = hashlib.sha256(json.dumps(key, sort_keys=True).encode()).hexdigest()[:12]
            folder = path.with_name(f"{path.stem}-trainings") / name
            logging.info("%s, seed %d", method, seed)
            if method == CLOSED_FORM:
                rows = [closed_form(*parts, settings[CLOSED_FORM], seed=seed, cores=CORES)]
            else:
                rows = train(method, seed, minutes, *parts, settings, folder)
            saved = others + [key | row for row in rows]
            write_json(path, saved)
    chosen = [r for r in saved if r == r | about(r["method"], settings)]
    logging.info("\n%s", table(chosen))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
