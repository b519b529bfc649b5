"""The map of artists: true means, presumed styles and the spread of works."""

import numpy as np
from matplotlib import collections, figure, lines, patches, patheffects, transforms

from anime_style_tf.figures import sheet, theme

_WIDTH = 1700  # pixels of the plot
_HEIGHTS = (900, 1700)  # least and most
_LEFT, _BELOW, _LEGEND = 130, 80, 50
_MOST_SPREADS = 60  # artists up to which ellipses are drawn, and each has a color
_COLORS = (
    theme.BLUE, theme.VERMILION, theme.GREEN, "#CC79A7", "#7A5C00", "#56B4E9", "#5D3A9B", "#444444",
)  # fmt: skip
# Where a name is tried around its mark: first near, right of it, then around and further out.
_TURNS = np.deg2rad([0, 180, 90, 270, 45, 315, 135, 225])
_REACHES = (14, 26, 44, 70, 104)  # pixels from the mark to the name's box


def style_map(chart, labels, names, *, named: int = 40, split: str = "test") -> figure.Figure:
    """Draws the map.

    Args:
        chart: With the arrays `works` `[works, 2]`; `means` and `presumed` `[artists, 2]`;
            `covariances` `[artists, 2, 2]`; `counts` `[artists]`; `shares` and `work_shares`
            `[2]`, as `evaluation.style_map.StyleMap` describes them. NaN is not drawn.
        labels: int `[works]`, artist of each.
        names: Of the artists.
        named: Artists named at most: those with the most works, of equals the first.
        split: Where the works come from.

    Returns:
        The figure, both axes on one scale.

    Raises:
        ValueError: not one name per artist, or not one label per work.
    """
    labels = np.asarray(labels)
    if len(names) != len(chart.means) or labels.shape != chart.works.shape[:1]:
        raise ValueError(
            f"the map needs {len(chart.means)} names and {len(chart.works)} labels; received "
            f"{len(names)} and {labels.shape}: take them from the same records."
        )
    low, high, height = _extent(chart)
    few = len(names) <= _MOST_SPREADS
    shown = np.flatnonzero(chart.counts)
    largest = shown[np.argsort(-chart.counts[shown], kind="stable")][:named]
    page = sheet.Sheet(
        _LEFT + _WIDTH, _LEGEND + height + _BELOW,
        title=f"Style map · {len(shown):,} artists",
        caption=_caption(chart, few, len(largest), len(shown), split),
    )  # fmt: skip
    axes = page.axes(_LEFT, _LEGEND, _WIDTH, height)
    _frame(axes, low, high, chart.shares)
    _draw(axes, chart, labels, shown, few)
    if not few:
        axes.scatter(*chart.means[largest].T, s=14, c=theme.VERMILION, linewidths=0, zorder=5)
    _legend(axes, few)
    page.figure.canvas.draw()  # so that places of marks and sizes of names are known
    marked = shown if few else largest
    marks = np.concatenate([chart.means[marked], chart.presumed[marked]])
    for artist in largest:
        _name(axes, chart.means[artist], str(names[artist]), marks)
    return page.figure


def _extent(chart):
    """Corners of the map, and the height in pixels that gives both axes one scale."""
    reach = np.sqrt(np.nan_to_num(np.diagonal(chart.covariances, axis1=1, axis2=2)))
    everything = np.concatenate(
        [chart.works, chart.presumed, chart.means - reach, chart.means + reach]
    )
    low, high = np.nanmin(everything, axis=0), np.nanmax(everything, axis=0)
    middle, sides = (low + high) / 2, 1.12 * np.maximum(high - low, 1e-6)
    height = int(np.clip(_WIDTH * sides[1] / sides[0], *_HEIGHTS))
    unit = np.max(sides / (_WIDTH, height))
    half = unit * np.array([_WIDTH, height]) / 2
    return middle - half, middle + half, height


def _frame(axes, low, high, shares):
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    along = [
        f"axis {number}: {100 * share:.0f} % of the variance of artists' means"
        for number, share in enumerate(shares, start=1)
    ]
    theme.style_axes(axes, title="", x_label=along[0], y_label=along[1])
    axes.grid(axis="both", color=theme.RULE, linewidth=0.4)


def _color(artist, few):
    return _COLORS[artist % len(_COLORS)] if few else theme.BLUE


def _draw(axes, chart, labels, shown, few):
    colors = np.array([_color(artist, few) for artist in range(len(chart.means))])
    faint = min(0.4, 200 / len(labels) ** 0.8)
    axes.scatter(
        *chart.works.T, s=3, c=colors[labels] if few else theme.MUTED, alpha=max(faint, 0.1),
        linewidths=0, gid="works",
    )  # fmt: skip
    joined = np.stack([chart.means[shown], chart.presumed[shown]], axis=1)
    shifts = collections.LineCollection(
        joined, colors=colors[shown], linewidths=0.7 if few else 0.4, gid="shift"
    )
    axes.add_collection(shifts)
    for artist in shown if few else ():
        if np.isfinite(chart.covariances[artist]).all():
            spread = _ellipse(chart.means[artist], chart.covariances[artist], colors[artist])
            axes.add_patch(spread)
    if few:
        axes.scatter(
            *chart.presumed[shown].T, s=34, marker="x", c=colors[shown], linewidths=1.3, zorder=3,
            path_effects=_halo(), gid="presumed",
        )  # fmt: skip
    axes.scatter(
        *chart.means[shown].T, s=22 if few else 7, c=colors[shown], edgecolors=theme.PAPER,
        linewidths=0.5 if few else 0.2, zorder=4, gid="means",
    )  # fmt: skip


def _ellipse(center, covariance, color):
    """One standard deviation along each of the spread's own axes."""
    variances, directions = np.linalg.eigh(covariance)
    width, height = 2 * np.sqrt(np.maximum(variances[::-1], 0))
    angle = np.degrees(np.arctan2(directions[1, 1], directions[0, 1]))
    return patches.Ellipse(
        center, width, height, angle=angle, facecolor=color, alpha=0.18, linewidth=0, gid="spread"
    )


def _legend(axes, few):
    def mark(shape, size, color=theme.INK):
        return lines.Line2D([], [], marker=shape, linestyle="", markersize=size, color=color)

    if few:
        entries = {
            "mean of the artist's works": mark("o", 4),
            "presumed style": mark("x", 4),
            "work": mark(".", 3, theme.MUTED),
            "spread of the works, 1 standard deviation": patches.Patch(
                facecolor=theme.MUTED, alpha=0.3
            ),
        }
    else:
        entries = {
            "mean of an artist's works": mark("o", 3, theme.BLUE),
            "of a named artist": mark("o", 3, theme.VERMILION),
            "to the presumed style": lines.Line2D([], [], linewidth=0.6, color=theme.BLUE),
            "work": mark(".", 3, theme.MUTED),
        }
    axes.legend(
        entries.values(), entries, loc="lower left", bbox_to_anchor=(0, 1), ncols=len(entries),
        frameon=False, fontsize=theme.LABEL_SIZE, borderaxespad=0.2, columnspacing=1.6,
        handletextpad=0.4,
    )  # fmt: skip


def _name(axes, mean, name, marks):
    """Writes a name where it hides none of the marks and no other name, or nowhere."""
    text = axes.text(
        0, 0, name, transform=axes.transAxes, fontsize=theme.LABEL_SIZE, color=theme.INK,
        family=theme.families(), parse_math=False, zorder=6, path_effects=_halo(), gid="name",
    )  # fmt: skip
    box, frame = text.get_window_extent(), axes.get_window_extent()
    size = np.array([box.width, box.height])
    taken = [other.get_window_extent() for other in axes.texts if other is not text]
    place, points = axes.transData.transform(mean), axes.transData.transform(marks)
    for reach in _REACHES:
        for turn in _TURNS:
            aside = np.array([np.cos(turn), np.sin(turn)])
            low = place + aside * (reach + size / 2) - size / 2
            wanted = transforms.Bbox([low - 3, low + size + 3])
            inside = frame.containsx(wanted.x0) and frame.containsx(wanted.x1)
            inside &= frame.containsy(wanted.y0) and frame.containsy(wanted.y1)
            if not inside or wanted.count_contains(points) or wanted.count_overlaps(taken):
                continue
            text.set_position(
                axes.transAxes.inverted().transform(low - (box.x0, box.y0) + frame.p0)
            )
            if reach > _REACHES[1]:
                near = np.clip(place, low, low + size)
                ends = axes.transData.inverted().transform([place, near])
                axes.plot(*ends.T, color=theme.INK, linewidth=0.4, zorder=5, gid="leader")
            return
    text.remove()


def _halo():
    return [patheffects.withStroke(linewidth=2, foreground=theme.PAPER)]


def _caption(chart, few, named, artists, split):
    whole = np.nansum(chart.shares), np.nansum(chart.work_shares)
    parts = [
        "The style codes are turned so that artists' means differ most along the two axes shown, "
        "and not stretched: both axes have the unit of the code as the encoder gives it. They hold "
        f"{100 * whole[0]:.0f} % of the variance of the {artists:,} artists' means and "
        f"{100 * whole[1]:.0f} % of that of the {len(chart.works):,} works; what lies along the "
        "other axes is not seen: artists apart here are apart in the code, but artists that meet "
        f"here need not be near. Points: works ({split} split). Dots: means of those works, joined "
        "by a line to the presumed style, which training placed."
    ]
    if few:
        parts.append(
            "Ellipses: covariance of the artist's works on the map, 1 standard deviation along "
            "each of its axes; of a normal spread, 39 % lies inside. Look for small ellipses "
            "far from their neighbors."
        )
    if named < artists:
        parts.append(f"Named: the {named} artists with the most works, where a name finds room.")
    return " ".join(parts)
