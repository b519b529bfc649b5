"""What `reader.py` measures with: bare decoding, speeds, and the share of waiting."""

import time

import tensorflow as tf

from anime_style_tf.data.decoding import parse

LIMITS = ("tf.data, decode_png alone", "Pillow alone")
WARM_UP = 5  # batches or steps that are not timed


def read_pngs(records):
    """Returns bytes `[records, 2]`: each one's encoded picture and coverage."""
    names = [file["name"] for file in records.info["files"]]
    shards = [str(records.path / name) for name in names if name.endswith(".tfrecord")]
    parsed = tf.data.TFRecordDataset(shards).map(parse)
    return [(each["image_png"].numpy(), each["coverage_png"].numpy()) for each in parsed]


def decoding(pngs, size, batch_size):
    """Returns an endless dataset of batches that are decoded and not looked up anywhere."""

    def decode(image_png, coverage_png):
        return (
            tf.ensure_shape(tf.io.decode_png(image_png, channels=3), [size, size, 3]),
            tf.ensure_shape(tf.io.decode_png(coverage_png, channels=1), [size, size, 1]),
        )

    encoded = tf.data.Dataset.from_tensor_slices(tuple(map(list, zip(*pngs, strict=True))))
    decoded = encoded.cache().repeat().map(decode, num_parallel_calls=tf.data.AUTOTUNE)
    return decoded.batch(batch_size, drop_remainder=True).prefetch(tf.data.AUTOTUNE)


def images_per_second(dataset, batch_size, seconds, clock=time.perf_counter):
    """Draws batches for some time, after a few that do not count."""
    batches = iter(dataset)
    for _ in range(WARM_UP):
        next(batches)
    started, count = clock(), 0
    while clock() < started + seconds:
        next(batches)
        count += 1
    return count * batch_size / (clock() - started)


def summarize(speeds):
    """Takes the best of each.

    Args:
        speeds: dict name -> list of images/s; with all of `LIMITS`.

    Returns:
        Dict name -> dict with `images_per_second` and `share_of_limit`.
    """
    best = {name: max(values) for name, values in speeds.items()}
    limit = max(best[name] for name in LIMITS)
    return {
        name: {"images_per_second": speed, "share_of_limit": speed / limit}
        for name, speed in best.items()
    }


def share_waiting(batches, step, steps, clock=time.perf_counter):
    """Returns the share of the time of some steps that passes before their batches are there.

    Args:
        batches: iterator.
        step: function of a batch that returns when its work is done.
        steps: how many to time, after a few that do not count.
        clock: returns seconds.
    """
    waited = worked = 0.0
    for number in range(WARM_UP + steps):
        started = clock()
        batch = next(batches)
        ready = clock()
        step(batch)
        if number >= WARM_UP:
            waited += ready - started
            worked += clock() - ready
    return waited / (waited + worked)
