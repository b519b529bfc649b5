"""scikit-learn: `NearestNeighbors` by brute force on all cores, then the definitions in NumPy.

Leave-one-out only; `all` measures no more than `head`.

    python -m benchmarks.contenders.retrieval_scikit_learn CODES.npz head|all
"""

import json
import sys
import time

import numpy as np
from sklearn.neighbors import NearestNeighbors


def main(path, _):
    """Measures and prints the figures under their names in pytorch-metric-learning."""
    with np.load(path) as file:
        codes, labels = file["queries"].astype(np.float64), file["query_labels"]
    started = time.perf_counter()
    _, place, counts = np.unique(labels, return_inverse=True, return_counts=True)
    relevant = counts[place] - 1
    model = NearestNeighbors(n_neighbors=int(relevant.max()), algorithm="brute", n_jobs=-1)
    near = model.fit(codes).kneighbors(return_distance=False)
    counted = relevant > 0
    near, own, relevant = near[counted], labels[counted], relevant[counted]
    ranks = np.arange(1, near.shape[1] + 1)
    right = (labels[near] == own[:, None]) & (ranks <= relevant[:, None])
    precision = np.cumsum(right, axis=1) / ranks
    figures = {
        "precision_at_1": np.mean(right[:, 0]),
        "r_precision": np.mean(right.sum(axis=1) / relevant),
        "mean_average_precision_at_r": np.mean((precision * right).sum(axis=1) / relevant),
    }
    print(json.dumps({"seconds": time.perf_counter() - started, "figures": figures}))


if __name__ == "__main__":
    main(*sys.argv[1:])
