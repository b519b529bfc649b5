"""Faces on planted drawings: are they found, and do they come out upright?

These are not anime: no anime may be redistributed with this project. One set is drawn by rule
(`face_drawings.py`: large eyes, all places known), the other is dicebear's `lorelei`, drawn by
hand by Lisa Wischofsky (CC0), black and white. Each drawing is put on a plain background with a
planted size, place and roll. The detector once, on the picture as it is, is compared with
`find_faces`. The roll error before alignment is the planted roll; after, what is left of it.
Lorelei's heads lean by themselves: the median of what is left of a drawing counts as its own.

    python -m benchmarks.faces --output=benchmarks/results/faces.json
"""

import collections
import dataclasses
import functools
import importlib.metadata
import itertools
import math
import multiprocessing
import os
import time

import numpy as np
from absl import flags
from PIL import Image

from anime_style_tf.data.faces import DETECTORS
from anime_style_tf.data.faces.search import find_faces
from anime_style_tf.data.faces.turning import turn
from anime_style_tf.data.sources.dicebear import load_style
from anime_style_tf.terminal.tool import run_tool
from benchmarks.command import define_output, write_json
from benchmarks.face_drawings import EYE_LINE, SIDE, random_look, render, svg

_OUTPUT = define_output("faces.json")
_DRAWINGS = flags.DEFINE_integer("drawings", 12, "Drawings in each set; more is more exact.")
_PROCESSES = flags.DEFINE_integer("processes", os.cpu_count(), "Worker processes.")

ROLLS = (0, -10, 10, -20, 20, -30, 30, -45, 45)
SETS = ("by rule", "lorelei")
WAYS = ("once", "search")
MIN_LIKELIHOOD = 0.9
MOST_WIDE = 3.0  # a box that is wider than this many halves of the face is not of the face


@dataclasses.dataclass(frozen=True)
class Planted:
    """One drawing in a picture; `number` fixes the drawing, its size and its place."""

    drawings: str
    number: int
    roll: int

    def picture(self):
        """`(PIL.Image.Image, look, side, center)`; `look` is None where places are unknown."""
        random = np.random.default_rng([self.number, SETS.index(self.drawings)])
        width, height = (int(length) for length in random.integers(300, 900, 2))
        side = random.uniform(0.45, 0.85) * min(width, height)
        center = tuple(
            random.uniform(0.5 * side, length - 0.5 * side) for length in (width, height)
        )
        paper = "#{:02x}{:02x}{:02x}".format(*random.integers(120, 256, 3))
        look = random_look(random) if self.drawings == "by rule" else None
        shapes = svg(look) if look else _lorelei(self.number)
        drawn = render(shapes, size=(width, height), side=side, center=center, roll=self.roll)
        picture = Image.alpha_composite(Image.new("RGBA", drawn.size, paper), drawn)
        return picture.convert("RGB"), look, side, center


def _lorelei(number):
    from dicebear import Avatar

    avatar = Avatar(load_style("lorelei"), {"seed": f"face {number}", "size": SIDE})
    return f'<g transform="translate({-SIDE / 2} {-SIDE / 2})">{avatar.to_string()}</g>'


def find(way, picture, detector):
    """Faces by one of `WAYS`."""
    if way == "search":
        return find_faces(picture, detector, min_likelihood=MIN_LIKELIHOOD)
    return [face for face in detector(np.asarray(picture)) if face.likelihood >= MIN_LIKELIHOOD]


def is_right(face, look, side, center, roll):
    """Whether a face is where the drawing's is, and of its size.

    By rule: seen upright, the box holds both eyes and the mouth and is at most `MOST_WIDE` times
    half as wide as the face. Else: its center is less than a quarter of the drawing off.
    """
    if look is None:
        return math.dist(face.center, center) < side / 4
    box_side = face.box[2]
    for point in (
        (-look.eye_distance, EYE_LINE),
        (look.eye_distance, EYE_LINE),
        (0, look.chin - 22),
    ):
        across, down = turn(point, roll)
        place = center[0] + across * side / SIDE, center[1] + down * side / SIDE
        seen = turn(np.subtract(place, face.center), -roll)
        if max(map(abs, seen)) > box_side / 2:
            return False
    return box_side <= MOST_WIDE * look.jaw * side / SIDE


@functools.cache
def make_detector():
    """Makes the detector once in each process."""
    return DETECTORS["animeface"]()


def measure(planted):
    """One row for each way: faces found, those that are right, roll of the first right one."""
    detector = make_detector()
    picture, look, side, center = planted.picture()
    rows = []
    for way in WAYS:
        started = time.process_time()
        faces = find(way, picture, detector)
        seconds = time.process_time() - started
        right = [face for face in faces if is_right(face, look, side, center, planted.roll)]
        rest = math.remainder(right[0].roll - planted.roll, 360) if right else None
        rows.append(
            dataclasses.asdict(planted)
            | {"way": way, "faces": len(faces), "right": len(right), "rest": rest}
            | {"seconds": seconds, "megapixels": picture.width * picture.height / 1e6}
        )
    return rows


def take_off_own_lean(rows):
    """Takes off the rests of each drawing of lorelei, by each way, their median."""
    rests = collections.defaultdict(list)
    for row in rows:
        if row["right"] and row["drawings"] == "lorelei":
            rests[row["number"], row["way"]].append(row["rest"])
    for row in rows:
        if row["right"] and row["drawings"] == "lorelei":
            row["rest"] -= float(np.median(rests[row["number"], row["way"]]))


def summarize(rows):
    """One dictionary for each set, way and size of the planted roll."""
    rolls = sorted({abs(roll) for roll in ROLLS})
    return [
        {"drawings": drawings, "way": way, "planted_roll": roll}
        | figures(
            [
                row
                for row in rows
                if (row["drawings"], row["way"], abs(row["roll"])) == (drawings, way, roll)
            ]
        )
        for drawings, way, roll in itertools.product(SETS, WAYS, rolls)
    ]


def figures(rows):
    """What the rows of one kind come to."""
    faces = sum(row["faces"] for row in rows)
    errors = [abs(row["rest"]) for row in rows if row["right"]]
    return {
        "pictures": len(rows),
        "found": sum(row["right"] > 0 for row in rows),
        "precision": sum(row["right"] for row in rows) / faces if faces else None,
        "roll_error_median": float(np.median(errors)) if errors else None,
        "roll_error_90": float(np.percentile(errors, 90)) if errors else None,
        "seconds": float(np.mean([row["seconds"] for row in rows])),
    }


def table(summary):
    """Markdown."""

    def cell(row, name, form):
        return "-" if row[name] is None else form.format(row[name])

    lines = [
        "| drawings | way | planted roll | found | precision | roll error: median | 90 % "
        "| CPU-s a picture |",
        "|---" * 8 + "|",
    ]
    for row in summary:
        cells = (
            row["drawings"],
            row["way"],
            ("±" if row["planted_roll"] else "") + f"{row['planted_roll']}°",
            f"{row['found']}/{row['pictures']}",
            cell(row, "precision", "{:.2f}"),
            cell(row, "roll_error_median", "{:.1f}°"),
            cell(row, "roll_error_90", "{:.1f}°"),
            f"{row['seconds']:.2f}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    """Measures everything, prints the table and writes the file."""
    everything = [
        Planted(drawings, number, roll)
        for number in range(_DRAWINGS.value)
        for drawings in SETS
        for roll in ROLLS
    ]
    with multiprocessing.get_context("spawn").Pool(_PROCESSES.value) as pool:
        rows = [row for few in pool.imap(measure, everything, chunksize=9) for row in few]
    take_off_own_lean(rows)
    summary = summarize(rows)
    packages = ("animeface", "pillow", "dicebear-styles", "resvg-py")
    result = {
        "not_anime": "drawings by rule and dicebear's lorelei (CC0), on plain backgrounds",
        "min_likelihood": MIN_LIKELIHOOD,
        "packages": {package: importlib.metadata.version(package) for package in packages},
        "megapixels": float(np.mean([row["megapixels"] for row in rows])),
        "summary": summary,
    }
    write_json(_OUTPUT.value, result)
    print("Not anime:", result["not_anime"])
    print(table(summary))


if __name__ == "__main__":
    run_tool(main)
