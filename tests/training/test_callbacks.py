import types

import keras
import pytest
from absl import logging

from anime_style_tf.training import callbacks as callbacks_module
from anime_style_tf.training.callbacks import MetricsCsv, ProgressLine, tensorboard
from tests.training.noisy_line import noisy_line


def drive(callback, *epochs, start=0):
    """Tells a callback of epochs, each `(step, terms)`, in the form that Keras gives."""
    callbacks = keras.callbacks.CallbackList([callback], model=noisy_line(), add_progbar=False)
    callbacks.on_train_begin({"step": start})
    for number, (step, terms) in enumerate(epochs):
        callbacks.on_epoch_end(number, {"step": step} | terms)


@pytest.fixture
def lines(monkeypatch):
    said = []
    monkeypatch.setattr(logging, "info", lambda form, *values: said.append(form % values))
    return said


@pytest.fixture
def clock(monkeypatch):
    """Ten seconds pass whenever the time is asked for."""
    ticks = iter(range(100, 10**6, 10))
    # Theirs alone: the threads of servers that other tests share ask for the time too.
    stepping = types.SimpleNamespace(monotonic=lambda: float(next(ticks)))
    monkeypatch.setattr(callbacks_module, "time", stepping)


def test_a_line_says_step_speed_time_left_and_terms(lines, clock):
    drive(ProgressLine("style", steps=200, seconds=0), (50, {"pull": 0.25, "push": 2}))
    assert lines == ["style: step 50 of 200, 5.0 steps/s, 0:00:30 left | pull 0.2500  push 2.0000"]


def test_a_resumed_run_counts_its_own_steps_for_the_speed(lines, clock):
    drive(ProgressLine("gan", steps=200), (150, {}), start=100)
    assert lines[0] == "gan: resumes after step 100"
    assert "step 150 of 200, 5.0 steps/s, 0:00:10 left" in lines[1]


def test_lines_keep_their_distance_but_the_last_is_always_there(lines, clock):
    drive(ProgressLine("style", steps=30, seconds=1000), *[(step, {}) for step in (10, 20, 30)])
    assert [line.split(",")[0] for line in lines] == ["style: step 30 of 30"]


def test_the_file_has_a_row_an_epoch_with_whole_steps(tmp_path, clock):
    path = tmp_path / "metrics.csv"
    drive(MetricsCsv(path), (5, {"pull": 0.5}), (10, {"pull": 0.25}))
    assert path.read_text().split() == ["step,seconds,pull", "5,10.0,0.5", "10,20.0,0.25"]
    assert [file.name for file in tmp_path.iterdir()] == ["metrics.csv"]


def test_rows_after_the_step_where_a_run_goes_on_are_written_again(tmp_path, clock):
    path = tmp_path / "metrics.csv"
    drive(MetricsCsv(path), *[(step, {"pull": step / 2}) for step in (5, 10, 15)])
    drive(MetricsCsv(path), (15, {"pull": 7}), start=10)
    assert path.read_text().split() == [
        *("step,seconds,pull", "5,10.0,2.5", "10,20.0,5.0", "15,10.0,7.0")
    ]


def test_a_run_that_starts_anew_drops_the_old_rows(tmp_path, clock):
    path = tmp_path / "metrics.csv"
    for value in (1, 2):
        drive(MetricsCsv(path), (5, {"pull": value}))
    assert path.read_text().split() == ["step,seconds,pull", "5,10.0,2.0"]


def test_events_are_left_for_tensorboard(tmp_path):
    drive(tensorboard(tmp_path), (5, {"pull": 0.5}))
    assert list(tmp_path.rglob("events.out.tfevents.*"))
