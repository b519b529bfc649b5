"""The dictionary of style dimensions: how much each does, and what it goes with."""

import dataclasses
from collections.abc import Sequence

import numpy as np
from matplotlib import figure

from anime_style_tf.figures import sheet, theme

_CELL = 96  # pixels, about
_NUMBER = 70  # pixels for the dimension's number
_BARS = 250  # of each of the two plots
_WORDS = (310, 350, 330)  # property, its correlation over all works, and inside artists
_ROW_GAP = 34
_SIZE = 9  # points: a wide page is looked at from further away

Estimate = tuple[float, float, float]  # value, and its interval's ends


@dataclasses.dataclass(frozen=True)
class Correlate:
    """A property that goes with a dimension.

    Attributes:
        words: What higher values go with, such as "thicker lines".
        overall: Rank correlation over all works.
        within: Its mean inside artists.
        holds: Whether it holds inside artists too.
    """

    words: str
    overall: Estimate
    within: Estimate
    holds: bool


@dataclasses.dataclass(frozen=True)
class Entry:
    """One dimension.

    Attributes:
        lowest: `[works, height, width, 3]`, sRGB uint8 or float in [0, 1], the lowest first.
        highest: The same at the other end, the highest first.
        between_share: Of the between-artist variance, in [0, 1].
        eta_squared: Share of the dimension's own variance that lies between artists.
        correlates: The strongest first; those that hold inside artists come before the others.
        determination: R^2 of all properties together, on artists not fitted on.
        determination_within: The same of the deviations from the artists' means.
        edits_trusted: Whether an edit of it moves what it says, by another run's encoder; None
            where that was not measured.
    """

    lowest: np.ndarray
    highest: np.ndarray
    between_share: Estimate
    eta_squared: Estimate
    correlates: Sequence[Correlate]
    determination: float
    determination_within: float
    edits_trusted: bool | None = None


def dimension_dictionary(
    entries: Sequence[Entry],
    *,
    properties: int,
    artists: int,
    works: int,
    split: str = "test",
) -> figure.Figure:
    """Draws one row for each dimension.

    Args:
        entries: Dimension 1 first; each with the same number of works at its ends.
        properties: How many were tried on each dimension.
        artists: How many there are.
        works: How many were measured.
        split: Where the works come from.

    Returns:
        The figure.

    Raises:
        ValueError: no dimension, or works of different numbers or sizes.
    """
    ends = [
        sheet.as_pixels(end, 4, "lowest and highest")
        for entry in entries
        for end in (entry.lowest, entry.highest)
    ]
    if not ends or len({end.shape for end in ends}) > 1:
        raise ValueError(
            "every dimension needs the same number of works at both ends, of one size; received "
            f"shapes {sorted({end.shape for end in ends})}: rank them alike."
        )
    count, height, width = ends[0].shape[:3]
    scale = sheet.magnification(ends[0], _CELL)
    line = theme.line_height(_SIZE)
    most = max(len(entry.correlates) for entry in entries)
    row = max(height * scale, (max(most, 1) + 1) * line) + _ROW_GAP
    group = count * (width * scale + theme.GAP) + theme.SECTION_GAP // 2
    columns = np.cumsum(
        [_NUMBER, group, group, _BARS + theme.SECTION_GAP, _BARS + theme.SECTION_GAP, *_WORDS[:2]]
    )
    head = 3 * line
    page = sheet.Sheet(
        int(columns[-1]) + _WORDS[-1], head + len(entries) * row,
        title="Dimension dictionary · What each style dimension goes with",
        caption=_caption(entries, properties, artists, works, split),
    )  # fmt: skip
    _heads(page, columns, head)
    _bars(page, columns[2], head, row, [each.between_share for each in entries])
    _bars(page, columns[3], head, row, [each.eta_squared for each in entries], most=1)
    for index, entry in enumerate(entries):
        top = head + index * row
        _number(page, top + row / 2, index + 1, entry.edits_trusted)
        for left, works_shown in zip(columns[:2], ends[2 * index : 2 * index + 2], strict=True):
            for number, work in enumerate(works_shown):
                across = int(left) + number * (width * scale + theme.GAP)
                middle = top + (row - height * scale) // 2
                page.image(work, across, middle, scale, framed=True)
        _correlates(page, columns[4:], top + row / 2, entry, properties)
    return page.figure


def _number(page, middle, dimension, edits_trusted):
    """The dimension's number, and below it whether its edits hold, where that was measured."""
    page.text(0, middle, str(dimension), size=_SIZE, bold=True, va="center", gid="dimension")
    if edits_trusted is not None:
        word, color = ("hold", theme.INK) if edits_trusted else ("fail", theme.MUTED)
        below = middle + theme.line_height(_SIZE)
        page.text(0, below, f"edits\n{word}", size=_SIZE, color=color, gid="edits")


def _heads(page, columns, head):
    words = (
        "lowest works", "highest works", "its share of what\ntells artists apart",
        "its own variance:\npart between artists", "higher values go with",
        "rank correlation,\nall works", "rank correlation,\ninside artists",
    )  # fmt: skip
    page.text(0, head - theme.GAP, "dim.", size=_SIZE, color=theme.MUTED, va="bottom")
    for left, text in zip(columns, words, strict=True):
        page.text(left, head - theme.GAP, text, size=_SIZE, color=theme.MUTED, va="bottom")


def _bars(page, left, head, row, estimates, *, most=None):
    """One bar for each row, with its interval and its value in percent."""
    values, low, high = np.array(estimates, dtype=np.float64).T
    axes = page.axes(int(left), head, _BARS, len(values) * row)
    line = theme.line_height(_SIZE)
    places = np.arange(len(values)) + 0.5 - 0.5 * line / row
    axes.barh(places, values, height=0.9 * line / row, color=theme.BLUE, alpha=0.85)
    axes.hlines(places, low, high, color=theme.INK, linewidth=0.9)
    axes.axvline(0, color=theme.MUTED, linewidth=0.6)
    # Of few works no value may be defined.
    axes.set(ylim=(len(values), 0), xlim=(0, most or 1.05 * np.nanmax([0.01, *values, *high])))
    axes.set_axis_off()
    for index, estimate in enumerate(zip(values, low, high, strict=True)):
        value, *ends = (f"{100 * each:.0f}" for each in estimate)
        text = "not defined" if np.isnan(estimate[0]) else f"{value} %  [{ends[0]}, {ends[1]}]"
        page.text(left + theme.GAP, head + (index + 0.5) * row + theme.GAP, text, size=_SIZE)


def _correlates(page, columns, middle, entry, properties):
    line = theme.line_height(_SIZE)
    rows = max(len(entry.correlates), 1) + 1
    top = middle - rows * line / 2
    if not entry.correlates:
        page.text(
            columns[0], top, f"none of the {properties} properties goes with it",
            size=_SIZE, color=theme.MUTED,
        )  # fmt: skip
    for index, correlate in enumerate(entry.correlates):
        texts = (correlate.words, _estimate(correlate.overall), _estimate(correlate.within))
        for left, text in zip(columns, texts, strict=True):
            page.text(
                left, top + index * line, text, size=_SIZE, bold=correlate.holds,
                color=theme.INK if correlate.holds else theme.MUTED, gid="correlate",
            )  # fmt: skip
    page.text(
        columns[0], top + (rows - 1) * line,
        f"all {properties} together: R² {_signed(entry.determination)}; inside artists "
        f"{_signed(entry.determination_within)}",
        size=_SIZE, color=theme.MUTED,
    )  # fmt: skip


def _estimate(estimate):
    value, low, high = map(_signed, estimate)
    return f"{value}  [{low}, {high}]"


def _signed(value):
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(value) else "none"


def _caption(entries, properties, artists, works, split):
    tests = len(entries) * properties
    edits = ""
    if any(entry.edits_trusted is not None for entry in entries):
        edits = (
            "Edits hold where a generated portrait whose dimension is moved changes in it by more "
            "than half of what was asked, and more than 5 times as much as in the others, read by "
            "the encoder of another run. "
        )
    any_holds = any(each.holds for entry in entries for each in entry.correlates)
    return (
        f"Each row is one dimension of the style code, measured on {works:,} works ({split} split) "
        f"by {artists:,} artists. Left: the works with its lowest values, beginning with the "
        "lowest, and with its highest, beginning with the highest. Bars: how much of all that "
        "tells artists apart it holds, and how much of its own variance lies between artists. "
        f"Right: up to three of {properties} measured properties of drawings, whose rank "
        "correlation over all works has an interval that leaves out 0. Bold: those it follows, "
        "for the interval inside single artists' works leaves out 0, too (and the Holm-adjusted "
        f"p is < .05 among {tests:,} tests){'' if any_holds else '; here there is none'}. Gray: "
        "those of which that does not hold, which may be chance or the mark of a few artists. "
        "R²: ridge regression on all properties, of works by artists that it was not "
        "fitted on, and of deviations from each artist's mean; 0 is no better than the mean. "
        "Brackets and lines: 95 % intervals over artists"
        f"{'; with so few artists they are somewhat narrow' if artists < 30 else ''}. {edits}Look "
        "for a property in bold that also tells the right works from the left ones."
    )
