import csv

import numpy as np
import pytest

from anime_style_tf.training.best_weights import BestWeights, KeepBest
from anime_style_tf.training.callbacks import MetricsCsv
from anime_style_tf.training.fit import fit
from anime_style_tf.training.schedules import make_optimizer
from tests.training.noisy_line import NoisyLine, batches

# What is measured after 4, 8, 12, ... steps: the best is at step 12.
# 10 and 22 are the last steps of a training.
ERRORS = {4: 0.5, 8: 0.3, 10: 0.6, 12: 0.2, 16: 0.4, 20: 0.2, 22: 0.3}


class Kept(NoisyLine):
    """The small model, built at once, with a copy of its inner layer."""

    def __init__(self):
        super().__init__()
        super().build()
        self.best = BestWeights(self.inner)

    def build(self, input_shape=None):
        """All is built."""


def train(folder, *lengths, every=4, noted=None):
    """Trains to each length in turn, as if it was stopped there, and puts the best back."""
    folder.mkdir(exist_ok=True)
    for steps in lengths:
        model = Kept()
        options = {"learning_rate": 0.01, "steps": 100, "average": 0.5}
        adam, other = (make_optimizer("adam", **options) for _ in range(2))
        model.compile(optimizer=adam, outer_optimizer=other)

        def measure(model=model):
            step = int(model.optimizer.iterations)
            if noted is not None:
                noted[step] = [each.numpy() for each in model.inner.variables]
            return ERRORS[step]

        keep = KeepBest(model.best, measure, name="distance", steps=lengths[-1], every=every)
        fit(
            model, batches, steps=steps, steps_per_epoch=2, checkpoint_seconds=0,
            checkpoints=folder / "checkpoints", callbacks=[keep, MetricsCsv(folder / "log.csv")],
        )  # fmt: skip
    model.best.put_back()
    return model


def test_the_weights_of_the_least_error_are_put_back_as_they_would_have_been_served(tmp_path):
    noted = {}
    model = train(tmp_path, 22, noted=noted)
    assert sorted(noted) == [4, 8, 12, 16, 20, 22]  # the last step, too
    assert int(model.best.step) == 12  # of two that are as good the first
    assert float(model.best.error) == pytest.approx(0.2)
    for variable, expected in zip(model.inner.variables, noted[12], strict=True):
        np.testing.assert_array_equal(variable, expected)


def test_the_error_is_logged_where_it_was_measured_and_nowhere_else(tmp_path):
    train(tmp_path, 10, every=4)
    rows = list(csv.DictReader((tmp_path / "log.csv").read_text().splitlines()))
    assert [row["step"] for row in rows] == ["2", "4", "6", "8", "10"]
    assert [row["distance"] for row in rows] == ["", "0.5", "", "0.3", "0.6"]


def test_a_stopped_training_keeps_what_an_undisturbed_one_keeps_bit_for_bit(tmp_path):
    whole, resumed = train(tmp_path / "whole", 22), train(tmp_path / "resumed", 14, 18, 22)
    assert int(resumed.best.step) == 12
    for one, other in zip(whole.variables, resumed.variables, strict=True):
        np.testing.assert_array_equal(one, other)


def test_without_a_measure_the_weights_stay_as_they_are():
    model = Kept()
    before = [each.numpy() for each in model.inner.variables]
    model.best.put_back()
    for variable, expected in zip(model.inner.variables, before, strict=True):
        np.testing.assert_array_equal(variable, expected)
