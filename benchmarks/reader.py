"""Reading records: images/s of `Records` beside bare decoding, and how long a step waits for it.

The limit is the faster of two loops over the same PNGs, pictures and coverages, that do nothing
else on all cores: `tf.io.decode_png` in tf.data, and Pillow. The cached path decodes only once, so
it may be above. The step is that of the demo's style stage; waiting is the time in `next`. All take
turns; the best of the repeats counts for speeds, the worst for waiting; the file keeps all.

    python -m benchmarks.reader --output=reader.json
"""

import collections
import json
import os
import pathlib
import platform
import runpy
import shutil

import numpy as np
import tensorflow as tf
from absl import flags, logging

from anime_style_tf.data.reader import Records
from anime_style_tf.style_encoder import StyleEncoder, StyleMetricLearning
from anime_style_tf.terminal.tool import run_tool
from anime_style_tf.training.schedules import make_optimizer
from benchmarks.command import define_numbers, define_output, write_json
from benchmarks.processes import ROOT, contender, run
from benchmarks.reading import (
    LIMITS,
    decoding,
    images_per_second,
    read_pngs,
    share_waiting,
    summarize,
)
from benchmarks.records_pictures import ARTISTS, make_pictures

_PICTURES = flags.DEFINE_string("pictures", "build/reader-benchmark", "Keeps pictures, records.")
_OUTPUT = define_output("reader.json")
_COUNT = flags.DEFINE_integer("count", 1000, "Records of each size.", lower_bound=10 * ARTISTS)
_SIZES = define_numbers("sizes", [64, 256], "Sides of the records in pixels.")
_REPEATS = flags.DEFINE_integer("repeats", 3, "Measurements of each.", lower_bound=1)
_SECONDS = flags.DEFINE_float("seconds", 5, "Length of a measurement.", lower_bound=0.1)
_STEPS = flags.DEFINE_integer("steps", 60, "Steps of the training; 0 leaves it out.")

ARTISTS_PER_BATCH, WORKS_PER_ARTIST = 8, 8
BATCH_SIZE = ARTISTS_PER_BATCH * WORKS_PER_ARTIST
_DEMO = runpy.run_path(str(ROOT / "configs/demo.py"))["get_config"]()


def contenders(path, size, seconds):
    """Returns name -> function that measures images/s once."""
    records, cached = Records(path, cache=False), Records(path, cache=True)
    pngs = read_pngs(records)
    file = path / "pngs.npz"
    flat = [png for pair in pngs for png in pair]
    data = np.frombuffer(b"".join(flat), np.uint8)
    np.savez(file, data=data, lengths=[len(png) for png in flat])
    of_artists = {"artists_per_batch": ARTISTS_PER_BATCH, "works_per_artist": WORKS_PER_ARTIST}

    def pillow():
        done = run([*contender("decode"), str(file), str(seconds)])
        return json.loads(done.output)["images_per_second"]

    datasets = {LIMITS[0]: decoding(pngs, size, BATCH_SIZE)}
    for name, each in (("", records), (", cached", cached)):
        datasets[f"P x K{name}"] = each.artist_batches("all", seed=0, **of_artists)
        datasets[f"plain{name}"] = each.batches("all", BATCH_SIZE, seed=0)
    measured = {
        name: lambda dataset=dataset: images_per_second(dataset, BATCH_SIZE, seconds)
        for name, dataset in datasets.items()
    }
    return {LIMITS[1]: pillow, **measured}


def style_step(artists):
    """Returns one step of the demo's metric learning, a function of a batch."""
    section = _DEMO.style
    model = StyleMetricLearning(
        StyleEncoder(image_size=_DEMO.image_size, **section.encoder),
        artists=artists,
        seed=_DEMO.seed,
        **section.model,
    )
    optimizers = (section.optimizer, section.presumed_optimizer)
    first, second = (make_optimizer(steps=section.fit.steps, **each) for each in optimizers)
    model.compile(optimizer=first, presumed_optimizer=second)
    train = tf.function(model.train_step, autograph=False, reduce_retracing=True)
    return lambda batch: [value.numpy() for value in train(batch).values()]


def measure_waiting(path, cache, step):
    """Returns the share of waiting in the demo's style stage, by its step."""
    records = Records(path, cache=cache)
    dataset = records.artist_batches("train", seed=_DEMO.seed, **_DEMO.style.batches)
    return share_waiting(iter(dataset), step, _STEPS.value)


def write_records(cache, size):
    """Writes records of the pictures anew; returns their folder."""
    pictures = make_pictures(cache / "all", _COUNT.value, ["jpeg", "png"])
    output = cache / f"records-{size}"
    shutil.rmtree(output, ignore_errors=True)
    run([*contender("ours"), str(pictures), str(size), str(output)])
    return output


def main():
    """Measures in turns and prints the tables."""
    content = {
        "machine": {"platform": platform.platform(), "cores": os.cpu_count()},
        "count": _COUNT.value, "seconds": _SECONDS.value, "speeds": {}, "figures": {},
        "waiting": {},
    }  # fmt: skip
    cache = pathlib.Path(_PICTURES.value).resolve()
    waiting = collections.defaultdict(list)
    for size in _SIZES.value:
        path, speeds = write_records(cache, size), collections.defaultdict(list)
        measures = contenders(path, size, _SECONDS.value)
        waits = size == _DEMO.image_size and _STEPS.value
        step = style_step(len(Records(path, cache=False).artists)) if waits else None
        for _ in range(_REPEATS.value):
            for name, measure in measures.items():
                speeds[name].append(measure())
                logging.info("%d px, %s: %.0f images/s", size, name, speeds[name][-1])
            for kept in (True, False) if waits else ():
                share = measure_waiting(path, kept, step)
                waiting["cached" if kept else "from shards"].append(share)
        content["speeds"][size], content["figures"][size] = speeds, summarize(speeds)
        print(f"| {size} px | images/s | share of the limit |\n|---|---|---|")
        for name, row in content["figures"][size].items():
            print(f"| {name} | {row['images_per_second']:,.0f} | {row['share_of_limit']:.0%} |")
    content["waiting"] = waiting
    for name, shares in waiting.items():
        print(f"waiting in the demo's style stage, {name}: {max(shares):.2%} of the time")
    write_json(_OUTPUT.value, content)


if __name__ == "__main__":
    run_tool(main)
