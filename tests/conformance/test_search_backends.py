"""What every search backend must do; a new one joins with its row in `BACKENDS`."""

import pickle

import numpy as np
import pytest

from anime_style_tf.search import BACKENDS, StyleIndex
from tests.search.ordered_codes import codes_of_artists

each_backend = pytest.mark.parametrize("backend", BACKENDS)
CODES = codes_of_artists(60, 6)
WHOLE = np.random.default_rng(3).integers(3, size=(60, 2)).astype(np.float32)
SETS = {
    "ordered codes": CODES,
    "few whole numbers, so that most works are tied": WHOLE,
    "copies": np.repeat(CODES[:6], 10, axis=0),
    "all the same": np.ones((60, 3), np.float32),
    "far from the origin": CODES + 1000,
    "one dimension": CODES[:, :1],
    "one work far out": np.concatenate([CODES[1:], np.full((1, 6), 1e6, np.float32)]),
}


def make_index(codes, backend, names=None):
    names = shuffled_names(len(codes)) if names is None else names
    return StyleIndex(codes, names, [f"artist {n % 3}" for n in range(len(codes))], backend=backend)


def shuffled_names(works):
    """Names whose order is not that of the works."""
    return [f"work {n:03}" for n in np.random.default_rng(1).permutation(works)]


def nearest_by_loops(codes, names, query):
    """Rows and distances, nearest first and equals by name, in float64, one number at a time."""
    found = []
    for row in range(len(codes)):
        squared = 0.0
        for dimension in range(codes.shape[1]):
            squared += (float(codes[row, dimension]) - float(query[dimension])) ** 2
        found.append((squared, names[row], row))
    found.sort()
    return [row for *_, row in found], [squared**0.5 for squared, *_ in found]


@each_backend
@pytest.mark.parametrize("name", SETS)
@pytest.mark.parametrize("count", [1, 7, 60])
def test_neighbors_ties_and_distances_are_those_of_loops(backend, name, count):
    codes, names = SETS[name], shuffled_names(60)
    queries = np.concatenate([codes[:3], codes[5:8] + np.float32(0.25)])
    found = make_index(codes, backend).nearest(queries, count)
    for query, rows, distances in zip(queries, found.rows, found.distances, strict=True):
        expected_rows, expected = nearest_by_loops(codes, names, query)
        assert rows.tolist() == expected_rows[:count]
        np.testing.assert_allclose(distances, expected[:count], rtol=1e-12, atol=1e-12)


@each_backend
def test_a_query_beyond_all_works_finds_them_in_the_right_order(backend):
    codes = np.arange(12, dtype=np.float32)[:, None]
    for far in (1e4, 1e12, 1e19):
        rows = make_index(codes, backend, [str(n) for n in range(12)]).nearest([far], 12).rows
        expected, _ = nearest_by_loops(codes, [str(n) for n in range(12)], [np.float32(far)])
        assert rows[0].tolist() == expected


@each_backend
def test_one_query_and_the_same_in_a_batch_are_answered_alike(backend):
    made = make_index(CODES, backend)
    batch = made.nearest(CODES[:20], 5)
    for number in range(20):
        alone = made.nearest(CODES[number], 5)
        np.testing.assert_array_equal(alone.rows[0], batch.rows[number])
        np.testing.assert_array_equal(alone.distances[0], batch.distances[number])


@each_backend
def test_more_neighbors_than_works_are_all_works(backend):
    found = make_index(CODES, backend).nearest(CODES[:2], 1000)
    assert found.rows.shape == found.distances.shape == (2, 60)
    assert [sorted(rows) for rows in found.rows.tolist()] == [list(range(60))] * 2


@each_backend
def test_an_empty_index_answers_with_nothing_and_can_be_filled(backend):
    empty = StyleIndex(np.zeros((0, 6), np.float32), [], [], backend=backend)
    assert empty.nearest(CODES[:2], 3).rows.shape == (2, 0)
    filled = empty.add(CODES[:2], ["a", "b"], ["x", "x"])
    assert filled.nearest(CODES[1], 2).rows[0, 0] == 1


@each_backend
def test_no_query_is_answered_with_no_row(backend):
    assert make_index(CODES, backend).nearest(np.zeros((0, 6)), 3).rows.shape == (0, 3)


@each_backend
def test_works_added_and_removed_leave_the_index_that_was_made_of_the_others(backend):
    names = shuffled_names(60)
    whole = make_index(CODES, backend, names)
    artists = whole.artists
    grown = StyleIndex(CODES[:40], names[:40], artists[:40], backend=backend).add(
        CODES[40:], names[40:], artists[40:]
    )
    cut = whole.remove(names[40:])
    smaller = StyleIndex(CODES[:40], names[:40], artists[:40], backend=backend)
    for one, other in ((grown, whole), (cut, smaller)):
        expected = other.nearest(CODES[:9], 8)
        found = one.nearest(CODES[:9], 8)
        np.testing.assert_array_equal(found.rows, expected.rows)
        np.testing.assert_array_equal(found.distances, expected.distances)


@each_backend
def test_only_the_artists_asked_for_are_found(backend):
    made = make_index(CODES, backend)
    found = made.nearest(CODES[:5], 9, artists=["artist 1", "nobody"])
    assert set(made.artists[found.rows].ravel()) == {"artist 1"}
    _, names = np.unique(made.identities, return_inverse=True)
    for query, rows in zip(CODES[:5], found.rows, strict=True):
        order, _ = nearest_by_loops(CODES, names.tolist(), query)
        assert rows.tolist() == [row for row in order if row % 3 == 1][:9]


@each_backend
def test_an_index_comes_back_from_its_arrays_and_from_a_copy(backend, tmp_path):
    made = make_index(CODES, backend)
    np.savez(
        tmp_path / "index.npz",
        codes=made.codes,
        identities=made.identities.astype(str),
        artists=made.artists.astype(str),
    )
    with np.load(tmp_path / "index.npz", allow_pickle=False) as arrays:
        loaded = StyleIndex(**arrays, backend=backend)
    expected = made.nearest(CODES[:9], 8)
    for again in (loaded, pickle.loads(pickle.dumps(made))):
        found = again.nearest(CODES[:9], 8)
        np.testing.assert_array_equal(found.rows, expected.rows)
        np.testing.assert_array_equal(found.distances, expected.distances)


@each_backend
def test_what_was_spent_is_a_share_above_zero(backend):
    assert 0 < make_index(CODES, backend).nearest(CODES[:9], 3).cost < 10
