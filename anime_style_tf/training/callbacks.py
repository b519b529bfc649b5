"""What is reported while a model trains."""

import csv
import datetime
import time
from pathlib import Path

import keras
from absl import logging

from anime_style_tf.replacing import replacing


class ProgressLine(keras.callbacks.Callback):
    """Logs the step, the speed, the time left and the loss terms.

    Args:
        label: what is trained.
        steps: steps in all.
        seconds: least time between two lines.
    """

    def __init__(self, label, *, steps, seconds=10.0):
        super().__init__()
        self.label = label
        self.steps = steps
        self.seconds = seconds

    def on_train_begin(self, logs=None):
        """Starts the clock at the step where training resumes."""
        self._first_step = (logs or {}).get("step", 0)
        self._started = time.monotonic()
        self._reported = 0.0
        if self._first_step:
            logging.info("%s: resumes after step %d", self.label, self._first_step)

    def on_epoch_end(self, epoch, logs=None):
        """Logs a line."""
        now = time.monotonic()
        step = logs["step"]
        if now - self._reported < self.seconds and step < self.steps:
            return
        self._reported = now
        speed = (step - self._first_step) / (now - self._started)
        left = datetime.timedelta(seconds=round((self.steps - step) / speed))
        terms = "  ".join(f"{k} {v:.4f}" for k, v in logs.items() if k != "step")
        logging.info(
            "%s: step %d of %d, %.1f steps/s, %s left | %s",
            self.label, step, self.steps, speed, left, terms,
        )  # fmt: skip


class MetricsCsv(keras.callbacks.Callback):
    """Writes one row an epoch; on a resumed run drops the rows that will be made again.

    Args:
        path: of the CSV file; columns `step`, `seconds` (of this run) and the loss terms.
    """

    def __init__(self, path):
        super().__init__()
        self.path = Path(path)

    def on_train_begin(self, logs=None):
        """Keeps the rows up to the step where training resumes."""
        self._rows = []
        self._started = time.monotonic()
        step = (logs or {}).get("step", 0)
        if step and self.path.exists():
            with self.path.open(newline="") as file:
                self._rows = [row for row in csv.DictReader(file) if int(row["step"]) <= step]

    def on_epoch_end(self, epoch, logs=None):
        """Adds a row; the file is replaced as a whole, so it is never half written."""
        seconds = round(time.monotonic() - self._started, 2)
        # Keras gives callbacks every value as a float.
        self._rows.append(logs | {"step": int(logs["step"]), "seconds": seconds})
        # What is not measured each time has a column, too, empty in between.
        names = dict.fromkeys(name for row in self._rows for name in row)
        columns = sorted(names, key=lambda name: {"step": 0, "seconds": 1}.get(name, 2))
        with replacing(self.path) as unfinished, unfinished.open("w", newline="") as file:
            writer = csv.DictWriter(file, fieldnames=columns)
            writer.writeheader()
            writer.writerows(self._rows)


def tensorboard(folder):
    """TensorBoard events of every loss term, one point an epoch.

    Args:
        folder: where the events go.

    Returns:
        Keras callback.
    """
    return keras.callbacks.TensorBoard(log_dir=str(folder), write_graph=False)
