"""Picture files to convert: gradients, shapes and strokes, drawn the same on every machine."""

import concurrent.futures
import functools
import json
import math
import os
import pathlib
import shutil

import numpy as np
from PIL import Image, ImageDraw

ARTISTS = 20
FORMATS = {
    "jpeg": {"format": "JPEG", "quality": 90},
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": 90},
}
LONG_SIDE = (384, 768)
SHORT_OVER_LONG = (0.67, 1.0)
_RECIPE = 1  # raise it when the drawings change: those that are there are made again
_COLORS = 5  # in an artist's palette


def draw(artist, number):
    """Draws a picture.

    Args:
        artist: number of the artist, who gives the palette.
        number: of the picture.

    Returns:
        `PIL.Image.Image` of mode RGB, 256 to 768 pixels a side; a function of both numbers.
    """
    random = np.random.default_rng((_RECIPE, artist, number))
    palette = np.random.default_rng((_RECIPE, artist)).integers(0, 256, (_COLORS, 3))
    long_side = int(random.integers(*LONG_SIDE, endpoint=True))
    sides = [long_side, round(long_side * random.uniform(*SHORT_OVER_LONG))]
    width, height = random.permutation(sides).tolist()
    picture = _gradient(random, palette, width, height)
    brush = ImageDraw.Draw(picture)
    for _ in range(int(random.integers(8, 16))):
        color = tuple(palette[random.integers(_COLORS)].tolist())
        center, reach = random.uniform(0, (width, height)), random.uniform(0.05, 0.35, 2)
        if random.random() < 0.5:
            corners = np.stack([center - reach * width, center + reach * height])
            brush.ellipse([tuple(corner) for corner in corners.tolist()], fill=color, outline=0)
        else:
            corners = center + random.uniform(-0.35, 0.35, (5, 2)) * (width, height)
            brush.polygon([tuple(corner) for corner in corners.tolist()], fill=color, outline=0)
    for line in range(int(random.integers(3, 8))):
        _write(brush, random, y=height * (line + 1) / 9, width=width)
    return picture


def make_pictures(folder, count, formats):
    """Writes pictures, unless they are there already.

    Args:
        folder: `pathlib.Path` that gets `train/<artist>/<file>`.
        count: number of files, shared among `ARTISTS` artists.
        formats: keys of `FORMATS`, which take turns.

    Returns:
        `pathlib.Path` of the folder of artists.
    """
    made = {"recipe": _RECIPE, "count": count, "formats": list(formats)}
    mark = folder / "pictures.json"
    if not mark.exists() or json.loads(mark.read_text()) != made:
        shutil.rmtree(folder, ignore_errors=True)
        for artist in range(ARTISTS):
            (folder / "train" / _artist_name(artist)).mkdir(parents=True)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(functools.partial(_save, folder / "train", formats), range(count)))
        mark.write_text(json.dumps(made))
    return folder / "train"


def link_some(pictures, folder, count):
    """Links the first pictures of each artist.

    Args:
        pictures: what `make_pictures` returned.
        folder: `pathlib.Path` to make anew.
        count: number of files, the same for each artist.

    Returns:
        `pathlib.Path` of the folder of artists.
    """
    shutil.rmtree(folder, ignore_errors=True)
    for artist in sorted(pictures.iterdir()):
        linked = folder / "train" / artist.name
        linked.mkdir(parents=True)
        for file in sorted(artist.iterdir())[: count // ARTISTS]:
            os.link(file, linked / file.name)
    return folder / "train"


def _save(folder, formats, index):
    artist, number = index % ARTISTS, index // ARTISTS
    options = FORMATS[formats[number % len(formats)]]
    name = f"{number:05d}.{formats[number % len(formats)]}"
    draw(artist, number).save(pathlib.Path(folder, _artist_name(artist), name), **options)


def _artist_name(artist):
    return f"artist-{artist:02d}"


def _gradient(random, palette, width, height):
    """From one color of the palette to another across the picture, with a little grain."""
    first, last = palette[random.choice(_COLORS, 2, replace=False)].astype(np.float32)
    angle = random.uniform(0, math.tau)
    across = np.linspace(-math.cos(angle), math.cos(angle), width, dtype=np.float32)
    down = np.linspace(-math.sin(angle), math.sin(angle), height, dtype=np.float32)
    share = ((across + down[:, None]) / 2.83 + 0.5)[..., None]
    grain = random.normal(0, 2, (height, width, 1)).astype(np.float32)
    return Image.fromarray(np.clip(first + (last - first) * share + grain, 0, 255).astype(np.uint8))


def _write(brush, random, *, y, width):
    """Draws a line of strokes that look like writing."""
    x = width * 0.1
    while x < width * 0.9:
        advance, rise = random.uniform(3, 12), random.uniform(-8, 8, 2)
        brush.line([(x, y + rise[0]), (x + advance, y + rise[1])], fill=(20, 20, 30), width=2)
        x += advance + (8 if random.random() < 0.2 else 0)
