"""How a stage trains a model in its folder."""

from pathlib import Path

from absl import logging

from anime_style_tf.training.callbacks import MetricsCsv, ProgressLine, tensorboard
from anime_style_tf.training.fit import fit, optimizers_of
from anime_style_tf.training.schedules import served_weights


def fit_in(folder, model, batches, *, steps, steps_per_epoch=50, checkpoint_seconds=60.0):
    """Trains a model with its checkpoints, log and events in one folder.

    Args:
        folder: of the stage or of a part of it; `metrics.csv`, `tensorboard/` and
            `checkpoints/` are written there.
        model: built and compiled.
        batches: function from a step to the endless dataset from there.
        steps: steps in all; raise it for better models.
        steps_per_epoch: steps between two reports.
        checkpoint_seconds: least time between two checkpoints; what a killed run may lose.
    """
    folder = Path(folder)
    fit(
        model,
        batches,
        steps=steps,
        steps_per_epoch=steps_per_epoch,
        checkpoint_seconds=checkpoint_seconds,
        checkpoints=folder / "checkpoints",
        callbacks=[
            ProgressLine(folder.name, steps=steps),
            MetricsCsv(folder / "metrics.csv"),
            tensorboard(folder / "tensorboard"),
        ],
    )
    logging.info("%s: served: %s", folder.name, served_weights(optimizers_of(model)))
