import numpy as np
import pytest
import tensorflow as tf
from tensorflow_addons.losses import metric_learning, triplet_semihard_loss


def test_the_pair_terms_are_means_over_addons_distances(reference, compare):
    arrays = reference("metric_learning")
    squared = metric_learning.pairwise_distance(arrays["codes"], squared=True).numpy()
    same = arrays["artists"][:, None] == arrays["artists"][None, :]
    others = same & ~np.eye(len(same), dtype=bool)
    peer = "tfa.losses pairwise_distance"
    # Every artist has four works, so artists that weigh the same are pairs that weigh the same.
    compare("pair pull", peer, arrays["pull"], squared[others].mean(), 1e-5)
    compare("pair push", peer, arrays["push"], np.exp(-squared[~same]).mean(), 1e-5)


@pytest.mark.parametrize("name", ["few", "some", "wide_margin"])
def test_the_triplet_loss_is_that_of_addons_on_unit_codes(name, reference, compare):
    arrays = reference("triplets")
    codes = tf.constant(arrays[f"{name}/codes"])
    with tf.GradientTape() as tape:
        tape.watch(codes)
        theirs = triplet_semihard_loss(
            arrays[f"{name}/artists"],
            # Addons leaves it to the caller to bring codes to unit length.
            tf.math.l2_normalize(codes, axis=1),
            margin=float(arrays[f"{name}/margin"]),
            distance_metric="squared-L2",
        )
    peer = "tfa.losses.triplet_semihard_loss"
    compare(f"triplets, {name}", peer, arrays[f"{name}/loss"], theirs, 1e-5)
    gradient = tape.gradient(theirs, codes)
    compare(f"triplets, {name}: gradient", peer, arrays[f"{name}/gradient"], gradient, 1e-5)
