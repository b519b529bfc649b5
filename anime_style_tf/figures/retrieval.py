"""Retrieval against prefix length: each measure in a panel of its own."""

from collections.abc import Mapping

from matplotlib import figure

from anime_style_tf.figures import curves, sheet, theme

_WIDTH, _HEIGHT = 620, 420  # pixels of a panel
_LEFT, _ABOVE, _BELOW = 140, 80, 90  # pixels around it, for its labels and title
_COLUMNS = 4


def retrieval_curves(
    measures: Mapping[str, Mapping[str, curves.Curve]],
    *,
    chosen: int,
    artists: int,
    works: int,
    gallery: int,
    split: str = "test",
) -> figure.Figure:
    """Draws how well prefixes of the style code find an artist's other works.

    Args:
        measures: Title of a measure -> encoder -> curve in [0, 1] with bounds.
        chosen: k_S, marked.
        artists: How many.
        works: How many works searched.
        gallery: How many training works were searched.
        split: Which works searched.

    Returns:
        The figure.
    """
    caption = (
        f"{works:,} {split} works by {artists} artists each search {gallery:,} training works on "
        "the first d dimensions of their style code; 1 is perfect. Bands: 95 % bootstrap "
        "intervals, artists and works' identities as crossed clusters. Each measure is defined in "
        f"metrics.json. Vertical lines: the kept length, {chosen}. Look for an encoder whose curve "
        "is high on few dimensions already, and for bands that do not overlap."
    )
    rows = -(-len(measures) // _COLUMNS)
    columns = min(_COLUMNS, len(measures))
    across, down = _LEFT + _WIDTH, _ABOVE + _HEIGHT + _BELOW
    page = sheet.Sheet(
        columns * across, rows * down,
        title="How well the style code finds an artist's other works", caption=caption,
    )  # fmt: skip
    for place, (title, named) in enumerate(measures.items()):
        row, column = divmod(place, _COLUMNS)
        left, top = column * across + _LEFT, row * down + _ABOVE
        axes = page.axes(left, top, _WIDTH, _HEIGHT)
        curves.draw(axes, named)
        label = curves.LENGTH_LABEL if row == rows - 1 else ""
        theme.style_axes(axes, title=title, x_label=label, y_label="")
        axes.set_ylim(0, 1.02)
        axes.axvline(chosen, color=theme.INK, linewidth=0.8)
        if place == 0:
            axes.legend(loc="lower right", fontsize=theme.LABEL_SIZE, frameon=False)
    return page.figure
