"""Mutual information of clusters and artists, by hand and from its definition."""

import numpy as np
import pytest
from scipy import stats
from sklearn.cluster import KMeans

from anime_style_tf.evaluation import clustering


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    labels = np.arange(120) % 4
    return generator.normal(size=(4, 3))[labels] * 2 + generator.normal(size=(120, 3)), labels


def test_artists_far_apart_are_found_whole():
    labels = np.arange(60) % 3 + 5
    codes = np.random.default_rng(0).normal(size=(60, 2)) + 100.0 * labels[:, None]
    found = clustering.cluster_agreement(codes, labels)
    np.testing.assert_allclose([found.normalized, found.adjusted], 1)


def test_noise_agrees_by_chance_alone():
    generator = np.random.default_rng(1)
    codes, labels = generator.normal(size=(400, 4)), generator.integers(20, size=400)
    found = clustering.cluster_agreement(codes, labels)
    assert found.normalized > 0.15  # so much that is nothing
    assert abs(found.adjusted) < 0.03


def test_normalized_information_is_that_of_the_definition(works):
    codes, labels = works
    found = clustering.cluster_agreement(codes, labels, prefixes=(2, None), seed=3)
    for column, d in enumerate(found.lengths):
        clusters = KMeans(4, n_init=1, random_state=3).fit_predict(codes[:, :d])
        joint = stats.contingency.crosstab(labels, clusters).count / 120
        rows, columns = joint.sum(axis=1), joint.sum(axis=0)
        information = stats.entropy(joint.ravel(), np.outer(rows, columns).ravel())
        halves = (stats.entropy(rows) + stats.entropy(columns)) / 2
        np.testing.assert_allclose(found.normalized[column], information / halves)


def test_a_seed_gives_the_same_clusters_again(works):
    first, second = (clustering.cluster_agreement(*works, starts=3, seed=1) for _ in range(2))
    np.testing.assert_array_equal(first.adjusted, second.adjusted)
