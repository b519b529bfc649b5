"""Moves in units of the spread of one artist's works, by hand and by brute force."""

import numpy as np
import pytest

from anime_style_tf.evaluation.robustness import robustness

STYLES = [[0.0, 0.0], [10.0, 0.0]]
CODES = np.array([[-1.0, 0], [1.0, 0], [9.0, 0], [11.0, 0]])
LABELS = np.array([0, 0, 1, 1])


def test_moves_and_attributions_by_hand():
    changed = CODES + np.array([[0, 0], [0, 4.0], [-5.0, 0], [0, 0]])
    # Two works of one artist are 2 apart.
    result = robustness(CODES, changed, LABELS, STYLES)
    np.testing.assert_allclose(result.moves, [0, 2, 2.5, 0])
    assert result.median_move == 1
    np.testing.assert_array_equal(result.kept, [True, True, False, True])
    share, (low, high) = result.kept_share()
    assert share == 0.75
    assert 0 < low < 0.75 < high < 1  # Wilson's: one work more may always fail


def test_the_unit_is_the_distance_of_two_works_of_one_artist():
    generator = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 15)
    codes = generator.normal(size=(45, 4)) * (1 + labels[:, None])
    squares = []
    for artist in range(3):
        own = codes[labels == artist]
        squared = ((own[:, None] - own[None]) ** 2).sum(axis=-1)
        squares.append(squared.sum() / (15 * 14))
    result = robustness(codes, codes + np.array([3.0, 0, 4.0, 0]), labels, np.zeros((3, 4)))
    np.testing.assert_allclose(result.moves, 5 / np.sqrt(np.mean(squares)))


def test_taking_another_work_of_the_same_artist_is_a_move_of_about_1():
    generator = np.random.default_rng(1)
    labels = np.repeat(np.arange(5), 200)
    codes = generator.normal(size=(1000, 30)) + 5 * generator.normal(size=(5, 30))[labels]
    others = np.roll(codes.reshape(5, 200, 30), 1, axis=1).reshape(codes.shape)
    result = robustness(codes, others, labels, np.zeros((5, 30)))
    assert result.median_move == pytest.approx(1, abs=0.03)


def test_no_change_is_no_move():
    result = robustness(CODES, CODES, LABELS, STYLES)
    assert result.moves.tolist() == [0, 0, 0, 0]
    assert result.kept_share(LABELS)[0] == 1


def test_works_that_do_not_match_or_do_not_differ_are_refused():
    with pytest.raises(ValueError, match="encode the same works twice"):
        robustness(CODES, CODES[:3], LABELS, STYLES)
    with pytest.raises(ValueError, match="collapsed"):
        robustness(np.zeros((4, 2)) + LABELS[:, None], CODES, LABELS, STYLES)
