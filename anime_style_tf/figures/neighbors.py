"""Contact sheet of a search: each picture asked with, beside the works nearest to it."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 128  # pixels, about
_NAME_LINES = 2
_ANSWER_LINES = 2


@dataclasses.dataclass(frozen=True)
class Row:
    """A picture asked with, and what was found.

    Args:
        image: `[height, width, 3]`, sRGB uint8 or float in [0, 1].
        name: what it is called.
        neighbors: `[found, height, width, 3]`, nearest first.
        artists: `[found]` names.
        distances: `[found]`.
        answers: who it is said to be by, written below its name, the likeliest first: names and
            their probabilities, in [0, 1], or None.
    """

    image: np.ndarray
    name: str
    neighbors: np.ndarray
    artists: Sequence[str]
    distances: Sequence[float]
    answers: Sequence[tuple[str, float | None]] = ()


def neighbor_sheet(
    rows: Sequence[Row], *, title: str, distance: str, notes: str = ""
) -> figure.Figure:
    """Draws a row for each picture: it on the left, framed, then its neighbors.

    Args:
        rows: at least one, with pictures of one size.
        title: where was searched.
        distance: what the numbers are, in words.
        notes: further sentences of the caption, for instance what the answers are.

    Returns:
        The figure.

    Raises:
        ValueError: no row, or pictures, artists and distances that do not fit together.
    """
    if not rows:
        raise ValueError("a sheet needs at least one row; received none: search first.")
    images = sheet.as_pixels(np.stack([row.image for row in rows]), 4, "images")
    scale = sheet.magnification(images, _CELL)
    height, width = images.shape[1] * scale, images.shape[2] * scale
    line = theme.line_height(theme.LABEL_SIZE)
    most = max(len(row.answers) for row in rows)
    below = _NAME_LINES + max(1, most * _ANSWER_LINES)
    step = height + below * line + theme.SECTION_GAP // 2
    indent = width + theme.SECTION_GAP
    found = max(len(row.artists) for row in rows)
    page = sheet.Sheet(
        indent + found * (width + theme.GAP),
        len(rows) * step - theme.SECTION_GAP // 2,
        title=title,
        caption=f"Framed: the pictures asked with. To the right of each: the works nearest to it, "
        f"nearest first, with the artist and the distance. Distance: {distance}. "
        f"{notes}".rstrip(),
    )
    for number, (row, image) in enumerate(zip(rows, images, strict=True)):
        top = number * step
        page.image(image, 0, top, scale, framed=True)
        bottom = _label(page, 0, top + height, width, row.name, color=theme.MUTED, gid="query")
        for answer in row.answers:
            text = _answer(*answer, width)
            page.text(0, bottom, text, size=theme.LABEL_SIZE, gid="answer")
            bottom += (1 + text.count("\n")) * line
        if not len(row.artists) == len(row.neighbors) == len(row.distances):
            raise ValueError(
                f"neighbors, artists and distances must be equally many; received "
                f"{len(row.neighbors)}, {len(row.artists)} and {len(row.distances)}."
            )
        if len(row.neighbors):
            neighbors = sheet.as_pixels(row.neighbors, 4, "neighbors")
        for column, (artist, away) in enumerate(zip(row.artists, row.distances, strict=True)):
            left = indent + column * (width + theme.GAP)
            page.image(neighbors[column], left, top, scale)
            bottom = _label(page, left, top + height, width, artist, gid="artist")
            page.text(
                left, bottom, f"{away:.3f}",
                size=theme.LABEL_SIZE, color=theme.MUTED, gid="distance",
            )  # fmt: skip
    return page.figure


def _answer(name, probability, width):
    """Returns for instance `Ann .93`, on two lines at most; a name is cut, the number is not."""
    name = sheet.wrap_name(name, width, theme.LABEL_SIZE, lines=1)
    if probability is None:
        return name
    number = ">.99" if probability >= 0.995 else f"{probability:.2f}".removeprefix("0")
    return sheet.wrap_name(f"{name} {number}", width, theme.LABEL_SIZE, lines=_ANSWER_LINES)


def _label(page, left, top, width, name, **how):
    """Writes a name below a picture; returns where the next line goes."""
    text = sheet.wrap_name(name, width, theme.LABEL_SIZE, lines=_NAME_LINES)
    page.text(left, top + theme.GAP // 2, text, size=theme.LABEL_SIZE, **how)
    rows = text.count("\n") + 1
    return top + theme.GAP // 2 + rows * theme.line_height(theme.LABEL_SIZE)
