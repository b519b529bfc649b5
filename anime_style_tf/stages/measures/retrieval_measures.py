"""How well the style code finds an artist's other works, against its length."""

import numpy as np

from anime_style_tf.evaluation.clustering import cluster_agreement
from anime_style_tf.evaluation.retrieval.complete_ranking import rank_completely
from anime_style_tf.evaluation.retrieval.pair_verification import verification_auc
from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.retrieval.voting import vote
from anime_style_tf.evaluation.uncertainty import two_way
from anime_style_tf.evaluation.uncertainty.measurements import measurement
from anime_style_tf.stages.measures.measured_run import QUERIES, SearchCodes

_MOST_PREFIXES = 64
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


def measure_retrieval(run):
    """Retrieval against d for each network, and the difference of the two at k_S.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dict method -> measure of `DEFINITIONS` -> measurement, with `lengths` and
        `cluster_agreement`; and `difference_at_k_S`, and `gallery`, how many works were searched.
    """
    first_works = {
        method: SearchCodes(codes.queries.of(slice(QUERIES)), codes.gallery)
        for method, codes in run.codes.items()
    }
    queries, gallery = first_works["metric_learning"]
    artists, identities = queries.labels, run.identities[:QUERIES]
    basis = run.basis | {"count": len(queries)}
    result, right_at_k = {}, {}
    for method, codes in first_works.items():
        lengths = prefix_lengths(codes.queries.code_size, run.chosen)
        values, counted, weights = _values(codes, lengths)
        of_counted = artists[counted], identities[counted]
        curves = {
            measure: _curve(measure, of_works[counted], of_counted, basis)
            for measure, of_works in values.items()
        }
        curves["balanced_neighbor_accuracy_5"] = _curve(
            "balanced_neighbor_accuracy_5", values["neighbor_accuracy_5"][counted], of_counted,
            basis, weights,
        )  # fmt: skip
        # Its value of a query is a part of the area, which those without any right answer have too.
        area = verification_auc(codes.queries, gallery=codes.gallery, prefixes=lengths)
        curves["verification_auc"] = _curve(
            "verification_auc", area.values, (artists, identities), basis
        )
        result[method] = curves | {
            "lengths": lengths,
            "cluster_agreement": _agreement(codes.queries, run.chosen, basis),
        }
        right_at_k[method] = values["precision_at_1"][counted, lengths.index(run.chosen)]
    differences = {
        method: _difference(right_at_k["metric_learning"], right, of_counted, basis)
        for method, right in right_at_k.items()
        if method != "metric_learning"
    }
    return result | run.absent | {
        "difference_at_k_S": {
            f"metric_learning - {method}": entry
            for method, entry in (differences | run.absent).items()
        },
        "gallery": len(gallery),
    }  # fmt: skip


def _values(codes, lengths):
    """Measure -> `[works, lengths]`; which works count, bool; and what balances the artists."""
    searched = {"gallery": codes.gallery, "prefixes": lengths}
    ranking = rank(codes.queries, cutoffs=(1, 5), **searched)
    complete = rank_completely(codes.queries, **searched)
    votes = vote(codes.queries, **searched)
    values = dict(ranking.values)
    values["average_precision"] = complete.values["average_precision"]
    values["neighbor_accuracy_5"] = votes.values["neighbor_accuracy_5"]
    return values, ranking.counted, votes.balancing_weights


def _curve(measure, values, clusters, basis, weights=None):
    return measurement(
        np.clip(np.average(values, axis=0, weights=weights), 0, 1),  # off by roundings
        interval=np.clip(two_way.mean_interval(values, *clusters, weights=weights), 0, 1),
        definition=f"{DEFINITIONS[measure]}; on the first d dimensions, d as in lengths; {TWO_WAY}",
        **basis,
    )


def _agreement(codes, chosen, basis):
    agreement = cluster_agreement(codes, prefixes=(chosen,), starts=4)
    what = "mutual information of the artists and as many k-means clusters of the test works on"
    return {
        name: measurement(
            value[0], definition=f"{name} {what} the first k_S dimensions; no interval", **basis
        )
        for name, value in (("normalized", agreement.normalized), ("adjusted", agreement.adjusted))
    }


def _difference(first, second, clusters, basis):
    difference, interval = two_way.paired_interval(first, second, *clusters)
    return measurement(
        difference,
        interval=interval,
        definition=f"difference of precision_at_1 on the first k_S dimensions, the same works; "
        f"{TWO_WAY}",
        **basis,
    )
