"""The bare limit: read, decode, resize and encode in a loop of Pillow on all cores, nothing kept.

Pixels as the records have them: the picture padded to a square, and its coverage.

    python -m benchmarks.contenders.limit PICTURES SIZE
"""

import functools
import io
import json
import multiprocessing
import pathlib
import sys

from PIL import Image


def convert(path, size):
    """Returns the bytes of a picture's two PNGs together."""
    with Image.open(io.BytesIO(pathlib.Path(path).read_bytes())) as picture:
        picture.draft(None, (2 * size, 2 * size))  # JPEG: decode a fraction, as ours does
        picture = picture.convert("RGB")
    scale = size / max(picture.size)
    sides = [max(1, round(side * scale)) for side in picture.size]
    corner = tuple((size - side) // 2 for side in sides)
    image, coverage = Image.new("RGB", (size, size)), Image.new("L", (size, size))
    image.paste(picture.resize(sides, Image.Resampling.LANCZOS, reducing_gap=3.0), corner)
    coverage.paste(255, (*corner, corner[0] + sides[0], corner[1] + sides[1]))
    buffer = io.BytesIO()
    for each in (image, coverage):
        each.save(buffer, format="PNG", compress_type=3)
    return buffer.tell()


def main(pictures, size):
    """Converts all files, in the order in which ours takes them."""
    files = sorted(str(file) for file in pathlib.Path(pictures).glob("*/*"))
    with multiprocessing.Pool() as pool:
        sizes = list(pool.imap(functools.partial(convert, size=int(size)), files, chunksize=16))
    print(json.dumps({"pictures": len(sizes), "bytes": sum(sizes)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
