"""Grids in which rows share content and columns share style: figures 2 and 7."""

from collections.abc import Sequence

import numpy as np
from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 128  # pixels, about


def figure_2(
    images,
    artist_names: Sequence[str],
    style_examples,
    content_examples=None,
    *,
    styles: str = "the mean style code of the artist's works",
    split: str = "training split",
) -> figure.Figure:
    """Figure 2: rows share content, columns share the style of an artist.

    Args:
        images: `[rows, columns, height, width, 3]`, generated, sRGB uint8 or float in [0, 1].
        artist_names: `[columns]`.
        style_examples: `[columns, height, width, 3]`, an original work of each artist.
        content_examples: `[rows, height, width, 3]`, the original whose content each row has,
            or None where contents were drawn at random.
        styles: What style code a column has, in words.
        split: Where the originals come from, and who was trained on them, in words.

    Returns:
        The figure.

    Raises:
        ValueError: shapes that do not fit together.

    Source: Xiang & Li (2018), figure 2.
    """
    row_words = (
        "content is drawn at random for each row"
        if content_examples is None
        else "each row has the content of the framed work on its left"
    )
    caption = (
        f"Framed: original works ({split}), one by each artist. All others are "
        f"generated: each column has {styles}; {row_words}. Look down a column for one artist "
        "(line, shading, color, proportions of the face) and along a row for one portrait "
        "(pose, hair, background)."
    )
    return _grid(
        images, style_examples, content_examples, artist_names,
        title="Figure 2 · Rows share content, columns share style", caption=caption,
        corner="style of →\ncontent of ↓",
    )  # fmt: skip


def figure_7(
    style_sources,
    content_sources,
    images,
    artist_names: Sequence[str] | None = None,
    *,
    split: str = "test split",
) -> figure.Figure:
    """Figure 7: style transfer, `G([S(y), C(x), 0])`.

    Args:
        style_sources: `[columns, height, width, 3]`, the works y, sRGB uint8 or float in [0,
            1].
        content_sources: `[rows, height, width, 3]`, the works x.
        images: `[rows, columns, height, width, 3]`, generated.
        artist_names: `[columns]`, who drew each y, or None.
        split: Where the originals come from, and who was trained on them, in words.

    Returns:
        The figure.

    Raises:
        ValueError: shapes that do not fit together.

    Source: Xiang & Li (2018), figure 7.
    """
    caption = (
        f"Framed: original works ({split}). Each of the others is generated as "
        "G([S(y), C(x), 0]) from the style code S(y) of the work y above it and the content "
        "code C(x) of the work x on its left. Look for x redrawn by the artist of y: the "
        "portrait of the row in the manner of the column."
    )
    return _grid(
        images, style_sources, content_sources, artist_names,
        title="Figure 7 · Style transfer between works",
        caption=caption, corner="style y →\ncontent x ↓",
    )  # fmt: skip


def _grid(images, tops, lefts, names, *, title, caption, corner):
    images = sheet.as_pixels(images, 5, "images")
    rows, columns, height, width, _ = images.shape
    tops = _headers(tops, (columns, height, width, 3), "the examples above the columns")
    if lefts is not None:
        lefts = _headers(lefts, (rows, height, width, 3), "the examples beside the rows")
    if names is not None and len(names) != columns:
        raise ValueError(
            f"artist_names must name {columns} columns; received {len(names)}: name each one."
        )
    scale = sheet.magnification(images, _CELL)
    cell_width, cell_height = width * scale, height * scale
    indent = 0 if lefts is None else cell_width + theme.SECTION_GAP
    labels = [] if names is None else _labels(names, cell_width)
    lines = max((label.count("\n") + 1 for label in labels), default=0)
    head = lines * theme.line_height(theme.LABEL_SIZE) + 2 * theme.GAP
    first = head + cell_height + theme.SECTION_GAP
    page = sheet.Sheet(
        indent + columns * (cell_width + theme.GAP) - theme.GAP,
        first + rows * (cell_height + theme.GAP) - theme.GAP,
        title=title, caption=caption,
    )  # fmt: skip
    for column in range(columns):
        left = indent + column * (cell_width + theme.GAP)
        if labels:
            page.text(
                left + cell_width // 2, head - 2 * theme.GAP, labels[column],
                size=theme.LABEL_SIZE, ha="center", va="baseline", gid="artist",
            )  # fmt: skip
        page.image(tops[column], left, head, scale, framed=True)
        for row in range(rows):
            top = first + row * (cell_height + theme.GAP)
            page.image(images[row, column], left, top, scale)
    if lefts is not None:
        for row in range(rows):
            top = first + row * (cell_height + theme.GAP)
            page.image(lefts[row], 0, top, scale, framed=True)
        page.text(
            cell_width, head + cell_height, corner,
            size=theme.LABEL_SIZE, color=theme.MUTED, ha="right", va="bottom",
        )  # fmt: skip
    return page.figure


def _labels(names, width):
    return [sheet.wrap_name(name, width, theme.LABEL_SIZE) for name in names]


def _headers(images, shape, name) -> np.ndarray:
    images = sheet.as_pixels(images, 4, name)
    if images.shape != shape:
        raise ValueError(
            f"{name} must have shape {list(shape)}; received {list(images.shape)}: give one of "
            "the images' size per column or row."
        )
    return images
