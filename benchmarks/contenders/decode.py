"""The bare limit of reading: Pillow decodes PNGs on all cores, from memory, nothing else.

    python -m benchmarks.contenders.decode PNGS.npz SECONDS

The file has all PNGs one behind the other (`data`), pictures and coverages in turns, and their
`lengths`.
"""

import io
import json
import multiprocessing
import os
import sys
import time

import numpy as np
from PIL import Image

_start = multiprocessing.Barrier(os.cpu_count())


def decode(path, seconds):
    """Returns how many pairs of a picture and its coverage one process decodes per second."""
    with np.load(path) as file:
        ends, data = np.cumsum(file["lengths"]).tolist(), file["data"].tobytes()
    pngs = [data[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    _start.wait()
    started, decoded = time.perf_counter(), 0
    while time.perf_counter() < started + seconds:
        for png in pngs[decoded % len(pngs) : decoded % len(pngs) + 2]:
            with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
                np.asarray(picture)
        decoded += 2
    return decoded / 2 / (time.perf_counter() - started)


def main(path, seconds):
    """Decodes in all processes at once and prints the sum."""
    arguments = [(path, float(seconds))] * os.cpu_count()
    with multiprocessing.get_context("fork").Pool() as pool:
        speeds = pool.starmap(decode, arguments, chunksize=1)
    print(json.dumps({"images_per_second": sum(speeds)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
