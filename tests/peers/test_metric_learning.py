import numpy as np
from tensorflow_addons.losses import metric_learning


def test_the_pair_terms_are_means_over_addons_distances(reference, compare):
    arrays = reference("metric_learning")
    squared = metric_learning.pairwise_distance(arrays["codes"], squared=True).numpy()
    same = arrays["artists"][:, None] == arrays["artists"][None, :]
    others = same & ~np.eye(len(same), dtype=bool)
    peer = "tfa.losses pairwise_distance"
    # Every artist has four works, so artists that weigh the same are pairs that weigh the same.
    compare("pair pull", peer, arrays["pull"], squared[others].mean(), 1e-5)
    compare("pair push", peer, arrays["push"], np.exp(-squared[~same]).mean(), 1e-5)
