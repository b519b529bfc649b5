"""What each style dimension does: figures 4 and 5."""

from collections.abc import Sequence

from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 96  # pixels, about
_MOST_STACKED = 4  # blocks one above the other before a second column of blocks is begun
_VALUE_SPACE = 64  # pixels for "-2", "0", "+2"
_BLOCK_GAP = 80


def figure_4_5(
    edits,
    lowest,
    highest,
    *,
    values: Sequence[float] = (-2, 0, 2),
    split: str = "training split",
) -> tuple[figure.Figure, figure.Figure]:
    """Figures 4 and 5: each style dimension moved alone, beside the works it ranks at its ends.

    Args:
        edits: `[dimensions, samples, values, height, width, 3]`, generated, sRGB uint8 or float
            in [0, 1]: within a sample only that dimension differs.
        lowest: `[dimensions, works, height, width, 3]`, originals with the lowest value, the
            lowest first.
        highest: `[dimensions, works, height, width, 3]`, originals with the highest, the
            highest first.
        values: What the dimension was set to, in standard deviations, lowest first. The public
            text of the paper has lost its numbers; -2, 0 and 2 are our reading.
        split: Which originals were ranked, in words.

    Returns:
        `(figure_4, figure_5)`: the first half of the dimensions, rounded up, and the rest.

    Raises:
        ValueError: shapes that do not fit together.

    Source: Xiang & Li (2018), figures 4 and 5.
    """
    edits = sheet.as_pixels(edits, 6, "edits")
    lowest = sheet.as_pixels(lowest, 5, "lowest")
    highest = sheet.as_pixels(highest, 5, "highest")
    dimensions = len(edits)
    fits = lowest.shape == highest.shape and len(lowest) == dimensions
    fits = fits and edits.shape[2] == len(values) and lowest.shape[2:] == edits.shape[3:]
    if not fits:
        raise ValueError(
            "edits [dimensions, samples, values, h, w, 3], lowest and highest [dimensions, "
            f"works, h, w, 3] and {len(values)} values must fit together; received shapes "
            f"{edits.shape}, {lowest.shape}, {highest.shape}: edit and rank the same ones."
        )
    half = (dimensions + 1) // 2
    return tuple(
        _page(number, edits[part], lowest[part], highest[part], part.start, values, split)
        for number, part in ((4, slice(0, half)), (5, slice(half, dimensions)))
    )


def _page(number, edits, lowest, highest, start, values, split):
    if not len(edits):
        return sheet.Sheet(
            0, 0,
            title=f"Figure {number} · No further style dimension",
            caption=f"The style code has {start} dimension in all; figure 4 shows it.",
        ).figure  # fmt: skip
    scale = sheet.magnification(edits, _CELL)
    block = _block_size(edits, lowest, scale)
    across = 1 if len(edits) <= _MOST_STACKED else 2
    down = -(-len(edits) // across)
    shown = ", ".join(map(_signed, values))
    last = start + len(edits)
    which = f"dimension {last}" if len(edits) == 1 else f"dimensions {start + 1} to {last}"
    page = sheet.Sheet(
        across * (block[0] + _BLOCK_GAP) - _BLOCK_GAP,
        down * (block[1] + _BLOCK_GAP // 2) - _BLOCK_GAP // 2,
        title=f"Figure {number} · What each style dimension does: {which}",
        caption=(
            "Each block is one dimension of the style code. Its left part is generated: a "
            f"column is one portrait with that dimension set to {shown} standard deviations (our "
            "reading: the paper's numbers are lost) and all else fixed. Its right part shows "
            f"original works (framed; ranked: {split}): above, those with the lowest value of that "
            "dimension, beginning with the lowest; below, those with the highest, beginning with "
            "the highest. Look for one change "
            "that goes down every column and also tells the upper works from the lower ones."
        ),
    )  # fmt: skip
    for index in range(len(edits)):
        left = index % across * (block[0] + _BLOCK_GAP)
        top = index // across * (block[1] + _BLOCK_GAP // 2)
        page.text(left, top, f"Dimension {start + index + 1}", bold=True, gid="dimension")
        _block(page, left, top, edits[index], lowest[index], highest[index], values, scale)
    return page.figure


def _block_size(edits, lowest, scale):
    samples, values, height, width = edits.shape[1:5]
    cell_width, cell_height = width * scale + theme.GAP, height * scale + theme.GAP
    return (
        _VALUE_SPACE + (samples + lowest.shape[1]) * cell_width + theme.SECTION_GAP - 2 * theme.GAP,
        _head() + max(values, 2) * cell_height - theme.GAP,
    )


def _signed(value):
    return f"{value:+g}".replace("-", "\N{MINUS SIGN}") if value else "0"


def _head():
    return theme.line_height(theme.TEXT_SIZE) + theme.GAP


def _block(page, left, top, edits, lowest, highest, values, scale):
    samples, _, height, width, _ = edits.shape
    step_across, step_down = width * scale + theme.GAP, height * scale + theme.GAP
    first = top + _head()
    for row, value in enumerate(values):
        page.text(
            left + _VALUE_SPACE - 2 * theme.GAP, first + row * step_down + height * scale // 2,
            _signed(value),
            size=theme.LABEL_SIZE, ha="right", va="center",
        )  # fmt: skip
        for sample in range(samples):
            x = left + _VALUE_SPACE + sample * step_across
            page.image(edits[sample, row], x, first + row * step_down, scale)
    right = left + _VALUE_SPACE + samples * step_across + theme.SECTION_GAP - theme.GAP
    below = first + (max(len(values), 2) - 1) * step_down
    for y, works in ((first, lowest), (below, highest)):
        for index, work in enumerate(works):
            page.image(work, right + index * step_across, y, scale, framed=True)
    if len(values) > 2:
        middle = (first + height * scale + below) / 2
        line = theme.line_height(theme.LABEL_SIZE)
        for shift, words in (
            (-line, "↑ works with the lowest values"),
            (line, "↓ works with the highest"),
        ):
            page.text(
                right, middle + shift / 2, words,
                size=theme.LABEL_SIZE, color=theme.MUTED, va="center",
            )  # fmt: skip
