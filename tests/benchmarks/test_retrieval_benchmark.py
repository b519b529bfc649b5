"""Simulated worlds by their closed forms; the benchmark's command in the small."""

import json

import numpy as np
import pytest

from benchmarks.simulated_worlds import WORLDS, World, coverage, draw
from tests.benchmarks.commands import run

SMALL = {
    "effects": World(30, 60, 1.0, 1.0, chance=0.5),
    "right or wrong": World(40, 50, 0.6, 0.8, base=1.0),
}


@pytest.mark.parametrize("name", WORLDS)
def test_the_truth_is_the_mean_over_many_draws(name):
    world, generator = WORLDS[name], np.random.default_rng(0)
    means = [draw(world, generator)[0].mean() for _ in range(150)]
    error = np.std(means) / np.sqrt(len(means))
    assert abs(np.mean(means) - world.truth) < 4 * error


def test_works_have_an_artist_and_a_subject_and_some_are_missing():
    values, artists, subjects = draw(World(5, 30, 1, 1, chance=1), np.random.default_rng(1))
    assert len(values) == len(artists) == len(subjects)
    assert 90 < len(values) < 150
    assert len(set(zip(artists, subjects, strict=True))) == len(values)


@pytest.mark.parametrize("name", SMALL)
def test_an_interval_covers_the_truth_as_often_as_it_says(name):
    """A quick look, 150 draws: 95 -+ 3 standard errors. The benchmark makes 500 for each world."""
    shares = coverage(SMALL[name], 150, resamples=300)
    assert 0.89 < shares["by artist and subject"] < 1
    assert shares["works independent"] < 0.9


@pytest.mark.slow
def test_the_command_compares_scikit_learn_and_counts_coverage(tmp_path):
    output = tmp_path / "retrieval.json"
    flags = ["--works=3000", "--artists=60", "--repeats=1", "--simulations=2"]
    done = run("retrieval", *flags, f"--output={output}")

    content = json.loads(output.read_text())
    assert set(content["figures"]) == {"this package", "scikit-learn"}
    for row in content["figures"].values():
        assert row["difference"] < 1e-6
        assert 0 < row["peak_mib"] < 2000
    assert len(content["equality"]) == 3
    assert set(content["coverage"]) == set(WORLDS)
    assert "| scikit-learn |" in done.stdout
