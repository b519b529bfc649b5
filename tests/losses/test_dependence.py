import numpy as np
import pytest
import scipy.spatial.distance

from anime_style_tf.losses.dependence import distance_covariance


def centered(distances):
    """U-centered, by its definition: of every entry the means of its row, its column and all."""
    works = len(distances)
    result = np.zeros_like(distances)
    for i in range(works):
        for j in range(works):
            if i != j:
                row = sum(distances[i, k] for k in range(works)) / (works - 2)
                column = sum(distances[k, j] for k in range(works)) / (works - 2)
                total = distances.sum() / ((works - 1) * (works - 2))
                result[i, j] = distances[i, j] - row - column + total
    return result


def test_it_is_the_product_of_the_centered_distances_of_both():
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(9, 4)).astype("float32") * [1, 2, 3, 4]
    artists = np.array([0, 0, 1, 1, 1, 2, 2, 3, 0])
    scaled = (codes / codes.std(axis=0)).astype("float64")
    of_codes = centered(scipy.spatial.distance.squareform(scipy.spatial.distance.pdist(scaled)))
    of_artists = centered((artists[:, None] != artists).astype("float64"))
    expected = (of_codes * of_artists).sum() / (9 * 6)
    found = float(distance_covariance(codes, artists))
    assert found == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_it_is_without_bias_where_codes_tell_nothing():
    rng = np.random.default_rng(1)
    artists = rng.integers(0, 5, 32)
    values = [
        float(distance_covariance(rng.normal(size=(32, 6)).astype("float32"), artists))
        for _ in range(200)
    ]
    # Four standard errors.
    assert abs(np.mean(values)) < 4 * np.std(values) / len(values) ** 0.5


def test_it_hears_a_difference_in_scale_alone_and_not_the_scale_of_the_code():
    rng = np.random.default_rng(2)
    artists = np.repeat([0, 1], 200)
    codes = rng.normal(size=(400, 3)) * np.where(artists, 3, 1)[:, None]
    told = float(distance_covariance(codes.astype("float32"), artists))
    nothing = float(distance_covariance(codes.astype("float32"), rng.permutation(artists)))
    assert told > 10 * abs(nothing)
    smaller = float(distance_covariance((0.01 * codes).astype("float32"), artists))
    assert smaller == pytest.approx(told, rel=1e-2)


def test_fewer_than_four_works_tell_nothing():
    codes = np.float32([[0, 1], [2, 5], [3, 3]])
    assert float(distance_covariance(codes, np.array([0, 0, 1]))) == 0
