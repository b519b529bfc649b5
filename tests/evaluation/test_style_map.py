"""The map of artists against scikit-learn's principal axes and what a projection must keep."""

import numpy as np
import pytest
from scipy.spatial.distance import pdist
from sklearn.decomposition import PCA

from anime_style_tf.evaluation.style_map import style_map


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(7), [40, 9, 20, 3, 2, 1, 12])
    presumed = generator.normal(size=(7, 5)) * (3, 2, 1, 1, 0.2)
    return presumed[labels] + generator.normal(size=(87, 5)) * 0.3, labels, presumed


def means_of(values, labels):
    return np.stack([values[labels == artist].mean(axis=0) for artist in np.unique(labels)])


def test_the_axes_are_the_principal_axes_of_the_artists_means(works):
    codes, labels, _ = works
    found = style_map(*works)
    pca = PCA(2).fit(means_of(codes, labels))
    np.testing.assert_allclose(np.abs(np.sum(found.axes * pca.components_, axis=1)), 1)
    np.testing.assert_allclose(found.shares, pca.explained_variance_ratio_)
    np.testing.assert_allclose(found.axes @ found.axes.T, np.eye(2), atol=1e-12)


def test_means_on_the_map_are_means_of_the_works_there(works):
    _, labels, _ = works
    found = style_map(*works)
    np.testing.assert_allclose(found.means, means_of(found.works, labels), atol=1e-12)
    np.testing.assert_allclose(found.means.mean(axis=0), 0, atol=1e-12)


def test_nothing_is_farther_apart_on_the_map_than_in_the_code(works):
    found = style_map(*works)
    assert np.all(pdist(found.works) <= pdist(works[0]) + 1e-9)
    assert np.all(pdist(found.presumed) <= pdist(works[2]) + 1e-9)


def test_a_code_of_two_dimensions_keeps_all_distances(works):
    codes, labels, presumed = works
    found = style_map(codes[:, :2], labels, presumed[:, :2])
    np.testing.assert_allclose(pdist(found.works), pdist(codes[:, :2]))
    np.testing.assert_allclose(found.shares.sum(), 1)
    np.testing.assert_allclose(found.work_shares.sum(), 1)


def test_a_code_of_one_dimension_is_a_line(works):
    codes, labels, presumed = works
    found = style_map(codes[:, :1], labels, presumed[:, :1])
    np.testing.assert_allclose(found.works[:, 0], codes[:, 0] - found.center)
    assert not found.works[:, 1].any()
    np.testing.assert_allclose(found.shares, [1, 0])


def test_the_spread_is_the_covariance_on_the_map_where_there_are_three_works(works):
    _, labels, _ = works
    found = style_map(*works)
    for artist in (0, 1, 2, 3, 6):
        expected = np.cov(found.works[labels == artist].T)
        np.testing.assert_allclose(found.covariances[artist], expected)
    assert np.isnan(found.covariances[[4, 5]]).all()


def test_an_artist_without_works_has_no_mean_and_changes_nothing(works):
    codes, labels, presumed = works
    more = style_map(codes, labels, np.concatenate([presumed, np.full((1, 5), 9.0)]))
    np.testing.assert_array_equal(more.works, style_map(*works).works)
    assert np.isnan(more.means[7]).all()
    assert more.counts.tolist() == [40, 9, 20, 3, 2, 1, 12, 0]
    assert np.isfinite(more.presumed[7]).all()


def test_a_presumed_style_at_the_true_mean_lies_on_it(works):
    codes, labels, _ = works
    found = style_map(codes, labels, means_of(codes, labels))
    np.testing.assert_allclose(found.presumed, found.means, atol=1e-12)


def test_the_map_does_not_turn_over_when_the_artists_are_numbered_otherwise(works):
    codes, labels, presumed = works
    order = np.random.default_rng(1).permutation(7)
    again = style_map(codes, np.argsort(order)[labels], presumed[order])
    np.testing.assert_allclose(again.works, style_map(*works).works, atol=1e-9)


def test_presumed_styles_of_another_length_are_an_error(works):
    codes, labels, presumed = works
    with pytest.raises(ValueError, match="5 dimensions"):
        style_map(codes, labels, presumed[:, :4])
    with pytest.raises(ValueError, match="labels"):
        style_map(codes, labels, presumed[:3])
