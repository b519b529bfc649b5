"""When a training has ceased to improve."""

import json
from pathlib import Path

import keras
from absl import logging

from anime_style_tf.replacing import replacing
from anime_style_tf.training.fit import served


class StopAtPlateau(keras.callbacks.Callback):
    """Ends a training when its accuracy ceases improving.

    Args:
        accuracy: function without arguments that returns the accuracy of the model, on works it
            is not trained on, and its standard error; it may change nothing and draw nothing at
            random. It is called at the end of each epoch, with the weights that would be served.
        patience: reports without improvement after which the training ends, at least 1; more
            trains longer and is misled less.
        path: of the JSON file with what was measured, from which training resumes.

    Source: the rule is the paper's, "until accuracy ceases improving"; the measure is ours.
    """

    def __init__(self, accuracy, *, patience, path):
        super().__init__()
        self.accuracy = accuracy
        self.patience = patience
        self.path = Path(path)

    def on_train_begin(self, logs=None):
        """Takes up what was measured to the step where training resumes."""
        rows = json.loads(self.path.read_text("utf-8")) if self.path.exists() else []
        self._rows = [row for row in rows if row["step"] <= (logs or {}).get("step", 0)]
        self._stop_if_ceased()

    def on_epoch_end(self, epoch, logs=None):
        """Measures, and ends the training if that is due."""
        with served(self.model):
            accuracy, error = self.accuracy()
        row = {"step": int(logs["step"]), "accuracy": accuracy, "standard_error": error}
        self._rows.append(row)
        with replacing(self.path) as unfinished:
            unfinished.write_text(json.dumps(self._rows, indent=1) + "\n", "utf-8")
        self._stop_if_ceased()

    def _stop_if_ceased(self):
        accuracies, errors = (
            [row[k] for row in self._rows] for k in ("accuracy", "standard_error")
        )
        if has_ceased_improving(accuracies, errors, self.patience):
            self.model.stop_training = True
            logging.info(
                "%s: accuracy %.4f at step %d has not improved by a standard error in %d reports: "
                "ended here", self.path.parent.name, accuracies[-1], self._rows[-1]["step"],
                self.patience,
            )  # fmt: skip


def has_ceased_improving(accuracies, standard_errors, patience):
    """Tells whether the last reports bring nothing new.

    An accuracy is an improvement if it is more than a standard error above the improvement
    before it (the first: above the first report), so that small steps add up to one.

    Args:
        accuracies: list in the order of the reports.
        standard_errors: of each.
        patience: reports in a row without an improvement that are too many.

    Returns:
        bool.
    """
    since, level = 0, float("-inf")
    for accuracy, error in zip(accuracies, standard_errors, strict=True):
        since += 1
        if accuracy > level:
            since, level = 0, accuracy + error
    return since >= patience
