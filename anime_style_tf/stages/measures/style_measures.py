"""How well a style code finds artists again, and what a sceptic asks of it: dicts of measurements.

Codes in, numbers for `metrics.json` out. Queries are held-out works, the gallery is the training
works; both encoders are measured on the same ones.
"""

import numpy as np

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.clustering import cluster_agreement
from anime_style_tf.evaluation.controls import precision_by_chance
from anime_style_tf.evaluation.look_alikes import discrimination_gaps, look_alikes
from anime_style_tf.evaluation.prefixes import nearest_styles
from anime_style_tf.evaluation.retrieval.complete_ranking import rank_completely
from anime_style_tf.evaluation.retrieval.hubness import csls_correct, hubness
from anime_style_tf.evaluation.retrieval.pair_verification import verification_auc
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.retrieval.voting import vote
from anime_style_tf.evaluation.robustness import robustness
from anime_style_tf.evaluation.uncertainty import two_way
from anime_style_tf.evaluation.uncertainty.measurements import measured, measurement

# Works that search and works searched. Of larger sets the first ones, which are random ones:
# records lie in the order of a hash.
SEARCHING, SEARCHED = 2000, 20_000
_MOST_PREFIXES = 64
_NEIGHBORS = 10
_PAIRS = 10  # of artists taken for each other that are named
TWO_WAY = "95 % bootstrap interval, artists and works' identities as crossed clusters"
_SHARE = "share of test works"
# Measure -> what it is; each is the mean over test works, on the first d dimensions.
DEFINITIONS = {
    "precision_at_1": f"{_SHARE} whose nearest training work is by the same artist",
    "precision_at_5": "share of the five nearest training works that are by the test work's artist",
    "r_precision": "share by the same artist of the R nearest training works, R being the "
    "artist's number of training works",
    "map_at_r": "mean over the R nearest training works of precision there, where they are by the "
    "same artist (Musgrave et al. 2020)",
    "average_precision": "average precision of the ranking of all training works",
    "verification_auc": "probability that a training work by the same artist is nearer than one by "
    "another, over all pairs",
    "neighbor_accuracy_5": f"{_SHARE} attributed rightly by a vote of the five nearest",
    "balanced_neighbor_accuracy_5": "the same, artists weighing alike",
}


def prefix_lengths(code_size, chosen):
    """Returns every d up to 64 dimensions, 64 or fewer d on a log scale beyond; k_S among them."""
    spaced = np.geomspace(1, code_size, _MOST_PREFIXES).round().astype(int)
    every = range(1, code_size + 1) if code_size <= _MOST_PREFIXES else spaced
    return sorted({*map(int, every), int(chosen), int(code_size)})


def measure_retrieval(codes, labels, gallery_labels, subjects, *, chosen, about):
    """Measures retrieval against d for each encoder, and their difference at k_S.

    Args:
        codes: dict encoder -> `(queries [works, code], gallery [works, code])`; the first is
            compared with each of the others.
        labels: int `[works]`, of the queries.
        gallery_labels: int `[works]`.
        subjects: `[works]`, identities of the queries, which several artists may share.
        chosen: k_S.
        about: `count` and `split` of the measurements.

    Returns:
        Dict encoder -> measure of `DEFINITIONS` -> measurement, and `lengths`,
        `cluster_agreement` and `difference_at_k_S`.
    """
    result, correct = {}, {}
    for name, (queries, gallery) in codes.items():
        lengths = prefix_lengths(queries.shape[1], chosen)
        searched = (queries, labels, gallery, gallery_labels)
        found = rank(*searched, prefixes=lengths, cutoffs=(1, 5))
        votes = vote(*searched, prefixes=lengths)
        area = verification_auc(*searched, prefixes=lengths)
        values = dict(found.values)
        values["average_precision"] = rank_completely(*searched, prefixes=lengths).values[
            "average_precision"
        ]
        values["neighbor_accuracy_5"] = votes.values["neighbor_accuracy_5"]
        correct[name] = found.of_counted("precision_at_1")[:, lengths.index(chosen)]
        clusters = (labels[found.counted], np.asarray(subjects)[found.counted])
        rows = {measure: (each[found.counted], None) for measure, each in values.items()}
        rows["balanced_neighbor_accuracy_5"] = (
            rows["neighbor_accuracy_5"][0], votes.balancing_weights
        )  # fmt: skip
        result[name] = {
            measure: _curve(measure, each, clusters, weights, about)
            for measure, (each, weights) in rows.items()
        }
        everyone = (labels, np.asarray(subjects))
        result[name]["verification_auc"] = _curve(
            "verification_auc", area.values, everyone, None, about
        )
        result[name]["lengths"] = lengths
        result[name]["cluster_agreement"] = _agreement(queries, labels, chosen, about)
    first, *others = codes
    result["difference_at_k_S"] = {
        f"{first} - {other}": _difference(correct[first], correct[other], clusters, about)
        for other in others
    }
    return result


def _curve(measure, values, clusters, weights, about):
    return measurement(
        np.clip(np.average(values, axis=0, weights=weights), 0, 1),  # off by roundings
        interval=np.clip(two_way.mean_interval(values, *clusters, weights=weights), 0, 1),
        definition=f"{DEFINITIONS[measure]}; on the first d dimensions, d as in lengths; {TWO_WAY}",
        **about,
    )


def _agreement(codes, labels, chosen, about):
    found = cluster_agreement(codes, labels, prefixes=(chosen,), starts=4)
    what = "mutual information of the artists and as many k-means clusters of the test works on"
    return {
        name: measurement(
            value[0], definition=f"{name} {what} the first k_S dimensions; no interval", **about
        )
        for name, value in (("normalized", found.normalized), ("adjusted", found.adjusted))
    }


def _difference(first, second, clusters, about):
    difference, interval = two_way.paired_interval(first, second, *clusters)
    return measurement(
        difference,
        interval=interval,
        definition=f"difference of precision_at_1 on the first k_S dimensions, the same works; "
        f"{TWO_WAY}",
        **about,
    )


def measure_validity(queries, labels, gallery, gallery_labels, subjects, *, names, about):
    """Measures what could make retrieval look better or worse than the code is.

    Args:
        queries: `[works, k_S]`, codes of held-out works.
        labels: int `[works]`.
        gallery: `[works, k_S]`, codes of training works.
        gallery_labels: int `[works]`.
        subjects: `[works]`, identities of the queries.
        names: of the artists, by label.
        about: `count` and `split` of the measurements.

    Returns:
        Dict of measurements: chance, hubs, the CSLS readout, gaps of artists, look-alikes.
    """
    means = np.stack([gallery[gallery_labels == each].mean(0) for each in range(len(names))])
    subjects = np.asarray(subjects)
    predicted = nearest_styles(queries, means, [queries.shape[1]])[:, 0]
    alike = look_alikes(labels, predicted, clusters=subjects)
    neighbors = min(_NEIGHBORS, len(queries), len(gallery) - 1)
    csls = csls_correct(queries, labels, gallery, gallery_labels, neighbors=neighbors)
    hubs = hubness(queries, gallery, neighbors=neighbors)
    return {
        "precision_by_chance": measurement(
            precision_by_chance(labels, gallery_labels),
            definition="precision_at_1 expected if the artists' names were shuffled",
            **about,
        ),
        "csls_precision_at_1": measurement(
            np.nanmean(csls),
            definition="precision_at_1 with cross-domain similarity local scaling over "
            f"{neighbors} neighbors (Conneau et al. 2018); well above precision_at_1 only if hubs "
            "cost it",
            **about,
        ),
        "hubness_skewness": measurement(
            hubs.skewness,
            definition="skewness of how often a training work is among the "
            f"{neighbors} nearest of a test work (Radovanovic et al. 2010); 0 without hubs",
            **about,
        ),
        "antihubs": measurement(
            hubs.antihubs,
            definition=f"share of the training works that are among the {neighbors} nearest of no "
            "test work",
            **about,
        ),
        "discrimination_gaps": {
            names[artist]: measured(_gap, queries[of], means, artist, subjects[of], names, about)
            for artist, of in enumerate(labels == np.arange(len(names))[:, None])
        },
        "look_alikes": _name_pairs(alike, names, about),
    }


def _gap(queries, means, artist, subjects, names, about):
    """How far one artist, given by label, stands apart on its own works."""
    if not len(queries):
        raise TooFewError("the artist has no works in this half of the test split")
    labels = np.full(len(queries), artist)
    found = discrimination_gaps(queries, labels, means, clusters=subjects)
    return measurement(
        found.gaps[0],
        interval=(found.low[0], found.high[0]),
        definition="how much nearer the artist's test works are to its own mean than to the "
        f"nearest other, most often {names[found.nearest_others[0]]}; 95 % Student's interval, "
        "clustered by the works' identities",
        **about,
    )


def _name_pairs(alike, names, about):
    """The artists most often taken for each other, a dictionary for each pair."""
    rates = zip(alike.pairs.tolist(), alike.rates, alike.low, alike.high, strict=True)
    return [
        {
            "artists": [names[artist] for artist in pair],
            "rates": measurement(
                both,
                interval=(low, high),
                definition="share of the first's test works nearer to the second's mean than to "
                "any other, and the reverse; 95 % Wilson intervals, clustered by the works' "
                "identities",
                **about,
            ),
        }
        for pair, both, low, high in list(rates)[:_PAIRS]
    ]


def measure_robustness(codes, changed, labels, styles, *, about):
    """Measures what changes of the file do to the code.

    Args:
        codes: `[works, k_S]`.
        changed: dict change -> codes `[works, k_S]` of the changed images.
        labels: int `[works]`.
        styles: `[artists, k_S]`, presumed styles.
        about: `count` and `split` of the measurements.

    Returns:
        Dict change -> measurements.
    """
    result = {}
    for change, after in changed.items():
        found = robustness(codes, after, labels, styles)
        share, interval = found.kept_share(labels)
        result[change] = {
            "attribution_kept": measurement(
                share,
                interval=interval,
                definition=f"{_SHARE} attributed to the same artist after the change, by the "
                "nearest presumed style on k_S dimensions; 95 % Wilson interval, clustered by "
                "artist",
                **about,
            ),
            "median_move": measurement(
                found.median_move,
                definition="median distance between the codes before and after; 1 is the root mean "
                "square distance of two works by one artist",
                **about,
            ),
        }
    return result
