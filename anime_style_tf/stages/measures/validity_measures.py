"""What could make retrieval look better or worse than the style code is."""

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.controls import precision_by_chance
from anime_style_tf.evaluation.look_alikes import discrimination_gaps, look_alikes
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.retrieval.hubness import csls_correct, hubness
from anime_style_tf.evaluation.uncertainty.measurements import measured, measurement

_NEIGHBORS = 10
_PAIRS = 10  # of artists taken for each other that are named
DEFINITIONS = {
    "precision_by_chance": "precision_at_1 expected if the artists' names were shuffled",
    "csls_precision_at_1": "precision_at_1 with cross-domain similarity local scaling over "
    "{neighbors} neighbors (Conneau et al. 2018); well above precision_at_1 only if hubs cost it",
    "hubness_skewness": "skewness of how often a training work is among the {neighbors} nearest of "
    "a test work (Radovanovic et al. 2010); 0 without hubs",
    "antihubs": "share of the training works that are among the {neighbors} nearest of no test "
    "work",
    "discrimination_gaps": "how much nearer the artist's test works are to its own mean than to "
    "the nearest other, most often {other}; 95 % Student's interval, clustered by the works' "
    "identities",
    "look_alikes": "share of the first's test works nearer to the second's mean than to any other, "
    "and the reverse; 95 % Wilson intervals, clustered by the works' identities",
}


def measure_validity(run):
    """Chance, hubs, the CSLS readout, gaps of artists and look-alikes, on k_S dimensions.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dict of measurements; `discrimination_gaps` has one for each artist by name, `look_alikes`
        is a list.
    """
    (queries, gallery), artists = run.kept, run.trained.records.artists
    means = np.stack(
        [gallery.values[gallery.labels == artist].mean(0) for artist in range(len(artists))]
    )
    neighbors = min(_NEIGHBORS, len(queries), len(gallery) - 1)
    hubs = hubness(queries, gallery, neighbors=neighbors)
    csls = csls_correct(queries, gallery=gallery, neighbors=neighbors)
    values = {
        "precision_by_chance": precision_by_chance(queries.labels, gallery.labels),
        "csls_precision_at_1": np.nanmean(csls),
        "hubness_skewness": hubs.skewness,
        "antihubs": hubs.antihubs,
    }
    return {
        **{
            name: measurement(
                value, definition=DEFINITIONS[name].format(neighbors=neighbors), **run.basis
            )
            for name, value in values.items()
        },
        "discrimination_gaps": {
            name: measured(_gap, run, artist, means) for artist, name in enumerate(artists)
        },
        "look_alikes": _pairs(run, means),
    }


def _gap(run, artist, means):
    """How far one artist, given by label, stands apart on its own works."""
    own = run.kept.queries.labels == artist
    if not own.any():
        raise TooFewError("the artist has no works in this half of the test split")
    queries = run.kept.queries.of(own)
    gap = discrimination_gaps(queries, means=means, clusters=run.identities[own])
    other = run.trained.records.artists[gap.nearest_others[0]]
    return measurement(
        gap.gaps[0],
        interval=(gap.low[0], gap.high[0]),
        definition=DEFINITIONS["discrimination_gaps"].format(other=other),
        **run.basis,
    )


def _pairs(run, means):
    """The artists most often taken for each other, a dictionary for each pair."""
    queries, names = run.kept.queries, run.trained.records.artists
    predicted = nearest_styles(queries, means, [queries.code_size])[:, 0]
    alike = look_alikes(queries.labels, predicted, clusters=run.identities)
    rates = zip(alike.pairs.tolist(), alike.rates, alike.low, alike.high, strict=True)
    return [
        {
            "artists": [names[artist] for artist in pair],
            "rates": measurement(
                both, interval=(low, high), definition=DEFINITIONS["look_alikes"], **run.basis
            ),
        }
        for pair, both, low, high in list(rates)[:_PAIRS]
    ]
