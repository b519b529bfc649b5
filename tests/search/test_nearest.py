"""The nearest works against SciPy's direct distances, where float32 would go wrong."""

import numpy as np
import pytest
from scipy.spatial import distance

from anime_style_tf.search import nearest


def found(queries, gallery, count, leave_one_out=False):
    """Per query: set of (work, before, tied)."""
    result = {query: set() for query in range(len(queries))}

    def visit(block):
        assert np.all(np.diff(block.row) >= 0)
        pairs = zip(block.work.tolist(), block.before.tolist(), block.tied.tolist(), strict=True)
        for query, pair in zip(block.queries[block.row].tolist(), pairs, strict=True):
            result[query].add(pair)

    nearest.visit_nearest(queries, gallery, count, visit, leave_one_out=leave_one_out)
    return result


def expected(queries, gallery, count, leave_one_out=False):
    squared = distance.cdist(queries, gallery, "sqeuclidean")
    if leave_one_out:
        np.fill_diagonal(squared, np.inf)
    result = {}
    for query, row in enumerate(squared):
        ordered = np.sort(row)
        before = np.searchsorted(ordered, row)
        tied = np.searchsorted(ordered, row, side="right") - before
        wanted = before < np.broadcast_to(count, len(queries))[query]
        works = np.flatnonzero(wanted & np.isfinite(row))
        columns = (each[works].tolist() for each in (before, tied))
        result[query] = set(zip(works.tolist(), *columns, strict=True))
    return result


CODES = np.random.default_rng(0).normal(size=(400, 24))
AWAY = {
    "as they are": CODES,
    "far from the origin": CODES * 1e-3 + 1e4,
    "differences that float32 cannot hold": 1 + CODES * 1e-9,
    "very large": CODES * 1e150,
    "very small": CODES * 1e-200,
    "one far out": np.concatenate([CODES, [[1e9] * 24]]),
    "copies": np.repeat(CODES[:100], 4, axis=0),
    "few whole numbers": np.random.default_rng(1).integers(3, size=(300, 4)).astype(float),
    "two lengths of code": CODES * 10.0 ** -np.arange(24),
}


@pytest.mark.parametrize("name", AWAY)
@pytest.mark.parametrize("count", [1, 7, 150])
def test_order_and_ties_are_those_of_direct_distances(name, count):
    codes = AWAY[name]
    # SciPy would lose very small squares to underflow; a power of two changes no order.
    exact = codes * 2.0**700 if name == "very small" else codes
    assert found(codes[:80], codes, count) == expected(exact[:80], exact, count)
    assert found(codes, codes, count, True) == expected(exact, exact, count, True)


def test_float32_alone_would_have_taken_other_neighbors():
    codes = AWAY["far from the origin"].astype(np.float32)
    products = codes @ codes.T
    norms = np.diag(products)
    squared = norms[:, None] + norms - 2 * products
    np.fill_diagonal(squared, np.inf)
    nearest = distance.cdist(CODES, CODES) + np.diag(np.full(400, np.inf))
    assert np.mean(squared.argmin(axis=1) == nearest.argmin(axis=1)) < 0.5


def test_each_query_has_its_own_count():
    count = np.arange(80) % 5
    assert found(CODES[:80], CODES, count) == expected(CODES[:80], CODES, count)


def test_a_count_beyond_the_gallery_gives_all_of_it():
    assert found(CODES[:9], CODES[:9], 99, True) == expected(CODES[:9], CODES[:9], 8, True)


def test_a_work_alone_has_no_neighbor():
    assert found(CODES[:1], CODES[:1], 1, True) == {0: set()}


def test_of_n_tied_works_each_is_within_the_cutoff_with_probability_m_by_n():
    pairs = nearest.Neighbors(
        np.array([0]),
        np.zeros(4, int),
        np.arange(4),
        np.array([0, 1, 1, 1]),
        np.array([1, 3, 3, 3]),
    )
    np.testing.assert_allclose(pairs.within(2), [1, 1 / 3, 1 / 3, 1 / 3])
