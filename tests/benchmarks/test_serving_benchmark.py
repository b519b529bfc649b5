"""Figures by hand, clients against a function, and the pieces of the measurement in the small."""

import time

import numpy as np
import tensorflow as tf

from benchmarks.served_calls import example, from_clients, in_process, percentiles


def test_percentiles_are_of_milliseconds_and_pictures_of_the_whole_time():
    figures = percentiles([0.001 * number for number in range(1, 102)], 808, 2.0)
    assert figures == {
        "requests": 101, "p50_ms": 51.0, "p95_ms": 96.0, "p99_ms": 100.0,
        "pictures_per_second": 404.0,
    }  # fmt: skip


def test_calls_in_process_are_timed_without_the_first():
    called = []

    def call():
        called.append(None)
        time.sleep(0.2 if len(called) == 1 else 0.01)

    figures = in_process(call, 8, 0.1)
    assert figures["requests"] == len(called) - 1 >= 3
    assert 9 < figures["p50_ms"] < 150
    assert figures["pictures_per_second"] <= 8 / 0.01


def test_clients_ask_side_by_side():
    figures = from_clients(lambda: lambda: time.sleep(0.1), 4, 0.3)
    assert 8 <= figures["requests"] <= 16
    assert figures["p50_ms"] >= 100
    assert figures["pictures_per_second"] > 1.5 / 0.1  # of one client at most 1 / 0.1


def test_an_example_has_one_row_of_every_kind_of_input():
    png = tf.io.encode_png(tf.zeros([4, 4, 3], tf.uint8)).numpy()
    specs = {
        "files": tf.TensorSpec([None], tf.string),
        "images": tf.TensorSpec([None, 4, 4, 3], tf.uint8),
        "seed": tf.TensorSpec([None], tf.int64),
        "style": tf.TensorSpec([None, 5], tf.float32),
    }
    row = example(specs, {"size": 4}, png, seed=3)
    assert row["files"].tolist() == [png]
    assert {name: value.shape for name, value in row.items()} == {
        "files": (1,), "images": (1, 4, 4, 3), "seed": (1,), "style": (1, 5),
    }  # fmt: skip
    assert np.all(row["seed"] == 3)
    np.testing.assert_array_equal(row["style"], example(specs, {"size": 4}, png, seed=3)["style"])
