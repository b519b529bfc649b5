"""k-occurrences counted one by one; CSLS by the formula of the paper."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation.retrieval import hubness as hubs
from anime_style_tf.search import distances


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    return generator.normal(size=(40, 6)), generator.normal(size=(60, 6))


def occurrences(queries, gallery, neighbors, alone=False):
    counts = np.zeros(len(gallery), int)
    for i, query in enumerate(queries):
        distances = np.linalg.norm(gallery - query, axis=1)
        if alone:
            distances[i] = np.inf
        counts[np.argsort(distances)[:neighbors]] += 1
    return counts


@pytest.mark.parametrize("neighbors", [1, 5])
def test_occurrences_are_those_counted_one_by_one(works, neighbors):
    queries, gallery = works
    result = hubs.hubness(queries, gallery, neighbors=neighbors)
    np.testing.assert_array_equal(result.occurrences, occurrences(queries, gallery, neighbors))
    assert result.occurrences.sum() == len(queries) * neighbors
    alone = hubs.hubness(gallery, neighbors=neighbors)
    expected = occurrences(gallery, gallery, neighbors, alone=True)
    np.testing.assert_array_equal(alone.occurrences, expected)
    assert alone.skewness == pytest.approx(stats.skew(expected))
    assert alone.antihubs == np.mean(expected == 0)


def test_a_hub_by_hand():
    # All queries are nearest to the first of four works.
    result = hubs.hubness([[0.0], [0.1], [-0.1]], [[0.0], [5.0], [6.0], [7.0]], neighbors=1)
    np.testing.assert_array_equal(result.occurrences, [3, 0, 0, 0])
    assert result.antihubs == 0.75
    # 3, 0, 0, 0 about 0.75: third moment 2.53125, variance 1.6875.
    assert result.skewness == pytest.approx(2.53125 / 1.6875**1.5)


def test_works_tied_at_the_last_place_share_it_whatever_their_order():
    # From 0 the works at 1, 1 and -1 are equally near: two places for three of them.
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        gallery = np.array([[1.0], [1.0], [-1.0], [9.0]])[order]
        result = hubs.hubness([[0.0]], gallery, neighbors=2)
        np.testing.assert_allclose(result.occurrences, np.array([2 / 3, 2 / 3, 2 / 3, 0])[order])


def test_high_dimensions_have_hubs_and_low_ones_have_not():
    """The finding of Radovanovic et al. on independent normal coordinates."""
    generator = np.random.default_rng(1)
    low, high = (hubs.hubness(generator.normal(size=(1000, d))) for d in (2, 100))
    assert abs(low.skewness) < 0.6
    assert high.skewness > 2
    assert high.antihubs > low.antihubs


def test_skewness_is_undefined_where_all_are_found_equally_often():
    result = hubs.hubness([[0.0], [1.0]], neighbors=1)
    assert np.isnan(result.skewness)
    assert result.antihubs == 0


def csls_by_the_paper(queries, query_labels, gallery, gallery_labels, neighbors):
    """On unit codes: 2 cos(x, y) - r_T(x) - r_S(y), the mean cosines to the nearest k."""
    cosines = queries @ gallery.T
    r_queries = np.sort(cosines, axis=1)[:, -neighbors:].mean(axis=1)
    r_gallery = np.sort(cosines, axis=0)[-neighbors:].mean(axis=0)
    scores = 2 * cosines - r_queries[:, None] - r_gallery
    return gallery_labels[scores.argmax(axis=1)] == query_labels


@pytest.mark.parametrize("neighbors", [1, 3, 10])
def test_on_unit_codes_csls_is_that_of_the_paper(works, neighbors, monkeypatch):
    queries, gallery = (each / np.linalg.norm(each, axis=1, keepdims=True) for each in works)
    labels, gallery_labels = np.arange(40) % 3, np.arange(60) % 3
    arguments = (queries, labels, gallery, gallery_labels)
    expected = csls_by_the_paper(*arguments, neighbors)
    assert 0 < expected.mean() < 1
    for block in (2**20, 200):
        monkeypatch.setattr(distances, "_BLOCK_ELEMENTS", block)
        result = hubs.csls_correct(*arguments, neighbors=neighbors)
        np.testing.assert_array_equal(result, expected)


def test_csls_of_each_against_all_others_leaves_the_query_out(works):
    codes = works[1]
    labels = np.arange(60) % 3
    squared = ((codes[:, None] - codes[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(squared, np.inf)
    density = -np.sort(squared, axis=1)[:, :4].mean(axis=1)
    expected = labels[(-2 * squared - density).argmax(axis=1)] == labels
    np.testing.assert_array_equal(hubs.csls_correct(codes, labels, neighbors=4), expected)


def test_csls_takes_off_what_a_hub_has_too_much():
    # The work at 0 is near to all queries; each query has a work of its own a little further off.
    queries = np.array([[1.0, 0], [0, 1.0], [-1.0, 0], [0, -1.0]])
    gallery = np.concatenate([queries * 2.2, [[0.0, 0.0]]])
    correct = hubs.csls_correct(queries, [0, 1, 2, 3], gallery, [0, 1, 2, 3, 9], neighbors=2)
    np.testing.assert_array_equal(correct, 1)


def test_ties_count_their_share_and_lone_labels_not_at_all():
    result = hubs.csls_correct([[0.0]], [7], [[1.0], [1.0], [9.0]], [7, 3, 3], neighbors=1)
    np.testing.assert_allclose(result, [0.5])
    result = hubs.csls_correct([[0.0], [1.0], [2.0]], [0, 1, 1], neighbors=1)
    np.testing.assert_array_equal(np.isnan(result), [True, False, False])


def test_what_cannot_be_counted_is_refused(works):
    queries, gallery = works
    with pytest.raises(ValueError, match="neighbors must be 1 to 39"):
        hubs.hubness(queries, neighbors=40)
    with pytest.raises(ValueError, match="prune both alike"):
        hubs.hubness(queries, gallery[:, :3])
    with pytest.raises(ValueError, match="at least 10 queries"):
        hubs.csls_correct(queries[:5], np.zeros(5, int), gallery, np.zeros(60, int))
    with pytest.raises(ValueError, match="belong together"):
        hubs.csls_correct(queries, np.zeros(40, int), None, np.zeros(60, int))
