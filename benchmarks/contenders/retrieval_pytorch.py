"""pytorch-metric-learning: `AccuracyCalculator` with its own search (faiss), on the processor.

`head`: three measures, which need as many neighbors as the largest label has works. `all`: every
work is ranked for mean average precision, and NMI and AMI are of scikit-learn's k-means with our
seed, because faiss would find other clusters.

    python benchmarks/contenders/retrieval_pytorch.py CODES.npz head|all
"""

import json
import sys
import time

import numpy as np
import torch
from pytorch_metric_learning.utils.accuracy_calculator import AccuracyCalculator
from sklearn.cluster import KMeans

_HEAD = ("precision_at_1", "r_precision", "mean_average_precision_at_r")
_ALL = (*_HEAD, "mean_average_precision", "NMI", "AMI")


def _cluster(codes, count):
    found = KMeans(count, n_init=1, random_state=0).fit_predict(codes.double().numpy())
    return torch.from_numpy(found)


def main(path, what):
    """Measures and prints the figures."""
    with np.load(path) as file:
        data = dict(file)
    started = time.perf_counter()
    calculator = AccuracyCalculator(
        include=_HEAD if what == "head" else _ALL,
        k="max_bin_count" if what == "head" else None,
        device=torch.device("cpu"),
        kmeans_func=_cluster,
    )
    figures = calculator.get_accuracy(
        data["queries"], data["query_labels"], data.get("gallery"), data.get("gallery_labels")
    )
    print(json.dumps({"seconds": time.perf_counter() - started, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
