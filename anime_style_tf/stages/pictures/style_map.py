"""The map of artists, as a figure and as coordinates."""

from anime_style_tf.evaluation.style_map import style_map as make_map
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.figures.style_map import style_map as draw_map


def style_map(shown, *, named=40):
    """Maps the artists on the first two principal axes of their mean styles.

    Args:
        shown: as `stages.explore` makes it: `raw_styles`, `labels`, `names`, `work_ids` and
            `trained`.
        named: artists named on the figure at most.

    Returns:
        `(matplotlib figure, dictionary for JSON)`.
    """
    size = shown.raw_styles.shape[1]
    presumed = shown.trained.artists["presumed_styles"][:, :size]
    chart = make_map(shown.raw_styles, shown.labels, presumed)
    figure = draw_map(chart, shown.labels, shown.names, named=named, split="test")
    return figure, {
        "share_of_artist_variance": _share(chart.shares, len(chart.means), "artists' means"),
        "share_of_work_variance": _share(chart.work_shares, len(chart.works), "works"),
        "axes": measurement(
            chart.axes,
            definition="the map's two axes as directions in the kept style dimensions, before "
            "they are standardized",
        ),
        "center": measurement(chart.center, definition="the map's origin, in the same units"),
        "artists": [
            {
                "name": name,
                "works": int(chart.counts[artist]),
                "mean": measurement(chart.means[artist], definition="true mean, on the map"),
                "presumed": measurement(
                    chart.presumed[artist], definition="presumed style, on the map"
                ),
                "covariance": measurement(
                    chart.covariances[artist],
                    definition="of the artist's works on the map; none for fewer than 3",
                ),
            }
            for artist, name in enumerate(shown.names)
        ],
        "works": [
            {"work_id": work_id.decode(), "artist": shown.names[label], "place": place}
            for work_id, label, place in zip(
                shown.work_ids, shown.labels, chart.works.tolist(), strict=True
            )
        ],
    }


def _share(shares, count, whose):
    return measurement(
        shares,
        count=count,
        split="test",
        definition=f"share of the variance of the {whose} that lies along each axis of the map",
    )
