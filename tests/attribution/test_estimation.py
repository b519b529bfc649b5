"""Tails and temperature, and that everything about spread comes from held-out works."""

import numpy as np
import pytest

from anime_style_tf import attribution
from anime_style_tf.evaluation.uncertainty import calibration


def _closed(answers):
    probabilities = answers.probabilities[:, :-1]
    return probabilities / probabilities.sum(axis=1, keepdims=True)


def test_probabilities_of_collapsed_heavy_tailed_codes_keep_their_word(worlds):
    """Training works next to their means, new ones far out: as trained networks give them."""
    world = worlds(10, seed=3, spread=2.0)
    generator = np.random.default_rng(0)

    def new_works(each, seed):
        codes, labels = world.works(each, seed=seed)
        stretch = np.sqrt(3 / generator.chisquare(3, size=len(codes)))[:, None]
        return world.means[labels] + stretch * (codes - world.means[labels]), labels

    training, labels = world.works(50, seed=1)
    training = world.means[labels] + 0.05 * (training - world.means[labels])
    model = attribution.fit(
        [str(index) for index in range(10)], training, labels, *new_works(200, 2)
    )
    assert model.tail < 30
    codes, labels = new_works(400, 4)
    closed = _closed(model.attribute(codes))
    result = calibration.reliability(closed.max(axis=1), closed.argmax(axis=1) == labels)
    assert result.error < 0.04


def test_gaussian_works_ask_for_light_tails_and_no_temperature(known):
    assert known.tail > 20
    assert 0.7 < known.temperature < 1.4


def test_a_larger_unknown_share_makes_unknown_likelier(world, names):
    parts = (*world.works(30, seed=1, artists=range(8)), *world.works(30, seed=2, artists=range(8)))
    codes, _ = world.works(20, seed=5)
    shares = [
        attribution.fit(names, *parts, unknown_share=share).attribute(codes).probabilities[:, -1]
        for share in (0.0, 0.05, 0.4)
    ]
    assert np.all(shares[0] == 0)
    assert shares[1].mean() < shares[2].mean()


def test_without_calibration_works_there_are_no_p_values(world, names):
    parts = (*world.works(30, seed=1, artists=range(8)), *world.works(30, seed=2, artists=range(8)))
    answers = attribution.fit(names, *parts).attribute(world.means)
    assert answers.p_values is None
    with pytest.raises(ValueError, match="error rate"):
        answers.unknown()


def test_a_prefix_of_the_code_is_fitted_like_any_code(world, names):
    training, labels = world.works(30, seed=1, artists=range(8))
    held_out, held_out_labels = world.works(30, seed=2, artists=range(8))
    model = attribution.fit(names, training[:, :1], labels, held_out[:, :1], held_out_labels)
    assert model.mean_styles.shape == (8, 1)
    assert model.attribute(held_out[:, :1]).probabilities.shape == (240, 9)


def test_two_thousand_artists_are_fitted_and_asked_in_bounded_memory(worlds):
    world = worlds(2000, size=8, seed=5)
    model = attribution.fit(
        [str(index) for index in range(2000)], *world.works(3, seed=1), *world.works(2, seed=2)
    )
    codes, labels = world.works(1, seed=3)
    assert model.calibrate(codes, labels).attribute(codes[:50]).probabilities.shape == (50, 2001)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"names": ["a", "a"]}, "a name of its own"),
        ({"artists": [0, 0, 0, 0]}, "training work"),
        ({"artists": [0, 0, 1]}, "one per work"),
        ({"unknown_share": 1.0}, "unknown share"),
    ],
)
def test_parts_that_do_not_belong_together_are_refused(changes, match):
    codes = np.random.default_rng(0).normal(size=(4, 2))
    given = {"names": ["a", "b"], "artists": [0, 0, 1, 1], "unknown_share": 0.1} | changes
    with pytest.raises(ValueError, match=match):
        attribution.fit(
            given["names"], codes, np.array(given["artists"]), codes, np.array([0, 0, 1, 1]),
            unknown_share=given["unknown_share"],
        )  # fmt: skip
