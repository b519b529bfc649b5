"""Works and what the generator makes of their codes: figure 6."""

from collections.abc import Sequence

from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 128  # pixels, about
_PAIRS_ACROSS = 12
_BAND_GAP = 50
_SIDE = 190  # pixels for the words beside the rows


def figure_6(
    originals,
    reconstructions,
    artist_names: Sequence[str] | None = None,
    *,
    split: str = "test split",
) -> figure.Figure:
    """Figure 6: reconstruction, `G([S(x), C(x), 0])` below each work x.

    Args:
        originals: `[works, height, width, 3]`, sRGB uint8 or float in [0, 1].
        reconstructions: `[works, height, width, 3]`.
        artist_names: `[works]`, who drew each, or None.
        split: Where the works come from, and who was trained on them, in words.

    Returns:
        The figure.

    Raises:
        ValueError: the shapes differ, or as many names as works are missing.

    Source: Xiang & Li (2018), figure 6.
    """
    names = [] if artist_names is None else list(artist_names)
    originals, reconstructions = _pairs(originals, reconstructions, names)
    works, height, width, _ = originals.shape
    scale = sheet.magnification(originals, _CELL)
    step = width * scale + theme.GAP
    bands = -(-works // _PAIRS_ACROSS)
    across = -(-works // bands)
    labels = [sheet.wrap_name(n, step, theme.LABEL_SIZE) for n in names]
    lines = max((label.count("\n") + 1 for label in labels), default=0)
    head = lines * theme.line_height(theme.LABEL_SIZE) + 2 * theme.GAP
    band = head + 2 * height * scale + 2 * theme.GAP + _BAND_GAP
    page = sheet.Sheet(
        _SIDE + across * step - theme.GAP, bands * band - _BAND_GAP,
        title="Figure 6 · Portraits rebuilt from their two codes",
        caption=(
            f"Framed: {works} original works x ({split}). Below each: "
            "G([S(x), C(x), 0]), generated from its style code and its content code alone. "
            "Look for the same portrait by the same artist; fine detail that neither code holds "
            "is lost."
        ),
    )  # fmt: skip
    for index in range(works):
        left = _SIDE + index % across * step
        top = index // across * band + head
        below = top + height * scale + 2 * theme.GAP
        if labels:
            page.text(
                left + width * scale // 2, top - 2 * theme.GAP, labels[index],
                size=theme.LABEL_SIZE, ha="center", va="baseline", gid="artist",
            )  # fmt: skip
        page.image(originals[index], left, top, scale, framed=True)
        page.image(reconstructions[index], left, below, scale)
        if index % across == 0:
            for y, words in ((top, "original x"), (below, "rebuilt\nG([S(x), C(x), 0])")):
                page.text(
                    _SIDE - 3 * theme.GAP, y + height * scale // 2, words,
                    size=theme.LABEL_SIZE, color=theme.MUTED, ha="right", va="center",
                )  # fmt: skip
    return page.figure


def _pairs(originals, reconstructions, names):
    originals = sheet.as_pixels(originals, 4, "originals")
    reconstructions = sheet.as_pixels(reconstructions, 4, "reconstructions")
    if reconstructions.shape != originals.shape or len(names) not in (0, len(originals)):
        raise ValueError(
            f"reconstructions must have the originals' shape {originals.shape}, with a name "
            f"for each if any; received {reconstructions.shape} and {len(names)} names: pair "
            "them up."
        )
    return originals, reconstructions
