"""What was drawn beside what it was drawn from: rows of labelled pictures."""

import dataclasses

import numpy as np
from matplotlib import figure
from PIL import Image

from anime_style_tf.figures import sheet, theme

_LEAST, _MOST = 192, 320  # pixels of a cell: portraits of 64 are seen at three times their size
_BODY = 1200  # pixels that a page is wide at least; few pictures are drawn larger


@dataclasses.dataclass(frozen=True)
class Cell:
    """A picture of the sheet.

    Attributes:
        image: `[height, width, 3]`, sRGB uint8.
        label: below it; may be empty.
        framed: an original, not a generated picture.
    """

    image: np.ndarray
    label: str = ""
    framed: bool = False


def drawn_sheet(rows, *, title: str, caption: str) -> figure.Figure:
    """Draws rows of pictures, each with its label below.

    Args:
        rows: list of lists of `Cell`; they may differ in length.
        title: one line.
        caption: what is seen.

    Returns:
        The figure.

    Raises:
        ValueError: no picture.
    """
    if not rows or not all(rows):
        raise ValueError("drawn_sheet needs at least one picture in every row; received none.")
    widest = max(map(len, rows))
    side = min(max(_LEAST, _BODY // widest - theme.GAP), _MOST)
    # An original that is not square cannot occur: all are portraits of the run's size.
    labels = [[sheet.wrap_name(cell.label, side, theme.LABEL_SIZE) for cell in row] for row in rows]
    line = theme.line_height(theme.LABEL_SIZE)
    heights = [
        side + theme.GAP + line * max(label.count("\n") + 1 if label else 0 for label in row)
        for row in labels
    ]
    page = sheet.Sheet(
        widest * (side + theme.GAP) - theme.GAP,
        sum(heights) + theme.GAP * (len(rows) - 1),
        title=title,
        caption=caption,
    )
    top = 0
    for row, names, height in zip(rows, labels, heights, strict=True):
        for column, (cell, name) in enumerate(zip(row, names, strict=True)):
            left = column * (side + theme.GAP)
            page.image(_enlarged(cell.image, side), left, top, 1, framed=cell.framed)
            if name:
                page.text(
                    left + side // 2, top + side + theme.GAP // 2, name,
                    size=theme.LABEL_SIZE, ha="center", gid="label",
                )  # fmt: skip
        top += height + theme.GAP
    return page.figure


def _enlarged(image, side):
    """Resampled smoothly: blocks of single pixels hide what a drawing looks like."""
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.LANCZOS))
