"""A server, requests as clients make them, and how long they take."""

import concurrent.futures
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import time

import numpy as np
import tensorflow as tf

from anime_style_tf.errors import InputError


def newest_bundle(workdir):
    """Returns the folder of a run's newest bundle and what its `model.json` says."""
    bundles = pathlib.Path(workdir) / "export" / "portraits"
    versions = [path for path in bundles.glob("*") if path.name.isdecimal()]
    if not versions:
        raise InputError(f"--workdir: expected a run with {bundles}: run its stage export")
    bundle = max(versions, key=lambda path: int(path.name))
    return bundle, json.loads((bundle / "model.json").read_text())


@contextlib.contextmanager
def server(bundle, *more):
    """Starts `anime-style serve`; yields its process and the ports of REST and gRPC."""
    process = subprocess.Popen(
        [sys.executable, "-m", "anime_style_tf", "serve", f"--model_base_path={bundle}",
         "--rest_api_port=0", "--port=0", *more],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        lines = process.stdout.readline() + process.stdout.readline()
        ports = re.findall(r"127\.0\.0\.1:(\d+)", lines)
        if len(ports) != 2:
            raise InputError("anime-style serve did not start; what it wrote is above")
        yield process, *map(int, ports)
    finally:
        process.terminate()
        process.wait()


def example(specs, sizes, png, seed):
    """Makes one row of a signature's inputs.

    Args:
        specs: `{input: TensorSpec}`.
        sizes: of `model.json`.
        png: a picture that stands for every file.
        seed: of numbers.

    Returns:
        `{input: array [1, ...]}`.
    """
    chance = np.random.default_rng(seed)
    size, row = sizes["size"], {}
    for name, spec in specs.items():
        shape = [1, *spec.shape[1:]]
        if spec.dtype == tf.string:
            row[name] = np.array([png], object)
        elif spec.dtype == tf.uint8:
            row[name] = np.array(tf.io.decode_png(png))[None].reshape(1, size, size, 3)
        elif spec.dtype == tf.int64:
            row[name] = np.full(shape, seed, "int64")
        else:
            row[name] = chance.standard_normal(shape, dtype="float32")
    return row


def percentiles(seconds, pictures, elapsed):
    """Returns the figures of one row of the table.

    Args:
        seconds: of each request.
        pictures: answered in all.
        elapsed: seconds in which they were.
    """
    p50, p95, p99 = np.percentile(np.array(seconds) * 1000, [50, 95, 99]).round(3).tolist()
    return {
        "requests": len(seconds),
        "p50_ms": p50,
        "p95_ms": p95,
        "p99_ms": p99,
        "pictures_per_second": round(pictures / elapsed, 1),
    }


def in_process(call, rows, seconds):
    """Calls again and again; returns `percentiles`, the first call left out."""
    call()
    times, started = [], time.perf_counter()
    while time.perf_counter() - started < seconds or len(times) < 3:
        before = time.perf_counter()
        call()
        times.append(time.perf_counter() - before)
    return percentiles(times, rows * len(times), time.perf_counter() - started)


def from_clients(make_client, clients, seconds):
    """Asks from several threads; returns `percentiles`.

    Args:
        make_client: returns a function without arguments that asks once and waits.
        clients: how many threads.
        seconds: how long.
    """
    started = time.perf_counter()

    def ask_on(_):
        ask, times = make_client(), []
        while time.perf_counter() - started < seconds or not times:
            before = time.perf_counter()
            ask()
            times.append(time.perf_counter() - before)
        return times

    with concurrent.futures.ThreadPoolExecutor(clients) as pool:
        times = [one for each in pool.map(ask_on, range(clients)) for one in each]
    return percentiles(times, len(times), time.perf_counter() - started)
