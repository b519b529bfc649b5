"""The bounds on float32's rounding hold, are of use, and pairs are sorted by row and distance."""

import numpy as np
import pytest

from anime_style_tf.search.proposals import Gallery, Proposals, argsort_pairs


@pytest.mark.parametrize(("scale", "offset"), [(1, 0), (1e-3, 5), (1e6, -1e8)])
def test_no_distance_is_farther_off_than_the_bound(scale, offset):
    generator = np.random.default_rng(0)
    gallery = offset + scale * generator.normal(size=(300, 20))
    gallery[:30] = offset + 1e-4 * scale * generator.normal(size=(30, 20))  # much nearer together
    proposals = Proposals(None, Gallery(gallery))
    queries = np.arange(300)
    row, work, found = proposals.of(queries, np.full(300, 299))
    assert len(row) == 300 * 299
    exact = proposals.exact(queries, row, work)
    pair = exact[0] / np.sum((gallery[row[0]] - gallery[work[0]]) ** 2)  # both in its own unit
    np.testing.assert_allclose(exact, pair * np.sum((gallery[row] - gallery[work]) ** 2, axis=1))
    off = np.abs(found.astype(np.float64) - exact)
    assert np.all(off <= proposals.error(queries[row], found))
    of_query = proposals.error_of(queries, row, work)[row]
    assert np.all(off <= of_query)
    assert np.median(of_query / exact) < 1e-4


def test_a_query_without_proposals_has_a_bound_too():
    codes = np.eye(3)
    bounds = Proposals(None, Gallery(codes)).error_of(
        np.arange(3), np.array([1, 1]), np.array([0, 2])
    )
    assert bounds.shape == (3,)
    assert np.all(bounds > 0)


def test_pairs_are_sorted_by_row_then_distance_and_below_zero_counts_as_zero():
    generator = np.random.default_rng(0)
    row = generator.integers(0, 50, 2000)
    squared = generator.normal(size=2000).astype(np.float32)
    squared[:5] = -0.0
    order = argsort_pairs(row, squared)
    assert sorted(order) == list(range(2000))
    clipped = np.maximum(squared, 0)
    expected = np.lexsort((clipped, row))
    np.testing.assert_array_equal(row[order], row[expected])
    np.testing.assert_array_equal(clipped[order], clipped[expected])
