"""Which weights to serve: averaged from the start, averaged as Keras does, or the last?

Data: the emoji archive, eight artists, at 32 px (means of 2 x 2 pixels); a third of the subject
groups is held out. A small style encoder is trained for a number of steps with the portraits
preset's rates and momentum, the rates falling to their end or constant; accuracy is the share of
held-out drawings whose nearest presumed style is that of their artist, on the whole code. Each case
is two trainings of the same steps, one with each average; that their last weights are equal bit for
bit is checked. Results are added to `--output`; a case that is there already is not run again.

    python -m benchmarks.averaged_weights --input=emoji64.zip --output=averaged_weights.json
"""

import itertools
import json
import tempfile
from pathlib import Path

import keras
import numpy as np
from absl import flags, logging

from anime_style_tf.evaluation.prefixes import presumed_style_accuracy
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.training.fit import fit, optimizers_of
from anime_style_tf.training.schedules import make_optimizer, served_weights
from anime_style_tf.workdir.networks import over_images
from benchmarks.command import define_input, define_numbers, define_output, write_json
from benchmarks.emoji_batches import batches
from benchmarks.emoji_drawings import Drawings, load, split

RATES = {"falling": 0.05, "constant": 1.0}  # the last as a share of the highest

_INPUT = define_input("input", "The archive of drawings.", required=True)
_OUTPUT = define_output("averaged_weights.json", "Results, JSON; added to what is there.")
_STEPS = define_numbers("steps", [200, 1000, 5000], "Lengths of training.")
_RATES = flags.DEFINE_multi_enum("rates", list(RATES), list(RATES), "What the rates do.")
_SEEDS = define_numbers("seeds", [0, 1, 2], "Seeds of held-out groups, start and batches.")

AVERAGES = {"served": True, "served by Keras' own average": False}
SETTINGS = {
    "encoder": {"image_size": 32, "levels": (8, 16, 32), "code_size": 16, "pooling": "moments"},
    "model": {"push": "sum", "shift": 2},
    "batches": {"artists_per_batch": 8, "works_per_artist": 4},
    "optimizer": {"learning_rate": 1e-3, "warmup_steps": 20},
    "presumed_optimizer": {"learning_rate": 2e-2, "warmup_steps": 20},
    "average": 0.999,
}


def train(seed, steps, training, *, rates, from_the_start):
    """Trains a small style encoder.

    Args:
        seed: of start, batches and augmentation.
        steps: of the training, at which the rates reach their end.
        training: `Drawings`.
        rates: a key of `RATES`.
        from_the_start: averages with `make_optimizer`'s average, else with Keras' own.

    Returns:
        `(model, last)`: the model with the averaged weights, and the last values of its
        trainable variables.
    """
    keras.utils.clear_session()
    keras.utils.set_random_seed(seed)
    encoder = StyleEncoder(**SETTINGS["encoder"])
    artists = int(training.artists.max()) + 1
    model = StyleMetricLearning(encoder, artists=artists, seed=seed, **SETTINGS["model"])
    options = {"steps": steps, "final_fraction": RATES[rates]}
    if from_the_start:
        options |= {"average": SETTINGS["average"]}
    else:
        options |= {"use_ema": True, "ema_momentum": SETTINGS["average"]}
    made = {
        name: make_optimizer("adam", **SETTINGS[name], **options)
        for name in ("optimizer", "presumed_optimizer")
    }
    if not from_the_start:
        made = {n: keras.optimizers.Adam.from_config(each.get_config()) for n, each in made.items()}
    model.compile(**made)
    last = []
    keep = keras.callbacks.LambdaCallback(
        on_train_end=lambda logs: last.extend(v.numpy() for v in model.trainable_variables)
    )
    with tempfile.TemporaryDirectory() as folder:
        drawn = batches(training, seed, SETTINGS["batches"])
        fit(model, drawn, steps=steps, checkpoints=folder, callbacks=[keep])
    return model, last


def accuracy(model, held_out):
    """Share of drawings whose nearest presumed style is their own artist's, on the whole code."""
    codes = over_images(model.encoder, held_out.images)
    styles = keras.ops.convert_to_numpy(model.presumed_styles)
    found = presumed_style_accuracy(codes, held_out.artists, styles, lengths=[codes.shape[1]])
    return float(found.accuracy[0])


def compare(drawings, *, seed, steps, rates):
    """One row of results: the accuracy of each kind of weights."""
    training, held_out = split(drawings, seed)
    row, lasts = {"works": len(held_out.images)}, []
    for name, from_the_start in AVERAGES.items():
        model, last = train(seed, steps, training, rates=rates, from_the_start=from_the_start)
        row[name] = accuracy(model, held_out)
        if from_the_start:
            row["weights served"] = served_weights(optimizers_of(model))
        lasts.append(last)
    if not all(map(np.array_equal, *lasts)):
        raise RuntimeError("The two trainings took different steps; their averages differ by more.")
    for variable, value in zip(model.trainable_variables, last, strict=True):
        variable.assign(value)
    return row | {"last weights": accuracy(model, held_out)}


def halved(drawings):
    """The drawings at half their size, as means of 2 x 2 pixels."""
    count, height, width, channels = drawings.images.shape
    parts = drawings.images.reshape(count, height // 2, 2, width // 2, 2, channels)
    images = np.rint(parts.mean(axis=(2, 4))).astype(np.uint8)
    return Drawings(images, drawings.artists, drawings.groups)


def table(results):
    """Markdown table: mean over seeds, with the range."""
    columns = [*AVERAGES, "last weights"]
    lines = [f"| rates | steps | seeds | {' | '.join(columns)} |"]
    lines.append("|---" * (len(columns) + 3) + "|")
    for rates, steps in sorted({(row["rates"], row["steps"]) for row in results}):
        rows = [row for row in results if (row["rates"], row["steps"]) == (rates, steps)]
        cells = [
            f"{np.mean(values):.3f} ({min(values):.3f}-{max(values):.3f})"
            for values in ([row[column] for row in rows] for column in columns)
        ]
        lines.append(f"| {rates} | {steps:,} | {len(rows)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main():
    """Runs what is not in the results yet, and prints the table."""
    about = {"settings": json.loads(json.dumps(SETTINGS))}
    path = Path(_OUTPUT.value)
    results = json.loads(path.read_text()) if path.exists() else []
    drawings = halved(load(_INPUT.value))
    cases = itertools.product(_STEPS.value, _RATES.value, _SEEDS.value)
    for steps, rates, seed in cases:
        case = {"rates": rates, "steps": steps, "seed": seed}
        if any(row == row | case | about for row in results):
            continue
        results.append(case | compare(drawings, **case) | about)
        logging.info("%s", results[-1])
        write_json(path, results)
    logging.info("\n%s", table([row for row in results if row == row | about]))


if __name__ == "__main__":
    logging.set_verbosity(logging.INFO)
    run_tool(main)
