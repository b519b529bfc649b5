import json

import keras
import numpy as np
import pytest

from anime_style_tf.training.fit import fit
from anime_style_tf.training.plateau import StopAtPlateau, has_ceased_improving
from tests.training.noisy_line import batches, noisy_line


@pytest.mark.parametrize(
    ("accuracies", "ceased"),
    [
        ([], False),
        ([0.5], False),
        ([0.5, 0.5], False),
        ([0.5, 0.5, 0.5], True),
        ([0.5, 0.59, 0.59], True),  # by less than a standard error
        ([0.5, 0.61, 0.61], False),
        ([0.5, 0.61, 0.61, 0.61], True),
        ([0.5, 0.58, 0.66, 0.74, 0.82], False),  # .66 and .82: small steps add up
        ([0.9, 0.2, 0.3], True),  # a rise from a fall is none
    ],
)
def test_improvements_are_counted_by_hand(accuracies, ceased):
    errors = [0.1] * len(accuracies)
    assert has_ceased_improving(accuracies, errors, patience=2) is ceased


class Weights:
    """A measure that rises for three reports and then stays; keeps the weights it was given."""

    def __init__(self, model):
        self.model = model
        self.seen = []

    def __call__(self):
        self.seen.append(self.model.inner.get_weights()[0])
        step = int(self.model.optimizer.iterations)
        return min(step, 12) / 100, 0.005


def train(folder, *, patience=3, steps=100, callbacks=()):
    model = noisy_line(average=0.5)
    measure = Weights(model)
    stop = StopAtPlateau(measure, patience=patience, path=folder / "plateau.json")
    folder.mkdir(exist_ok=True)
    options = {"steps_per_epoch": 4, "checkpoint_seconds": 0, "checkpoints": folder / "kept"}
    fit(model, batches, steps=steps, callbacks=[stop, *callbacks], **options)
    return model, measure


def test_a_training_ends_after_as_many_reports_as_it_has_patience(tmp_path):
    """It improves to step 12; the reports at 16, 20 and 24 bring nothing."""
    model, _ = train(tmp_path)
    assert int(model.optimizer.iterations) == 24
    rows = json.loads((tmp_path / "plateau.json").read_text())
    assert [row["step"] for row in rows] == [4, 8, 12, 16, 20, 24]
    assert rows[3] == {"step": 16, "accuracy": 0.12, "standard_error": 0.005}


def test_what_is_measured_is_what_would_be_served_and_measuring_changes_nothing(tmp_path):
    model, measure = train(tmp_path / "measured", steps=8, patience=9)
    plain = noisy_line(average=0.5)
    options = {"steps_per_epoch": 4, "checkpoints": tmp_path / "plain"}
    fit(plain, batches, steps=8, **options)
    for ours, theirs in zip(model.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    np.testing.assert_array_equal(measure.seen[-1], plain.inner.get_weights()[0])


def test_a_killed_training_ends_where_an_undisturbed_one_does_bit_for_bit(tmp_path):
    class Killed(Exception):
        pass

    class Kill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if logs["step"] == 20:
                raise Killed

    undisturbed, _ = train(tmp_path / "undisturbed")
    with pytest.raises(Killed):  # after the report at 20, before its checkpoint
        train(tmp_path / "killed", callbacks=[Kill()])
    resumed, _ = train(tmp_path / "killed")
    for ours, theirs in zip(resumed.get_weights(), undisturbed.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    reports = [(tmp_path / run / "plateau.json").read_text() for run in ("killed", "undisturbed")]
    assert reports[0] == reports[1]


def test_a_training_that_has_ended_takes_no_further_step(tmp_path):
    ended, _ = train(tmp_path)
    again, measure = train(tmp_path)
    assert not measure.seen
    for ours, theirs in zip(again.get_weights(), ended.get_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
