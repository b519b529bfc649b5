"""How a stage trains a model in its folder."""

from pathlib import Path

from absl import logging

from anime_style_tf.errors import InputError
from anime_style_tf.training.callbacks import MetricsCsv, ProgressLine, tensorboard
from anime_style_tf.training.fit import fit, optimizers_of
from anime_style_tf.training.plateau import StopAtPlateau
from anime_style_tf.training.schedules import served_weights


def fit_in(
    folder,
    model,
    batches,
    *,
    steps,
    steps_per_epoch=50,
    checkpoint_seconds=60.0,
    patience=None,
    accuracy=None,
    callbacks=(),
):
    """Trains a model with its checkpoints, log and events in one folder.

    Args:
        folder: of the stage or of a part of it; `metrics.csv`, `tensorboard/` and
            `checkpoints/` are written there.
        model: built and compiled.
        batches: function from a step to the endless dataset from there.
        steps: steps in all; raise it for better models.
        steps_per_epoch: steps between two reports.
        checkpoint_seconds: least time between two checkpoints; what a killed run may lose.
        patience: reports without a better accuracy after which training ends before all steps
            are taken (`training.plateau`); None takes them all.
        accuracy: what `patience` goes by, see `StopAtPlateau`; None where nothing is measured.
        callbacks: further ones, before those that log what all have added.

    Raises:
        InputError: `patience` where nothing is measured or below 1; or see `fit`.
    """
    folder = Path(folder)
    callbacks = [
        *callbacks,
        ProgressLine(folder.name, steps=steps),
        MetricsCsv(folder / "metrics.csv"),
        tensorboard(folder / "tensorboard"),
    ]
    if patience is not None:
        if accuracy is None or patience < 1:
            raise InputError(
                f"fit.patience: expected a whole number from 1 in the section style, received "
                f"{patience} for {folder.name}: leave it out to take all steps"
            )
        path = folder / "plateau.json"
        callbacks.append(StopAtPlateau(accuracy, patience=patience, path=path))
    fit(
        model,
        batches,
        steps=steps,
        steps_per_epoch=steps_per_epoch,
        checkpoint_seconds=checkpoint_seconds,
        checkpoints=folder / "checkpoints",
        callbacks=callbacks,
    )
    logging.info("%s: served: %s", folder.name, served_weights(optimizers_of(model)))
