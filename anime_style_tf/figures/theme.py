"""The look of every figure: colors, type sizes, spacing."""

import functools

from matplotlib import font_manager

# Pixels of a saved figure per inch; all lengths in this package are such pixels.
DPI = 200

# Okabe & Ito (2008), told apart by people with any common color blindness.
BLUE = "#0072B2"
VERMILION = "#D55E00"
GREEN = "#009E73"
SERIES = ((BLUE, "-"), (VERMILION, "--"), (GREEN, ":"))

INK = "#222222"
MUTED = "#666666"
RULE = "#cccccc"
PAPER = "white"

TITLE_SIZE = 12  # points
TEXT_SIZE = 8
LABEL_SIZE = 7

MARGIN = 48  # pixels
GAP = 8
SECTION_GAP = 40

_JAPANESE = ("Noto Sans CJK JP", "Noto Sans JP", "IPAexGothic", "Hiragino Sans", "Yu Gothic")


@functools.cache
def families() -> list[str]:
    """Font families: matplotlib's own, then an installed one for Japanese names."""
    installed = set(font_manager.get_font_names())
    return ["DejaVu Sans", *(name for name in _JAPANESE if name in installed)]


def without_glyph(text: str) -> str:
    """Returns those letters of a text, each once and sorted, that no family can write."""
    fonts = [font_manager.get_font(font_manager.findfont(name)) for name in families()]
    return "".join(
        letter
        for letter in sorted(set(text))
        if letter.isprintable() and not any(font.get_char_index(ord(letter)) for font in fonts)
    )


def line_height(size: float) -> int:
    """Pixels from one line of text of `size` points to the next."""
    return round(size * DPI / 72 * 1.4)


def characters_in(width: int, size: float, *, bold: bool = False) -> int:
    """How many characters of `size` points fit in `width` pixels, on the safe side."""
    mean_width = 0.6 if bold else 0.51  # of running text in DejaVu Sans, in units of its size
    return max(4, int(width / (size * DPI / 72 * mean_width)))


def style_axes(axes, *, title: str, x_label: str, y_label: str):
    """Dresses a plot: two spines, faint horizontal lines, labels, a left-aligned title."""
    axes.set_title(title, loc="left", fontsize=TEXT_SIZE + 1, color=INK, pad=22)
    axes.set_xlabel(x_label, fontsize=TEXT_SIZE, color=INK)
    axes.set_ylabel(y_label, fontsize=TEXT_SIZE, color=INK)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(labelsize=LABEL_SIZE, colors=INK, color=MUTED, width=0.6, length=3)
    axes.grid(axis="y", color=RULE, linewidth=0.4)
    axes.set_axisbelow(True)
