"""Doubt on codes whose artists lie apart as far as one likes."""

import numpy as np
import pytest

from benchmarks.collection_doubt import answers, summary


@pytest.fixture
def world():
    """Four artists, a fifth that nobody knows, and codes `[works, 3]` about their corners."""
    rng = np.random.default_rng(0)
    artists = np.repeat([0, 1, 2, 3, -1], 60)
    corners = np.array([[0, 0, 0], [9, 0, 0], [0, 9, 0], [9, 9, 0], [4, 4, 9]])
    codes = corners[artists] + rng.normal(size=(300, 3))
    families = rng.integers(0, 40, 300).astype(str)
    known = rng.permutation(240)
    return codes, artists, families, np.sort(known[:80]), np.sort(known[80:])


def test_apart_artists_are_named_surely_and_rightly_and_a_stranger_is_seen(world):
    codes, artists, families, training, queries = world
    found = answers(lambda version, rows: codes[rows], training, queries, artists, families)
    assert 40 < len(found["right"]) < 120  # half of the queries, by family
    assert found["right"].all()
    assert found["confidence"].min() > 0.9
    assert found["separation"] > 0.95
    row = summary([found, found])
    assert row["calibration_error"]["value"] < 0.05
    assert row["auroc_of_unknown"]["value"] == found["separation"]


def test_without_a_stranger_there_is_no_separation_and_of_long_codes_nothing(world):
    codes, artists, families, training, queries = world
    known = np.where(artists < 0, 3, artists)
    found = answers(lambda version, rows: codes[rows], training, queries, known, families)
    assert set(summary([found])) == {"calibration_error"}
    long = np.zeros((300, 65))
    assert answers(lambda version, rows: long[rows], training, queries, artists, families) is None
    assert summary([None, found]) == {}
