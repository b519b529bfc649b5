"""Computing each distance once proposes what the search without a guess proposes."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from anime_style_tf.evaluation.retrieval import ranking
from anime_style_tf.search import mutual, nearest
from anime_style_tf.search.proposals import Gallery, Proposals

GENERATOR = np.random.default_rng(0)
LABELS = GENERATOR.integers(40, size=700)
CODES = {
    "normal": GENERATOR.normal(size=(700, 12)) + LABELS[:, None] * 0.1,
    "few whole numbers": GENERATOR.integers(3, size=(700, 3)).astype(float),
    "copies": np.repeat(GENERATOR.normal(size=(100, 12)), 7, axis=0),
    "collapsed": np.ones((700, 12)),
}


@pytest.fixture
def small(monkeypatch):
    """Tiles that 700 works fill, some of them in part."""
    monkeypatch.setattr(mutual, "_SAMPLE", 100)
    monkeypatch.setattr(mutual, "_CHUNK", 150)
    monkeypatch.setattr(mutual, "_TILE_ROWS", 64)


@pytest.mark.parametrize("name", CODES)
def test_rankings_are_the_same_with_and_without_it(name, monkeypatch, small):
    shared = ranking.rank(CODES[name], LABELS, prefixes=(2, None))
    monkeypatch.setattr(mutual, "_SAMPLE", 1000)  # too few works: it leaves them all
    alone = ranking.rank(CODES[name], LABELS, prefixes=(2, None))
    for measure, values in alone.values.items():
        np.testing.assert_array_equal(shared.values[measure], values)


@pytest.mark.parametrize("count", [1, 6, np.arange(700) % 30])
def test_every_work_is_either_proposed_for_completely_or_left(count, small):
    codes = CODES["normal"]
    count = np.broadcast_to(count, 700)
    proposals = Proposals(None, Gallery(codes))
    with ThreadPoolExecutor(2) as pool:
        blocks, left = mutual.propose(proposals, count, pool)
    assert len(left) < 200
    assert sorted(np.concatenate([left, *(block[0] for block in blocks)])) == list(range(700))
    for queries, row, work, _ in blocks:
        assert np.all(np.diff(row) >= 0)
        of_all = proposals.exact(queries, *np.divmod(np.arange(700 * len(queries)), 700))
        for place, query in enumerate(queries):
            near = np.argsort(of_all[place * 700 : place * 700 + 700])
            wanted = near[near != query][: count[query]]
            assert set(wanted) <= set(work[row == place])
            assert query not in work[row == place]


def test_what_the_guess_was_too_near_for_is_left_and_found_all_the_same(monkeypatch, small):
    codes = CODES["normal"]
    expected = ranking.rank(codes, LABELS).values

    def too_near(proposals, queries, count, sample):
        return np.where(queries % 3 == 0, 1e-9, 1e9).astype(np.float32)

    monkeypatch.setattr(mutual, "_guess", too_near)
    with ThreadPoolExecutor(2) as pool:
        left = mutual.propose(Proposals(None, Gallery(codes)), np.full(700, 5), pool)[1]
    np.testing.assert_array_equal(np.sort(left), np.arange(0, 700, 3))
    found = ranking.rank(codes, LABELS).values
    for measure, values in expected.items():
        np.testing.assert_array_equal(found[measure], values)


def test_too_many_pairs_are_left_to_the_search_that_holds_few(monkeypatch, small):
    monkeypatch.setattr(mutual, "_MOST_PAIRS", 30 * 700)
    codes = CODES["collapsed"]
    with ThreadPoolExecutor(2) as pool:
        blocks, left = mutual.propose(Proposals(None, Gallery(codes)), np.full(700, 5), pool)
    assert (blocks, len(left)) == ([], 700)
    sizes = nearest.visit_nearest(codes, codes, 5, lambda near: len(near.row), leave_one_out=True)
    assert sum(sizes) == 700 * 699
