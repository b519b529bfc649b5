import numpy as np
import pytest
from scipy import linalg

from anime_style_tf.evaluation.fidelity.frechet import (
    extrapolated_frechet_distance,
    frechet_distance,
)


def two_sets(images=80, works=60, size=6, seed=0):
    generator = np.random.default_rng(seed)
    mixing = generator.normal(size=(size, size))
    return generator.normal(size=(images, size)) @ mixing + 0.3, generator.normal(
        size=(works, size)
    )


@pytest.mark.parametrize("size", [1, 6, 40])
def test_it_is_the_textbooks_formula_with_a_matrix_square_root(size):
    features, works = two_sets(size=size)
    covariances = [np.atleast_2d(np.cov(each, rowvar=False)) for each in (features, works)]
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    apart = features.mean(axis=0) - works.mean(axis=0)
    expected = apart @ apart + sum(map(np.trace, covariances)) - 2 * np.trace(root)
    assert frechet_distance(features, works) == pytest.approx(expected, rel=1e-9)


def test_fewer_images_than_features_are_no_trouble():
    features, works = two_sets(images=20, works=15, size=50)
    values = np.linalg.eigvals(np.cov(features, rowvar=False) @ np.cov(works, rowvar=False))
    apart = features.mean(axis=0) - works.mean(axis=0)
    expected = apart @ apart + features.var(axis=0, ddof=1).sum() + works.var(axis=0, ddof=1).sum()
    expected -= 2 * np.sqrt(values.astype(complex)).real.sum()
    assert frechet_distance(features, works) == pytest.approx(expected, rel=1e-6)


def test_one_dimension_is_the_difference_of_means_and_of_deviations():
    features, works = np.array([[0.0], [2], [4]]), np.array([[5.0], [6], [7]])
    assert frechet_distance(features, works) == pytest.approx(4**2 + (2 - 1) ** 2)


def test_a_set_has_no_distance_from_itself_or_from_its_reverse():
    features, _ = two_sets()
    assert frechet_distance(features, features[::-1]) == pytest.approx(0, abs=1e-9)


def test_extrapolation_takes_the_bias_of_the_count_away():
    generator = np.random.default_rng(3)
    alike, apart = [], []
    for _ in range(40):
        features, works = generator.normal(size=(2, 200, 8))
        alike.append(extrapolated_frechet_distance(features, works))
        apart.append(extrapolated_frechet_distance(2 * features, works).extrapolated)
    assert np.mean([each.value for each in alike]) > 0.15
    assert abs(np.mean([each.extrapolated for each in alike])) < 0.02
    assert np.mean(apart) == pytest.approx(8 * (2 - 1) ** 2, abs=0.15)  # the closed form
    covered = sum(each.interval[0] <= 0 <= each.interval[1] for each in alike)
    assert covered >= 34
