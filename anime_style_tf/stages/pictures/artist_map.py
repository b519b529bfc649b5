"""The map of artists, as a figure and as coordinates."""

from anime_style_tf.evaluation.style_map import style_map
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.figures import style_map as page


def artist_map(exhibits, *, named=40):
    """Maps the artists on the first two principal axes of their mean styles.

    Args:
        exhibits: `Exhibits`.
        named: artists named on the figure at most.

    Returns:
        `(matplotlib figure, dictionary for JSON)`.
    """
    size = exhibits.raw_styles.shape[1]
    presumed = exhibits.trained.artists["presumed_styles"][:, :size]
    chart = style_map(exhibits.raw_styles, exhibits.labels, presumed)
    figure = page.style_map(chart, exhibits.labels, exhibits.names, named=named, split="test")
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
            for artist, name in enumerate(exhibits.names)
        ],
        "works": [
            {"work_id": work_id.decode(), "artist": exhibits.names[label], "place": place}
            for work_id, label, place in zip(
                exhibits.work_ids, exhibits.labels, chart.works.tolist(), strict=True
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
