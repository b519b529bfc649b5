"""Votes of neighbors against scikit-learn's classifier; ties by hand."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.evaluation.retrieval import voting


@pytest.mark.parametrize("k", [1, 5, 6])
@pytest.mark.parametrize("d", [2, 8])
def test_votes_are_those_of_scikit_learn(k, d):
    generator = np.random.default_rng(0)
    labels = generator.integers(4, size=200)
    codes = generator.normal(size=(4, 8))[labels] + generator.normal(size=(200, 8))
    model = KNeighborsClassifier(k).fit(codes[80:, :d], labels[80:])
    share = model.predict_proba(codes[:80, :d])
    leads = np.isclose(share, share.max(axis=1, keepdims=True))
    expected = leads[np.arange(80), labels[:80]] / leads.sum(axis=1)

    found = voting.vote(
        codes[:80], labels[:80], codes[80:], labels[80:], prefixes=(d,), neighbor_counts=(k, 9)
    )
    np.testing.assert_allclose(found.values[f"neighbor_accuracy_{k}"][:, 0], expected)
    if k == 1:
        balanced = metrics.balanced_accuracy_score(labels[:80], model.predict(codes[:80, :d]))
        np.testing.assert_allclose(found.balanced_mean("neighbor_accuracy_1"), [balanced])


def test_equally_near_works_share_the_votes_that_are_left():
    # k = 2: label 0 has the nearest work; three at distance 2 have a third of a vote each.
    found = voting.vote([[0.0]], [1], [[1], [2], [-2], [2]], [0, 1, 1, 1], neighbor_counts=(2, 3))
    np.testing.assert_allclose(found.mean("neighbor_accuracy_2"), [0.5])
    np.testing.assert_allclose(found.mean("neighbor_accuracy_3"), [1])


def test_labels_with_equally_many_votes_are_taken_with_the_same_probability():
    found = voting.vote([[0.0]], [2], [[1], [2], [3]], [0, 1, 2], neighbor_counts=(2, 3))
    np.testing.assert_allclose(found.mean("neighbor_accuracy_2"), [0])
    np.testing.assert_allclose(found.mean("neighbor_accuracy_3"), [1 / 3])


def test_a_query_does_not_vote_for_itself():
    found = voting.vote([[0.0], [1.0], [1.5], [9.0]], [0, 1, 1, 7], neighbor_counts=(1, 50))
    np.testing.assert_allclose(found.values["neighbor_accuracy_1"][:, 0], [0, 1, 1, 0])
    np.testing.assert_array_equal(found.counted, [False, True, True, False])


def test_nobody_voting_is_an_error():
    with pytest.raises(ValueError, match="how many works vote"):
        voting.vote([[0.0]], [0], neighbor_counts=(0,))
