import numpy as np
import pytest
from scipy.spatial import distance

from anime_style_tf.search.scans import BACKENDS, PrefixScan
from tests.search.ordered_codes import codes_of_artists


def nearest_by_scipy(queries, codes, count):
    squared = distance.cdist(queries.astype(float), codes.astype(float), "sqeuclidean")
    return np.argsort(squared, axis=1)[:, :count]


@pytest.mark.parametrize("scan", BACKENDS.values())
@pytest.mark.parametrize("size", [1, 3, 64])
@pytest.mark.parametrize("count", [1, 7, 3000])
def test_the_nearest_works_are_among_the_candidates(scan, size, count):
    codes, queries = codes_of_artists(3000, size), codes_of_artists(20, size, seed=1)
    expected = nearest_by_scipy(queries, codes, count)
    proposals = list(scan(codes).candidates(queries, count))
    assert len(proposals) == len(queries)
    for (rows, _), nearest in zip(proposals, expected, strict=True):
        assert len(set(rows)) == len(rows) >= count
        assert set(nearest) <= set(rows)


@pytest.mark.parametrize("scan", BACKENDS.values())
def test_works_at_one_distance_are_proposed_together(scan):
    codes = codes_of_artists(500, 8)
    codes[::4] = codes[0]
    ((rows, _),) = scan(codes).candidates(codes[:1], 3)
    assert set(range(0, 500, 4)) <= set(rows)


@pytest.mark.parametrize("lengths", [(2, 8), (1, 2, 3, 8), (8,), (4, 8)])
def test_any_prefixes_lose_nothing(lengths):
    codes, queries = codes_of_artists(2000, 8), codes_of_artists(10, 8, seed=2)
    expected = nearest_by_scipy(queries, codes, 5)
    for (rows, _), nearest in zip(
        PrefixScan(codes, lengths).candidates(queries, 5), expected, strict=True
    ):
        assert set(nearest) <= set(rows)


def test_a_cascade_drops_most_works_on_their_first_dimensions():
    codes, queries = codes_of_artists(20_000, 64), codes_of_artists(20, 64, seed=1)
    whole = codes.size
    spent = np.array([cost for _, cost in PrefixScan(codes).candidates(queries, 10)])
    assert (spent >= whole / 8).all()
    assert spent.mean() < whole / 3
    plain = [cost for _, cost in PrefixScan(codes, (64,)).candidates(queries, 10)]
    assert min(plain) >= whole


def test_far_from_the_origin_rounding_still_drops_nothing():
    codes, queries = codes_of_artists(1000, 16) + 1000, codes_of_artists(10, 16, seed=1) + 1000
    expected = nearest_by_scipy(queries, codes, 5)
    for (rows, _), nearest in zip(PrefixScan(codes).candidates(queries, 5), expected, strict=True):
        assert set(nearest) <= set(rows)


@pytest.mark.parametrize("lengths", [(), (4,), (4, 4, 8), (0, 8), (4, 9)])
def test_lengths_that_do_not_increase_to_the_code_are_refused(lengths):
    with pytest.raises(ValueError, match="must increase from 1 or more to 8"):
        PrefixScan(codes_of_artists(10, 8), lengths)
