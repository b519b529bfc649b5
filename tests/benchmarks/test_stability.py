"""What one code tells of another, from least squares written out, and where the answer is known."""

import numpy as np
import pytest

from benchmarks.contenders.stability import order_stability

WORKS = 400
GROUPS = np.arange(WORKS) % 40


def code(scales, seed=0):
    return np.random.default_rng(seed).normal(size=(WORKS, len(scales))) * scales


def test_each_prefix_turned_by_itself_is_told_whole_and_random_directions_tell_less():
    codes = code([4, 3, 2, 1])
    turned = codes.copy()
    turned[:, :2] = codes[:, :2] @ [[0.6, -0.8], [0.8, 0.6]] + 5
    found = order_stability(codes, turned, GROUPS)
    np.testing.assert_array_equal(found.lengths, [1, 2, 3, 4])
    np.testing.assert_allclose(found.explained[1:], 1, atol=1e-9)
    # One dimension of a turned pair: corr^2 = (.6 * 4)^2 / ((.6 * 4)^2 + (.8 * 3)^2) = 1 / 2.
    assert found.explained[0] == pytest.approx(0.5, abs=0.05)
    assert np.all(found.random[:3] < found.explained[:3] - 0.05)
    assert found.random[3] == pytest.approx(1)


def test_the_reverse_order_tells_little_first_and_all_in_the_end():
    codes = code([4, 3, 2, 1])
    found = order_stability(codes, codes[:, ::-1], GROUPS)
    assert found.explained[0] < 0.02
    assert found.explained[3] == pytest.approx(1)
    assert found.random[0] > found.explained[0] + 0.1


def test_unrelated_codes_tell_nothing_of_works_of_other_groups():
    found = order_stability(code([1.0] * 8), code([1.0] * 8, seed=1), GROUPS, lengths=[1, 8])
    assert np.all(np.abs(found.explained) < 0.06)


def test_it_is_the_definition_with_works_predicted_from_other_groups():
    codes = code([3, 2, 1])
    others = codes @ np.random.default_rng(2).normal(size=(3, 3)) + code([2.0] * 3, seed=3)
    groups = np.repeat(np.arange(5), WORKS // 5)  # as many as folds: each fold is a group
    found = order_stability(codes, others, groups, lengths=[2])
    left = 0.0
    for group in range(5):
        inside = groups == group
        known = np.column_stack([others[~inside, :2], np.ones(np.sum(~inside))])
        slopes = np.linalg.lstsq(known, codes[~inside, :2], rcond=None)[0]
        asked = np.column_stack([others[inside, :2], np.ones(np.sum(inside))])
        left += np.sum((codes[inside, :2] - asked @ slopes) ** 2)
    whole = codes[:, :2].var(axis=0).sum() * WORKS
    assert found.explained[0] == pytest.approx(1 - left / whole)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"others": np.ones((3, 2))}, "of the same works; received 400, 3 and 400"),
        ({"groups": GROUPS[:7]}, "received 400, 400 and 7"),
        ({"codes": np.ones((WORKS, 2))}, "codes must vary"),
        ({"lengths": [3]}, "at most 2"),
    ],
)
def test_what_does_not_fit_is_refused(change, message):
    arguments = {"codes": code([2, 1]), "others": code([2, 1], 1), "groups": GROUPS} | change
    with pytest.raises(ValueError, match=message):
        order_stability(**arguments)
