"""This package: P@1, R-precision and MAP@R, or all that pytorch-metric-learning measures too.

python -m benchmarks.contenders.retrieval_ours CODES.npz head|all
"""

import json
import sys
import time

import numpy as np

from anime_style_tf.evaluation.retrieval import ranking

_HEAD = {
    "precision_at_1": "precision_at_1",
    "r_precision": "r_precision",
    "map_at_r": "mean_average_precision_at_r",
}


def main(path, what):
    """Measures and prints the figures under their names in pytorch-metric-learning."""
    with np.load(path) as file:
        data = dict(file)
    started = time.perf_counter()
    found = ranking.rank(**data, cutoffs=(1,))
    figures = {name: found.mean(ours)[0] for ours, name in _HEAD.items()}
    if what == "all":
        figures |= _rest(data)
    print(json.dumps({"seconds": time.perf_counter() - started, "figures": figures}))


def _rest(data):
    # Imported late: the timed runs need neither.
    from anime_style_tf.evaluation.clustering import cluster_agreement
    from anime_style_tf.evaluation.retrieval.complete_ranking import rank_completely

    agreement = cluster_agreement(data["queries"], data["query_labels"])
    return {
        "mean_average_precision": rank_completely(**data).mean("average_precision")[0],
        "NMI": agreement.normalized[0],
        "AMI": agreement.adjusted[0],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
