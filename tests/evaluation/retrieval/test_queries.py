"""Means over queries against scikit-learn; what is searched, by hand."""

import numpy as np
import pytest
from sklearn import metrics

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.evaluation.retrieval import complete_ranking, hubness, ranking, voting
from anime_style_tf.evaluation.retrieval.queries import PerQuery, make_search


@pytest.fixture
def right():
    generator = np.random.default_rng(0)
    labels, taken = np.arange(40) % 3 * (np.arange(40) % 2), generator.integers(3, size=40)
    correct = (labels == taken).astype(float)[:, None]
    counted = np.ones(40, bool)
    return PerQuery(np.array([8]), labels, {"accuracy": correct}, counted), taken


def test_the_means_are_scikit_learns_accuracies(right):
    found, taken = right
    balanced = metrics.balanced_accuracy_score(found.labels, taken)
    np.testing.assert_allclose(found.mean("accuracy"), [np.mean(found.labels == taken)])
    np.testing.assert_allclose(found.balanced_mean("accuracy"), [balanced])


def test_queries_that_do_not_count_change_no_mean(right):
    found, _ = right
    values = {"accuracy": np.concatenate([found.values["accuracy"], [[1.0], [1.0]]])}
    more = PerQuery(
        found.lengths, np.append(found.labels, [7, 8]), values, np.append(found.counted, [0, 0]) > 0
    )
    for each in ("mean", "balanced_mean", "standard_error"):
        np.testing.assert_array_equal(
            getattr(more, each)("accuracy"), getattr(found, each)("accuracy")
        )


def test_without_any_query_that_counts_the_mean_is_undefined():
    none = PerQuery(np.array([1, 2]), np.array([3]), {"x": np.zeros((1, 2))}, np.array([False]))
    assert np.isnan(none.mean("x")).all()
    assert np.isnan(none.balanced_mean("x")).all()


def test_relevant_works_are_counted_without_the_query_itself():
    alone = make_search(np.eye(4), [0, 0, 0, 9])
    np.testing.assert_array_equal(alone.relevant, [2, 2, 2, 0])
    apart = make_search(np.eye(4), [0, 0, 5, 12], np.eye(4), [0, 9, 9, 5])
    np.testing.assert_array_equal(apart.relevant, [1, 1, 1, 0])


def test_prefixes_are_put_in_order_and_those_beyond_the_code_left_out():
    search = make_search(np.eye(4), [0, 0, 1, 1])
    np.testing.assert_array_equal(search.lengths((None, 2, 8, 4)), [2, 4])


def test_codes_that_were_checked_are_searched_as_arrays_are():
    generator = np.random.default_rng(0)
    queries, gallery = generator.normal(size=(20, 3)), generator.normal(size=(30, 3))
    labels, gallery_labels = np.arange(20) % 4, np.arange(30) % 4
    checked = Codes(queries, labels), Codes(gallery, gallery_labels)
    for measure in (ranking.rank, voting.vote, complete_ranking.rank_completely):
        expected = measure(queries, labels, gallery, gallery_labels)
        found = measure(checked[0], gallery=checked[1])
        for name, values in expected.values.items():
            np.testing.assert_array_equal(found.values[name], values)
    np.testing.assert_array_equal(
        hubness.csls_correct(checked[0], gallery=checked[1]),
        hubness.csls_correct(queries, labels, gallery, gallery_labels),
    )
    with pytest.raises(ValueError, match="belong together"):
        make_search(checked[0], None, gallery)
