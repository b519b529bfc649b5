"""A page with a title, a caption and pictures placed by the pixel, never stretched."""

import itertools
import re
import textwrap
import unicodedata

import numpy as np
from matplotlib import figure, patches
from matplotlib.backends import backend_agg

from anime_style_tf.figures import theme

_LEAST_WIDTH = 1200  # pixels, so that the title and the caption read well
_ZOOM_WIDTH = 2000  # pixels; beyond, title and caption grow with the page


def as_pixels(images, axes: int, name: str) -> np.ndarray:
    """Returns sRGB images as uint8.

    Args:
        images: `[..., height, width, 3]`, uint8 or float in [0, 1].
        axes: How many axes there must be.
        name: For the message.

    Raises:
        ValueError: another number of axes or channels, or floats outside [0, 1].
    """
    images = np.asarray(images)
    if images.ndim != axes or images.shape[-1] != 3 or 0 in images.shape:
        raise ValueError(
            f"{name} must have {axes} axes, the last of 3 channels, none empty; received shape "
            f"{images.shape}: give sRGB images."
        )
    if images.dtype == np.uint8:
        return images
    # Resizing and clipping leave errors of a few ulp.
    if not (images.min() >= -1e-3 and images.max() <= 1 + 1e-3):
        raise ValueError(
            f"{name} must be uint8 or in [0, 1]; received {images.dtype} in [{images.min()}, "
            f"{images.max()}]: convert normalized Lab to sRGB first."
        )
    return np.round(np.clip(images, 0, 1) * 255).astype(np.uint8)


def magnification(images: np.ndarray, target: int) -> int:
    """The whole number of screen pixels per image pixel that comes nearest to `target` wide."""
    return max(1, round(target / images.shape[-2]))


def wrap_name(name: str, width: int, size: float, *, lines: int = 3) -> str:
    """Breaks a name to fit `width` pixels, after spaces, hyphens, underscores, or before dots.

    One that is too long keeps its beginning and its end, which tell file names apart.
    """
    name = " ".join(str(name).split())
    # Twice the room for wide letters, as those of Japanese are; names may have many capitals.
    wide = any(unicodedata.east_asian_width(letter) in "FW" for letter in name)
    limit = theme.characters_in(int(width * (0.45 if wide else 0.9)), size)
    rows = [""]
    pieces = re.findall(r"\s*(?:>?[^\s_>-]+[_-]*|[_>-]+)", name)
    for piece in itertools.chain.from_iterable(_before_dots(piece, limit) for piece in pieces):
        if rows[-1] and len(rows[-1] + piece) > limit:
            rows.append(piece.strip())
        else:
            rows[-1] += piece
    rows = [part for row in rows for part in textwrap.wrap(row, limit) or [row]]
    if len(rows) > lines:
        last = rows[0][: limit - 1] + "…" if lines == 1 else "…" + name[1 - limit :]
        rows = [*rows[: lines - 1], last]
    return "\n".join(rows)


def _before_dots(piece, limit):
    """The parts of a piece of a name: its suffix leaves it only where both are too long."""
    return [piece] if len(piece) <= limit else re.findall(r"[.\s]*[^.]+|[.]+$", piece)


class Sheet:
    """A figure whose body is addressed in pixels from its top left corner.

    Args:
        width: Of the body, in pixels; a narrower body still gets a page wide enough for the
            text.
        height: Of the body, in pixels.
        title: One line, bold.
        caption: What is seen and what to look for; wrapped below the body.
    """

    def __init__(self, width: int, height: int, *, title: str, caption: str):
        """Sizes the page to the body and its words, and writes the title and the caption."""
        page = max(width, _LEAST_WIDTH)
        # A wide page is looked at from further away.
        zoom = min(max(1.0, page / _ZOOM_WIDTH), 1.6)
        title_size, text_size = theme.TITLE_SIZE * zoom, theme.TEXT_SIZE * zoom
        titles = textwrap.wrap(title, theme.characters_in(page, title_size, bold=True))
        rows = textwrap.wrap(caption, theme.characters_in(page, text_size))
        head = theme.line_height(title_size) * len(titles) + theme.SECTION_GAP // 2
        foot = theme.line_height(text_size) * len(rows) + theme.SECTION_GAP
        self.left = theme.MARGIN
        self.top = theme.MARGIN + head
        self.page_width = page + 2 * theme.MARGIN
        self.page_height = self.top + height + foot + theme.MARGIN
        self.figure = figure.Figure(
            figsize=(self.page_width / theme.DPI, self.page_height / theme.DPI),
            dpi=theme.DPI,
            facecolor=theme.PAPER,
        )
        backend_agg.FigureCanvasAgg(self.figure)
        self._page = self.figure.add_axes((0, 0, 1, 1))
        self._page.set_axis_off()
        self._limits()
        self.text(0, -head, "\n".join(titles), size=title_size, bold=True, gid="title")
        self.text(
            0, height + theme.SECTION_GAP, "\n".join(rows),
            size=text_size, color=theme.MUTED, gid="caption",
        )  # fmt: skip

    def _limits(self):
        self._page.set(xlim=(0, self.page_width), ylim=(self.page_height, 0), aspect="auto")

    def image(self, pixels: np.ndarray, left: int, top: int, scale: int, *, framed=False):
        """Places one image, each of its pixels `scale` wide and high.

        Args:
            pixels: uint8 `[height, width, 3]`.
            left: Of its left edge in the body.
            top: Of its upper edge in the body.
            scale: Page pixels per image pixel.
            framed: Draw a thin frame, the sign of an original work.
        """
        height, width = pixels.shape[0] * scale, pixels.shape[1] * scale
        left, top = self.left + left, self.top + top
        extent = (left, left + width, top + height, top)
        self._page.imshow(pixels, extent=extent, interpolation="nearest", origin="upper")
        if framed:
            frame = patches.Rectangle(
                (left - 1, top - 1), width + 2, height + 2,
                fill=False, edgecolor=theme.INK, linewidth=0.6,
            )  # fmt: skip
            self._page.add_patch(frame)
        self._limits()

    def text(
        self, left, top, text, *, size=theme.TEXT_SIZE, color=theme.INK, bold=False,
        ha="left", va="top", gid=None,
    ):  # fmt: skip
        """Writes text at a point of the body."""
        self._page.text(
            self.left + left, self.top + top, text, fontsize=size, color=color, ha=ha, va=va,
            fontweight="bold" if bold else "normal", gid=gid,
            family=theme.families(), linespacing=1.25, parse_math=False,
        )  # fmt: skip

    def axes(self, left: int, top: int, width: int, height: int):
        """Adds a plot with its data area at the given place of the body."""
        return self.figure.add_axes(
            (
                (self.left + left) / self.page_width,
                1 - (self.top + top + height) / self.page_height,
                width / self.page_width,
                height / self.page_height,
            )
        )
