"""The reader benchmark: what counts as speed and as waiting, and a tiny run."""

import io
import itertools
import json

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from benchmarks import reading
from tests.benchmarks.commands import run


class Clock:
    """A clock that moves only when something is said to take time."""

    def __init__(self):
        self.now = 0

    def __call__(self):
        return self.now

    def after(self, seconds, value=None):
        self.now += seconds
        return value


def test_batches_before_the_clock_starts_do_not_count_as_speed():
    clock = Clock()
    slow_at_first = itertools.chain([100] * reading.WARM_UP, itertools.repeat(2))
    batches = (clock.after(seconds) for seconds in slow_at_first)

    assert reading.images_per_second(batches, 64, 10, clock) == 64 / 2


def test_waiting_is_the_share_of_time_before_the_batch_is_there():
    clock = Clock()
    batches = (clock.after(1) for _ in itertools.count())

    assert reading.share_waiting(batches, lambda _: clock.after(3), 10, clock) == 0.25


def test_the_first_steps_do_not_count_as_waiting():
    clock = Clock()
    waits = itertools.chain([100] * reading.WARM_UP, itertools.repeat(0))
    batches = (clock.after(seconds) for seconds in waits)

    assert reading.share_waiting(batches, lambda _: clock.after(3), 10, clock) == 0


def test_the_limit_is_the_faster_of_the_bare_loops():
    slower, faster = reading.LIMITS
    figures = reading.summarize({slower: [90, 100], faster: [400, 300], "plain": [100, 200]})

    assert figures["plain"] == {"images_per_second": 200, "share_of_limit": 0.5}
    assert figures[faster]["share_of_limit"] == 1


def test_bare_decoding_gives_the_pixels_of_the_pngs():
    random = np.random.default_rng(0)
    images = random.integers(0, 256, (3, 4, 4, 3), np.uint8)
    coverages = random.integers(0, 256, (3, 4, 4), np.uint8)
    pngs = [(encode(image), encode(mask)) for image, mask in zip(images, coverages, strict=True)]
    batch = next(iter(reading.decoding(pngs, 4, 5)))

    np.testing.assert_array_equal(batch[0], images[[0, 1, 2, 0, 1]])
    np.testing.assert_array_equal(tf.squeeze(batch[1], -1), coverages[[0, 1, 2, 0, 1]])


@pytest.mark.slow
def test_the_command_measures_all_paths_and_the_waiting(tmp_path):
    flags = ["--count=200", "--repeats=1", "--seconds=0.2", "--steps=2", "--sizes=64"]
    paths = [f"--pictures={tmp_path / 'pictures'}", f"--output={tmp_path / 'reader.json'}"]
    done = run("reader", *flags, *paths)

    content = json.loads((tmp_path / "reader.json").read_text())
    paths = {"P x K", "plain", "P x K, cached", "plain, cached"}
    assert set(content["figures"]["64"]) == {*reading.LIMITS, *paths}
    assert all(row["images_per_second"] > 0 for row in content["figures"]["64"].values())
    assert set(content["waiting"]) == {"cached", "from shards"}
    assert all(0 < shares[0] < 1 for shares in content["waiting"].values())
    assert "waiting in the demo's style stage" in done.stdout


def encode(pixels):
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG")
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
