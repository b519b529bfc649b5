"""Drawings made by a run for a command: pictures as files, and one labelled sheet of them all."""

import dataclasses
import itertools
import pathlib
import re
import time

import numpy as np

from anime_style_tf.data.pictures import encode_png
from anime_style_tf.data.progress import bar
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.structural_similarity import structural_similarity
from anime_style_tf.figures.drawn_sheet import Cell, drawn_sheet
from anime_style_tf.library.drawn_codes import moved_style
from anime_style_tf.library.style_space import load
from anime_style_tf.replacing import replacing
from anime_style_tf.text import one_line
from anime_style_tf.workdir.figure_files import save_figure, unwritable

SHEET = "sheet.png"
_REFINED_AT_ONCE = 8  # pictures, between two moves of the bar
_MOST_ON_A_SHEET = 40  # rows; beyond, the files have the rest
_FILE_NAME = 200  # bytes, of the 255 that there are: number, suffix and a writer's prefix join


@dataclasses.dataclass(frozen=True)
class Drawing:
    """One picture to be written.

    Attributes:
        name: of its file, without `.png`.
        cell: as the sheet shows it.
    """

    name: str
    cell: Cell


class Drawings:
    """The kinds of drawings that a command can ask for, each a method that yields rows.

    A row is `(originals, drawings)`: lists of `Cell` and of `Drawing`.

    Args:
        space: `StyleSpace`.
        pictures: list of `Portrait`, those that could be read.

    Attributes:
        lines: what was measured on the way, for the user.
    """

    def __init__(self, space, pictures):
        self.lines = []
        self._space = space
        self._pictures = [(one.source.rpartition("/")[2], one) for one in pictures]

    def generate(self, *, artists=None, seed=0, count=4):
        """New portraits: for each artist or blend a row, picture i of each with seed `seed + i`."""
        for artist in artists or [None]:
            images = self._space.generate(artist, seed=seed, count=count)
            label = "artists blended by chance" if artist is None else spoken(artist)
            yield (
                [],
                [
                    Drawing(f"{label}_seed_{seed + i}", Cell(image, f"{label}, seed {seed + i}"))
                    for i, image in enumerate(images)
                ],
            )

    def transfer(self, *, artists=None):
        """Each picture in the style of each other one, or of each artist."""
        self._at_least(1 if artists else 2)
        if artists:
            styles = [("by", spoken(one), self._space.artist_style(one)) for one in artists]
        else:
            styles = [
                ("in the style of", name, self._space.style(picture)[0])
                for name, picture in self._pictures
            ]
        codes = np.stack([code for _, _, code in styles])
        for name, picture in self._pictures:
            images = self._space.draw(codes, self._space.content(picture))
            yield (
                [Cell(picture.image, name, framed=True)],
                [
                    _drawing(name, how, what, image)
                    for (how, what, _), image in zip(styles, images, strict=True)
                ],
            )

    def reconstruct(self, *, refine=0):
        """Each picture drawn anew from its own two codes, or from codes refined by `refine` steps.

        Source: Xiang & Li (2018), figure 6; `library.inversion` for what is refined.
        """
        self._at_least(1)
        started, gains = time.monotonic(), []
        for first in range(0, len(self._pictures), _REFINED_AT_ONCE):
            group = self._pictures[first : first + _REFINED_AT_ONCE]
            portraits = [picture for _, picture in group]
            plain = better = self._space.reconstruct(portraits)
            if refine:
                better = self._space.reconstruct(portraits, refine=refine)
                images = np.stack([picture.image for picture in portraits])
                gains.append([structural_similarity(each, images) for each in (plain, better)])
            for (name, picture), drawn, refined in zip(group, plain, better, strict=True):
                original = Cell(picture.image, name, framed=True)
                if refine:
                    drawing = _drawing(name, "from", "refined codes", refined)
                    yield [original, Cell(drawn, "from its codes")], [drawing]
                else:
                    yield [original], [_drawing(name, "from its", "codes", drawn)]
        if refine:
            before, after = np.concatenate(gains, axis=1).mean(axis=1)
            # By a measure that nothing was refined for.
            self.lines.append(
                f"refined by {refine} steps in {time.monotonic() - started:.0f} s: structural "
                f"similarity to the pictures {before:.3f} -> {after:.3f} (1 is the same)"
            )

    def grid(self, *, rows=5, columns=5):
        """The way between two or four pictures."""
        if len(self._pictures) not in (2, 4):
            raise InputError(
                f"grid: expected 2 or 4 pictures to lie in the corners, received "
                f"{len(self._pictures)}"
            )
        images = self._space.grid([p for _, p in self._pictures], rows=rows, columns=columns)
        yield [Cell(picture.image, name, framed=True) for name, picture in self._pictures], []
        for i, row in enumerate(images, 1):
            yield (
                [],
                [Drawing(f"row_{i}_column_{j}", Cell(image)) for j, image in enumerate(row, 1)],
            )

    def slide(self, *, dimension=0, values=(-2, -1, 0, 1, 2)):
        """Each picture with one style dimension at given values."""
        self._at_least(1)
        for name, picture in self._pictures:
            images = self._space.slide(picture, dimension, values)
            yield (
                [Cell(picture.image, name, framed=True)],
                [
                    _drawing(name, f"dimension {dimension}", f"at {value:+g}", image)
                    for value, image in zip(values, images, strict=True)
                ],
            )

    def edit(self, *, shifts):
        """Each picture with some style dimensions moved, beside its reconstruction."""
        self._at_least(1)
        said = ", ".join(f"dimension {at} {by:+g}" for at, by in shifts.items())
        for name, picture in self._pictures:
            style, content = self._space.encode(picture)
            styles = np.concatenate([style, moved_style(style, shifts)])
            plain, moved = self._space.draw(styles, content)
            yield (
                [Cell(picture.image, name, framed=True), Cell(plain, "redrawn as it is")],
                [_drawing(name, "with", said, moved)],
            )

    def _at_least(self, count):
        if len(self._pictures) < count:
            raise InputError(
                f"--images: expected at least {count} usable, received {len(self._pictures)}"
            )


KINDS = tuple(name for name in vars(Drawings) if not name.startswith("_"))
_SEEN = {
    "generate": "Each row: one style, the content and the free code of each picture drawn at "
    "random from its seed.",
    "transfer": "Framed: the pictures given. Right of each: its content drawn in another style.",
    "reconstruct": "Framed: the pictures given. Right of each: G([S(x), C(x), 0]), drawn from its "
    "style code and its content code alone; where codes were refined, from those at the end.",
    "grid": "Framed: the pictures given. Below: between two, columns change the style and rows the "
    "content; between four, both codes change from corner to corner.",
    "slide": "Framed: the pictures given. Right of each: one style dimension at the value below "
    "the picture, in standard deviations, all else as it is.",
    "edit": "Framed: the pictures given. Right of each: redrawn as it is, then with the style "
    "moved, in standard deviations.",
}


def draw(kind, workdir, output, *, images=(), progress=True, **options):
    """Draws and leaves PNG files and one labelled sheet in a folder.

    Args:
        kind: one of `KINDS`.
        workdir: folder of a run with a generator.
        output: folder; made if missing, files of the same names replaced.
        images: paths of pictures, folders and archives.
        progress: show a bar on standard error.
        **options: of the method of `Drawings`.

    Returns:
        `(lines, skipped)`: what was left, and `(source, reason)` of each picture that could not be
        used.

    Raises:
        InputError: nothing can be drawn, and why.
    """
    space = load(workdir)
    pictures, skipped = space.usable_portraits(images) if images else ([], [])
    rows, names = [], []
    output = pathlib.Path(output)
    drawings_of_kind = Drawings(space, pictures)
    making = getattr(drawings_of_kind, kind)(**options)
    first = next(making)  # What cannot be drawn is refused before a folder is made.
    output.mkdir(parents=True, exist_ok=True)
    every = bar(itertools.chain([first], making), "drawing", " rows", total=None, shown=progress)
    for originals, drawings in every:
        for drawing in drawings:
            path = output / f"{_file_name(drawing.name, names)}.png"
            with replacing(path) as unfinished:
                unfinished.write_bytes(encode_png(drawing.cell.image))
            names.append(path.stem)
        if len(rows) < _MOST_ON_A_SHEET:
            rows.append([*originals, *(drawing.cell for drawing in drawings)])
    save_figure(drawn_sheet(rows, title=f"Drawn: {kind}", caption=_SEEN[kind]), output / SHEET)
    written = [cell.label for row in rows for cell in row]
    return [
        f"pictures drawn: {len(names)}, in {output}",
        str(output / SHEET),
        *drawings_of_kind.lines,
        *unwritable(written, "draw again"),
    ], skipped


def spoken(artist):
    """Returns a name, or a blend, as a label has it."""
    if isinstance(artist, dict):
        return " + ".join(f"{weight:g} {name}" for name, weight in artist.items())
    return artist


def _drawing(name, how, what, image):
    return Drawing(f"{name} {how} {what}", Cell(image, f"{how} {what}"))


def _file_name(name, taken):
    """A name that any file system takes, and none of those there are."""
    plain = re.sub(r'[\s/\\:*?"<>|.+]+', "_", one_line(name)).strip("_")[:100]
    # File systems count bytes, of which a kanji has three.
    plain = plain.encode()[:_FILE_NAME].decode(errors="ignore") or "drawing"
    number, free = 1, plain
    while free in taken:
        number += 1
        free = f"{plain}_{number}"
    return free
