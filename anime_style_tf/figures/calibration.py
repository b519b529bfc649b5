"""How far the probabilities of an attribution can be trusted: reliability and risk."""

import dataclasses
from collections.abc import Mapping

import numpy as np
from matplotlib import figure, ticker

from anime_style_tf.figures import sheet, theme

_SIDE = 760  # pixels of each panel; the reliability diagram must be square
_LEFT, _BELOW = 150, 80  # pixels for the tick labels and the axis label
_ABOVE = 70  # pixels for the plot's title
_STEADY = 0.05  # of the works; the risk of fewer does not set the scale


@dataclasses.dataclass(frozen=True)
class Answers:
    """What one kind of answer was worth.

    Attributes:
        confidence: `[bins]`, in [0, 1], increasing: the stated probability.
        accuracy: `[bins]`, how often the answer was right.
        low: `[bins]`, lower bound of an interval of the accuracy.
        high: `[bins]`, upper bound.
        error: Expected calibration error.
        coverage: `[points]`, in (0, 1], increasing: the share of works answered.
        risk: `[points]`, the share of wrong answers among these.
        area: Mean risk over all coverages; None takes that of the points given.
    """

    confidence: np.ndarray
    accuracy: np.ndarray
    low: np.ndarray
    high: np.ndarray
    error: float
    coverage: np.ndarray
    risk: np.ndarray
    area: float | None = None


def reliability_and_risk(
    answers: Mapping[str, Answers],
    *,
    artists: int,
    works: int,
    split: str = "test",
    interval: str = "95 % Wilson intervals over works",
) -> figure.Figure:
    """Reliability diagram (left) and risk-coverage curve (right).

    Args:
        answers: By name, at most three; drawn in this order.
        artists: How many could be answered.
        works: How many works were attributed.
        split: Which ones.
        interval: What the vertical bars are, in words.

    Returns:
        The figure.

    Source: DeGroot & Fienberg (1983), reliability diagrams; El-Yaniv & Wiener (2010),
        risk-coverage curves.
    """
    caption = (
        f"{works:,} {split} works attributed to one of {artists} artists. Left: works are sorted "
        "by the probability stated for the answer into bins of equally many; height is how often "
        f"the answer was right (bars: {interval}). Points on the diagonal keep their word; below "
        "it the answers are too sure of themselves. The calibration error is the mean distance "
        "from the diagonal. Right: if only the surest works are answered (from the left) and the "
        "rest left open, the share of wrong answers. Look for a curve that stays near zero: the "
        "wrong answers are then among the unsure ones."
    )
    step = _SIDE + _LEFT + theme.SECTION_GAP
    page = sheet.Sheet(
        _LEFT + step + _SIDE, _ABOVE + _SIDE + _BELOW,
        title="How far the probabilities of an attribution can be trusted",
    caption=caption, )  # fmt: skip
    left = page.axes(_LEFT, _ABOVE, _SIDE, _SIDE)
    right = page.axes(_LEFT + step, _ABOVE, _SIDE, _SIDE)
    for (name, each), (color, dashes) in zip(answers.items(), theme.SERIES, strict=False):
        _draw_reliability(left, name, each, color, dashes)
        _draw_risk(right, name, each, color, dashes)
    theme.style_axes(
        left, title="Reliability", x_label="stated probability", y_label="share of right answers"
    )
    theme.style_axes(
        right, title="Risk and coverage", x_label="share of works answered, surest first",
        y_label="share of wrong answers",
    )  # fmt: skip
    left.plot([0, 1], [0, 1], color=theme.MUTED, linewidth=0.8, zorder=1, label="as stated")
    left.set(xlim=(0, 1.01), ylim=(0, 1.01))
    right.set(xlim=(0, 1.01))
    # One wrong answer among the first few works is a spike that would flatten all the rest.
    highest = max(np.max(each.risk[each.coverage >= _STEADY]) for each in answers.values())
    right.set_ylim(0, max(0.02, 1.15 * highest))
    for axes in (left, right):
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(ticker.FuncFormatter(lambda share, _: f"{100 * share:g} %"))
        axes.legend(loc="upper left", fontsize=theme.TEXT_SIZE, frameon=False, handlelength=2.6)
    return page.figure


def _draw_reliability(axes, name, answers, color, dashes):
    bars = np.stack([answers.accuracy - answers.low, answers.high - answers.accuracy])
    axes.errorbar(
        answers.confidence, answers.accuracy, yerr=np.maximum(bars, 0), fmt=f"o{dashes}",
        color=color, linewidth=1.2, elinewidth=0.8, markersize=3.5, capsize=2, zorder=2,
        label=f"{name} (calibration error {answers.error:.3f})",
    )  # fmt: skip


def _draw_risk(axes, name, answers, color, dashes):
    area = np.mean(answers.risk) if answers.area is None else answers.area
    label = f"{name} (mean {area:.3f}, all answered {answers.risk[-1]:.3f})"
    axes.plot(answers.coverage, answers.risk, dashes, color=color, linewidth=1.6, label=label)
