"""One content in random styles and between four styles: figure 3."""

from collections.abc import Sequence

from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 128  # pixels, about
_PANEL_GAP = 90


def figure_3(
    random_styles, interpolation, corner_names: Sequence[str] | None = None
) -> figure.Figure:
    """Figure 3: one content with random styles; bilinear interpolation between four styles.

    Args:
        random_styles: `[rows, columns, height, width, 3]`, sRGB uint8 or float in [0, 1].
        interpolation: `[rows, columns, height, width, 3]`, the corners being the four styles.
        corner_names: Artists of the corners: top left, top right, bottom left, bottom right;
            None if they are nobody's.

    Returns:
        The figure.

    Raises:
        ValueError: shapes that do not fit together, or other than four names.

    Source: Xiang & Li (2018), figure 3.
    """
    panels = [
        sheet.as_pixels(random_styles, 5, "random_styles"),
        sheet.as_pixels(interpolation, 5, "interpolation"),
    ]
    if corner_names is not None and len(corner_names) != 4:
        raise ValueError(
            f"corner_names must name 4 corners; received {len(corner_names)}: one per corner."
        )
    scales = [sheet.magnification(panel, _CELL) for panel in panels]
    sizes = [_size(panel, scale) for panel, scale in zip(panels, scales, strict=True)]
    corner = theme.line_height(theme.LABEL_SIZE) + theme.GAP if corner_names is not None else 0
    head = theme.line_height(theme.TEXT_SIZE) + theme.GAP
    first = head + corner
    page = sheet.Sheet(
        sizes[0][0] + _PANEL_GAP + sizes[1][0], first + max(sizes[0][1], sizes[1][1]) + corner,
        title="Figure 3 · One content in many styles",
        caption=(
            f"All generated. Left: one content code with {panels[0][..., 0, 0, 0].size} style "
            "codes drawn from the standard normal; look for one portrait by many artists. Right: "
            "one content code with styles between those of the four corners (bilinear "
            "interpolation of the style code); look for a change that is gradual in every "
            "direction, without jumps or half-transparent overlays."
        ),
    )  # fmt: skip
    lefts = (0, sizes[0][0] + _PANEL_GAP)
    words = ("Random styles", "Between four styles")
    for panel, scale, left, word in zip(panels, scales, lefts, words, strict=True):
        page.text(left, 0, word, bold=True)
        _place(page, panel, left, first, scale)
    if corner_names is not None:
        _name_corners(page, corner_names, lefts[1], sizes[1], first)
    return page.figure


def _size(panel, scale):
    rows, columns, height, width, _ = panel.shape
    return (
        columns * (width * scale + theme.GAP) - theme.GAP,
        rows * (height * scale + theme.GAP) - theme.GAP,
    )


def _place(page, panel, left, top, scale):
    rows, columns, height, width, _ = panel.shape
    for row in range(rows):
        for column in range(columns):
            x = left + column * (width * scale + theme.GAP)
            y = top + row * (height * scale + theme.GAP)
            page.image(panel[row, column], x, y, scale)


def _name_corners(page, names, left, size, top):
    width, height = size
    for index, name in enumerate(names):
        right, below = index % 2, index // 2
        page.text(
            left + right * width,
            top + height + theme.GAP if below else top - theme.GAP,
            str(name),
            size=theme.LABEL_SIZE, ha="right" if right else "left",
            va="top" if below else "baseline", gid="artist",
        )  # fmt: skip
