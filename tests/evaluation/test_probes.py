import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LinearRegression

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.probes import PROBES, probe


def works(generator, count, apart):
    """Codes of three artists whose means are on a line, `apart` from each other."""
    labels = generator.integers(3, size=count)
    return generator.normal(size=(count, 4)) + apart * labels[:, None], labels


@pytest.mark.parametrize("name", PROBES)
def test_codes_that_tell_nothing_stay_about_the_null(name):
    generator = np.random.default_rng(0)
    excesses = []
    for seed in range(8):
        sets = works(generator, 150, 0), works(generator, 100, 0)
        found = probe(name, *sets, permutations=39, seed=seed)
        excesses.append(found.share - found.null)
    assert 1 / 3 < np.mean(found.shuffled) + 0.05 < 1 / 3 + 0.1
    assert np.mean(excesses) < 0
    assert sum(excess > 0 for excess in excesses) <= stats.binom.ppf(0.999, 8, 0.05)


@pytest.mark.parametrize("name", PROBES)
def test_codes_that_tell_the_artist_are_found_out(name):
    generator = np.random.default_rng(1)
    found = probe(name, works(generator, 300, 2), works(generator, 200, 2), permutations=39)
    # The best rule goes by the mean of the four dimensions, with a deviation of 1/2.
    best = (2 * stats.norm.cdf(2) + (2 * stats.norm.cdf(2) - 1)) / 3
    assert found.share == pytest.approx(best, abs=0.06)
    assert found.share > found.null + 0.3
    low, high = found.interval()
    assert low < found.share < high


def test_two_labels_by_the_linear_probe_are_those_of_least_squares():
    generator = np.random.default_rng(2)
    labels = np.arange(60) % 2
    codes = generator.normal(size=(60, 3)) + 0.8 * labels[:, None]
    others = generator.normal(size=(40, 3))
    wanted = np.ones(40, int)
    line = LinearRegression().fit(codes, 2 * labels - 1)
    found = probe("linear", (codes, labels), (others, wanted), permutations=2)
    assert np.mean(found.hits != (line.predict(others) > 0)) <= 0.05  # but for the shrinkage


def test_a_ring_inside_a_ring_is_seen_by_neighbors_only():
    generator = np.random.default_rng(3)
    angles, labels = generator.uniform(0, 2 * np.pi, 400), np.arange(400) % 2
    codes = (1 + labels)[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    halves = (codes[:200], labels[:200]), (codes[200:], labels[200:])
    assert probe("nearest_neighbors", *halves, permutations=20).share > 0.98
    assert probe("linear", *halves, permutations=20).share < 0.65


def test_one_artist_alone_cannot_be_probed():
    codes = np.zeros((9, 2))
    with pytest.raises(TooFewError, match="2 artists"):
        probe("linear", (codes, np.zeros(9, int)), (codes, np.zeros(9, int)))
