import csv
import os
import signal
import subprocess
import sys

import keras
import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.training.callbacks import MetricsCsv
from anime_style_tf.training.checkpoints import stored_steps
from anime_style_tf.training.fit import Interrupted, fit, optimizers_of
from anime_style_tf.training.schedules import RMSPROP_EPSILON
from tests.conventions.sources import ROOT
from tests.training.noisy_line import batches, noisy_line


class Recorder(keras.callbacks.Callback):
    """Keeps what a callback is told and the weights at the end of each epoch."""

    def __init__(self):
        super().__init__()
        self.told = []
        self.weights = []

    def on_train_begin(self, logs=None):
        self.told.append(("train begins", logs["step"]))

    def on_epoch_begin(self, epoch, logs=None):
        self.told.append(("epoch begins", epoch))

    def on_epoch_end(self, epoch, logs=None):
        self.told.append(("epoch ends", epoch, logs["step"]))
        self.weights.append(self.model.get_weights())

    def on_train_end(self, logs=None):
        self.told.append(("train ends",))


def state_of(model):
    """Everything: weights, seeds, both optimizers with their averages."""
    variables = [v for optimizer in optimizers_of(model) for v in optimizer.variables]
    variables += [*model.variables, *model.metrics_variables]
    return [variable.numpy() for variable in variables]


def assert_equal(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_array_equal(one, other)


def rows_of(path):
    """Rows of `metrics.csv` without the time, which differs from run to run."""
    with path.open(newline="") as file:
        return [{k: v for k, v in row.items() if k != "seconds"} for row in csv.DictReader(file)]


@pytest.mark.parametrize(("steps", "epoch"), [(7, 3), (6, 3), (2, 5)])
def test_exactly_the_steps_asked_for_are_taken(tmp_path, steps, epoch):
    model = noisy_line()
    fit(model, batches, steps=steps, steps_per_epoch=epoch, checkpoints=tmp_path)
    assert [int(each.iterations) for each in optimizers_of(model)] == [steps, steps]
    assert stored_steps(tmp_path)[-1] == steps


def test_callbacks_are_driven_as_by_keras(tmp_path):
    recorder = Recorder()
    options = {"steps_per_epoch": 3, "checkpoints": tmp_path, "callbacks": [recorder]}
    fit(noisy_line(), batches, steps=7, **options)
    assert recorder.told == [
        ("train begins", 0),
        *[("epoch begins", 0), ("epoch ends", 0, 3)],
        *[("epoch begins", 1), ("epoch ends", 1, 6)],
        *[("epoch begins", 2), ("epoch ends", 2, 7)],
        ("train ends",),
    ]


def test_a_callback_can_stop_the_training(tmp_path):
    class Stop(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = True

    model = noisy_line()
    fit(model, batches, steps=9, steps_per_epoch=2, checkpoints=tmp_path, callbacks=[Stop()])
    assert int(model.optimizer.iterations) == 2


def test_what_is_reported_is_the_mean_over_the_epoch(tmp_path):
    options = {"steps": 6, "callbacks": [MetricsCsv(tmp_path / "each.csv")]}
    fit(noisy_line(), batches, steps_per_epoch=1, checkpoints=tmp_path / "a", **options)
    options["callbacks"] = [MetricsCsv(tmp_path / "mean.csv")]
    fit(noisy_line(), batches, steps_per_epoch=3, checkpoints=tmp_path / "b", **options)
    each, mean = rows_of(tmp_path / "each.csv"), rows_of(tmp_path / "mean.csv")
    assert [row["step"] for row in mean] == ["3", "6"]
    for name in ("error", "size"):
        values = np.array([float(row[name]) for row in each]).reshape(2, 3).mean(axis=1)
        np.testing.assert_allclose([float(row[name]) for row in mean], values, rtol=1e-6)


def test_a_plain_keras_fit_takes_the_same_steps(tmp_path):
    ours, plain = noisy_line(average=None), noisy_line(average=None)
    fit(ours, batches, steps=6, steps_per_epoch=3, checkpoints=tmp_path)
    plain.fit(batches(0), epochs=2, steps_per_epoch=3, verbose=0, shuffle=False)
    assert_equal(ours.get_weights(), plain.get_weights())


@pytest.mark.parametrize("average", [0.999, 0.125])
def test_the_averaged_weights_are_left_in_the_model(tmp_path, average):
    """Computed in float64 from the weights after each of six steps.

    While the momentum rises, the weights after step s of T count C(s + 17, 18) / C(T + 18, 19):
    1, 19, 190, 1330, 7315 and 33649 of 42504; these sum to 1 by the hockey-stick identity. A
    momentum of 1/8 is less than t / (t + 19) from t = 3, the fourth step, on.
    """
    recorder = Recorder()
    model = noisy_line(average=average)
    options = {"steps_per_epoch": 1, "checkpoints": tmp_path, "callbacks": [recorder]}
    fit(model, batches, steps=6, **options)
    shares = np.array([1, 19, 190, 1330, 7315, 33649]) / 42504
    if average == 1 / 8:
        rising = np.array([1, 19, 190]) / 210
        shares = np.array([*(rising / 8**3), 7 / 8**3, 7 / 8**2, 7 / 8])
    for number, left in enumerate(model.get_weights()):
        each = [np.float64(weights[number]) for weights in recorder.weights]
        if left.dtype == np.float32:
            expected = np.tensordot(shares, each, axes=1)
            np.testing.assert_allclose(left, expected, rtol=1e-5, atol=1e-7)


def test_a_training_begun_with_keras_own_average_goes_on(tmp_path):
    """As the revision before wrote it: the same variables, an average that starts differently."""
    averaged = {"use_ema": True, "ema_momentum": 0.999}
    optimizers = (
        keras.optimizers.Adam(0.01, **averaged),
        keras.optimizers.RMSprop(0.01, momentum=0.5, epsilon=RMSPROP_EPSILON, **averaged),
    )
    begun = noisy_line(optimizers=optimizers)
    fit(begun, batches, steps=4, checkpoints=tmp_path)
    recorder = Recorder()
    resumed = noisy_line(average=0.999)
    options = {"steps_per_epoch": 1, "checkpoints": tmp_path, "callbacks": [recorder]}
    fit(resumed, batches, steps=5, **options)
    (last,) = recorder.weights
    for left, average, trained in zip(
        resumed.get_weights(), begun.get_weights(), last, strict=True
    ):
        if left.dtype == np.float32:
            expected = (4 * np.float64(average) + 19 * np.float64(trained)) / 23
            np.testing.assert_allclose(left, expected, rtol=1e-5, atol=1e-7)


class Killed(Exception):
    pass


def kill_at(step):
    """A callback that ends the process's work as SIGKILL would: nothing is saved on the way."""

    class Kill(keras.callbacks.Callback):
        def on_epoch_begin(self, epoch, logs=None):
            if int(self.model.optimizer.iterations) == step:
                raise Killed

    return Kill()


def run(folder, steps=12, at_step=None, callbacks=()):
    model = noisy_line(at_step=at_step)
    fit(
        model,
        batches,
        steps=steps,
        steps_per_epoch=4,
        checkpoint_seconds=0,
        checkpoints=folder / "checkpoints",
        callbacks=[MetricsCsv(folder / "metrics.csv"), *callbacks],
    )
    return model


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("undisturbed")
    return run(folder), rows_of(folder / "metrics.csv")


def test_a_killed_run_goes_on_bit_for_bit(undisturbed, tmp_path):
    with pytest.raises(Killed):
        run(tmp_path, callbacks=[kill_at(8)])
    model, rows = undisturbed
    assert_equal(state_of(run(tmp_path)), state_of(model))
    assert rows_of(tmp_path / "metrics.csv") == rows


def test_a_run_killed_between_its_log_and_its_checkpoint_doubles_no_row(undisturbed, tmp_path):
    class Kill(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            if logs["step"] == 8:
                raise Killed

    with pytest.raises(Killed):
        run(tmp_path, callbacks=[Kill()])
    assert stored_steps(tmp_path / "checkpoints")[-1] == 4
    assert [row["step"] for row in rows_of(tmp_path / "metrics.csv")] == ["4", "8"]
    model, rows = undisturbed
    assert_equal(state_of(run(tmp_path)), state_of(model))
    assert rows_of(tmp_path / "metrics.csv") == rows


def test_a_finished_run_is_left_as_it_is(undisturbed, tmp_path):
    run(tmp_path)
    model, rows = undisturbed
    assert_equal(state_of(run(tmp_path)), state_of(model))
    assert rows_of(tmp_path / "metrics.csv") == rows


def test_a_finished_run_goes_on_when_more_steps_are_asked_for(undisturbed, tmp_path):
    """At constant rates, as here, it ends where a run of all those steps ends."""
    run(tmp_path, steps=8)
    model, rows = undisturbed
    assert_equal(state_of(run(tmp_path)), state_of(model))
    assert rows_of(tmp_path / "metrics.csv") == rows


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("last", [6, 8])
def test_a_signal_saves_at_once_and_the_run_goes_on(undisturbed, tmp_path, number, last):
    """In the middle of an epoch and at its end."""
    before = signal.getsignal(number)

    def at_step(step):
        if step == last:
            os.kill(os.getpid(), number)

    with pytest.raises(Interrupted) as stop:
        run(tmp_path, at_step=at_step)
    assert stop.value.code == 128 + number
    assert f"after step {last} of 12; all is saved" in str(stop.value)
    assert signal.getsignal(number) is before
    assert stored_steps(tmp_path / "checkpoints")[-1] == last
    model, rows = undisturbed
    assert_equal(state_of(run(tmp_path)), state_of(model))
    assert rows_of(tmp_path / "metrics.csv") == rows


def test_an_optimizer_that_is_not_built_is_refused(tmp_path):
    model = noisy_line()
    model.outer_optimizer = keras.optimizers.Adam()
    with pytest.raises(ValueError, match="Adam is not built"):
        fit(model, batches, steps=1, checkpoints=tmp_path)


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    run(tmp_path, steps=4)
    other = noisy_line(average=None)
    with pytest.raises(InputError, match="belongs to another model"):
        fit(other, batches, steps=8, checkpoints=tmp_path / "checkpoints")


def test_a_loss_that_is_not_finite_is_refused_and_not_saved(tmp_path):
    model = noisy_line()
    model.outer.kernel.assign(np.full((4, 1), np.nan))
    with pytest.raises(InputError, match="diverged: error is nan at step 2"):
        fit(model, batches, steps=4, steps_per_epoch=2, checkpoints=tmp_path)
    assert stored_steps(tmp_path) == []


def test_two_devices_train_as_one():
    """In a process of its own: devices are divided before TensorFlow starts."""
    program = ROOT / "tests" / "training" / "two_devices.py"
    ended = subprocess.run(
        [sys.executable, program],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
