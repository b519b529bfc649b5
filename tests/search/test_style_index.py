import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from anime_style_tf.errors import InputError
from anime_style_tf.search import BACKENDS, StyleIndex
from tests.search.ordered_codes import codes_of_artists

WORKS = 400


def index(backend="exact", codes=None):
    codes = codes_of_artists(WORKS, 16) if codes is None else codes
    names = [f"work {number:03}" for number in range(len(codes))]
    return StyleIndex(codes, names, [f"artist {n % 5}" for n in range(len(codes))], backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_neighbors_and_distances_are_those_of_scikit_learn(backend):
    made, queries = index(backend), codes_of_artists(30, 16, seed=1)
    reference = NearestNeighbors(algorithm="kd_tree").fit(made.codes.astype(float))
    distances, rows = reference.kneighbors(queries.astype(float), 9)
    found = made.nearest(queries, 9)
    np.testing.assert_array_equal(found.rows, rows)
    np.testing.assert_allclose(found.distances, distances, rtol=1e-9)


@pytest.mark.parametrize("backend", BACKENDS)
def test_of_equally_near_works_the_first_identity_comes_first(backend):
    codes = np.repeat(codes_of_artists(2, 4), 100, axis=0)
    generator = np.random.default_rng(0)
    names = [f"{number:03}" for number in generator.permutation(200)]
    made = StyleIndex(codes, names, ["one"] * 200, backend=backend)
    found = made.nearest(codes[0], 5)
    assert [names[row] for row in found.rows[0]] == sorted(names[:100])[:5]
    assert (found.distances == 0).all()


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_order_of_the_works_does_not_show(backend):
    made, queries = index(backend), codes_of_artists(10, 16, seed=1)
    order = np.random.default_rng(0).permutation(WORKS)
    other = StyleIndex(
        made.codes[order], made.identities[order], made.artists[order], backend=backend
    )
    names = [each.identities[each.nearest(queries, 6).rows] for each in (made, other)]
    np.testing.assert_array_equal(*names)
    distances = [each.nearest(queries, 6).distances for each in (made, other)]
    np.testing.assert_array_equal(*distances)


@pytest.mark.parametrize("backend", BACKENDS)
def test_added_works_are_found_and_removed_ones_are_not(backend):
    made = index(backend)
    code = np.full((1, 16), 9.0)
    more = made.add(code, ["new"], ["newcomer"])
    assert (len(made), len(more)) == (WORKS, WORKS + 1)
    assert more.identities[more.nearest(code, 1).rows[0, 0]] == "new"
    fewer = more.remove(["new", "work 000"])
    assert len(fewer) == WORKS - 1
    assert not {"new", "work 000"} & set(fewer.identities)
    assert fewer.nearest(code, 1).distances[0, 0] > 1
    with pytest.raises(ValueError, match="received new"):
        fewer.remove(["new"])


def test_the_cost_of_a_plain_scan_is_one_and_a_cascade_costs_less():
    codes, queries = codes_of_artists(20_000, 64), codes_of_artists(20, 64, seed=1)
    assert index("exact", codes).nearest(queries, 10).cost == 1
    assert index("cascaded", codes).nearest(queries, 10).cost < 0.5


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="one identity and one artist each"):
        StyleIndex(np.zeros((2, 3)), ["a"], ["x", "x"])
    with pytest.raises(ValueError, match="must be finite"):
        StyleIndex(np.full((1, 3), np.nan), ["a"], ["x"])
    with pytest.raises(ValueError, match="finite codes of 16 dimensions"):
        index().nearest(np.zeros(3), 1)
    with pytest.raises(ValueError, match="count 0"):
        index().nearest(np.zeros(16), 0)
    with pytest.raises(InputError, match="expected one of exact, cascaded, received 'hnsw'"):
        index("hnsw")
