"""Curves against prefix length: figure 1 and the choice of the content code's size."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from matplotlib import figure, ticker

from anime_style_tf.figures import sheet, theme

_PLOT_WIDTH, _PLOT_HEIGHT = 980, 720  # pixels
_LEFT, _BELOW = 150, 80  # pixels for the tick labels and the axis label
_ABOVE = 90  # pixels for the plot's title and the mark
LENGTH_LABEL = "leading dimensions kept, d (log scale)"


@dataclasses.dataclass(frozen=True)
class Curve:
    """Values against prefix length.

    Attributes:
        lengths: `[prefixes]`, >= 1, increasing.
        values: `[prefixes]`.
        low: `[prefixes]`, lower bound of an interval, or None.
        high: `[prefixes]`, upper bound, or None.
    """

    lengths: np.ndarray
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


def figure_1(
    accuracy: Mapping[str, Curve],
    variance_ratio: Mapping[str, Curve],
    *,
    chosen: int,
    artists: int,
    works: int,
    split: str = "test",
    interval: str = "95 % Wilson intervals, works clustered by artist",
    ratio_interval: str = "95 % jackknife intervals over artists",
) -> figure.Figure:
    """Figure 1: accuracy (left) and variance ratio (right) against prefix length.

    Args:
        accuracy: Curves by name, drawn in this order: metric learning first, then the
            classifier.
        variance_ratio: Curves by the same names, measured on the same works.
        chosen: k_S, marked in both panels.
        artists: How many; 1 / artists is drawn as chance.
        works: How many works were classified.
        split: Which ones.
        interval: What the bands of the accuracy are, in words.
        ratio_interval: What those of the variance ratio are.

    Returns:
        The figure.

    Source: Xiang & Li (2018), figure 1.
    """
    caption = (
        f"Left: share of {works:,} {split} works by {artists} artists attributed to their own "
        f"artist from the first d dimensions of the style code (bands: {interval}). "
        "Right: variance ratio R, the mean squared distance of an artist's works to their "
        "mean, over that between works of different artists; lower is tighter, and at one half "
        f"artists do not differ (same works; bands: {ratio_interval}). Vertical lines: the kept "
        f"length, {chosen}. Look for curves that are flat to the right of them: later dimensions "
        "add little."
    )
    step = _PLOT_WIDTH + _LEFT + theme.SECTION_GAP
    page = sheet.Sheet(
        _LEFT + step + _PLOT_WIDTH, _ABOVE + _PLOT_HEIGHT + _BELOW,
        title="Figure 1 · How many style dimensions are needed to know the artist",
    caption=caption, )  # fmt: skip
    left = page.axes(_LEFT, _ABOVE, _PLOT_WIDTH, _PLOT_HEIGHT)
    right = page.axes(_LEFT + step, _ABOVE, _PLOT_WIDTH, _PLOT_HEIGHT)
    draw(left, accuracy)
    draw(right, variance_ratio)
    theme.style_axes(left, title="Artist classification", x_label=LENGTH_LABEL, y_label="accuracy")
    ratio = r"$R = V_\mathrm{within}\,/\,V_\mathrm{diff}$"
    theme.style_axes(right, title="Variance ratio", x_label=LENGTH_LABEL, y_label=ratio)
    left.axhline(
        1 / artists, color=theme.MUTED, linewidth=0.8, linestyle=(0, (1, 2)),
        label=f"chance (1 in {artists})",
    )  # fmt: skip
    left.set_ylim(0, 1.02)
    right.set_ylim(bottom=0)
    _mark(left, chosen, f"$k_S$ = {chosen}")
    _mark(right, chosen, f"$k_S$ = {chosen}")
    _legend(left)
    _legend(right)
    return page.figure


def content_curve(
    reconstruction: Curve, *, chosen: int, rule: str, images: int, split: str = "test split"
) -> figure.Figure:
    """Reconstruction error of the content VAE against prefix length.

    Args:
        reconstruction: Mean squared error in normalized Lab; bounds are one standard error.
        chosen: k_C, marked.
        rule: How it was chosen, in words.
        images: How many images were reconstructed.
        split: Which ones, and who was trained on them, in words.

    Returns:
        The figure.
    """
    caption = (
        f"Mean squared error, per pixel and channel of normalized Lab, of {images:,} images "
        f"({split}) decoded from the first d dimensions of their content code and their style code "
        "(band: one standard error over images). "
        f"Vertical line: the kept length, {chosen}, {rule}. "
        "Look for a curve that is flat to the right of it."
    )
    page = sheet.Sheet(
        _LEFT + _PLOT_WIDTH, _ABOVE // 2 + _PLOT_HEIGHT + _BELOW,
        title="How many content dimensions a portrait needs", caption=caption,
    )  # fmt: skip
    axes = page.axes(_LEFT, _ABOVE // 2, _PLOT_WIDTH, _PLOT_HEIGHT)
    draw(axes, {"reconstruction error": reconstruction})
    theme.style_axes(axes, title="", x_label=LENGTH_LABEL, y_label="mean squared error")
    axes.set_ylim(bottom=0)
    _mark(axes, chosen, f"$k_C$ = {chosen}")
    return page.figure


def draw(axes, curves):
    """Draws curves by name with their bands, over a logarithmic axis of lengths."""
    for (name, curve), (color, dashes) in zip(curves.items(), theme.SERIES, strict=False):
        axes.plot(
            curve.lengths, curve.values, dashes, color=color, linewidth=1.6, label=name,
            marker="o" if len(curve.lengths) <= 12 else None, markersize=3,
        )  # fmt: skip
        if curve.low is not None and curve.high is not None:
            axes.fill_between(
                curve.lengths, curve.low, curve.high, color=color, alpha=0.18, linewidth=0
            )
    longest = max((np.max(curve.lengths) for curve in curves.values()), default=1)
    axes.set_xscale("log", base=2)
    axes.set_xlim(0.93, max(2, longest) * 1.07)
    axes.set_xticks(2 ** np.arange(np.log2(max(2, longest)) + 1e-9, dtype=int))
    axes.xaxis.set_major_formatter(ticker.ScalarFormatter())
    axes.xaxis.set_minor_locator(ticker.NullLocator())


def _mark(axes, chosen, label):
    axes.axvline(chosen, color=theme.INK, linewidth=0.8)
    axes.annotate(
        label, (chosen, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
        textcoords="offset points", ha="center", va="bottom", fontsize=theme.LABEL_SIZE,
    color=theme.INK, )  # fmt: skip


def _legend(axes):
    if not axes.get_legend_handles_labels()[0]:
        return
    axes.legend(loc="best", fontsize=theme.TEXT_SIZE, frameon=False, handlelength=2.6)
