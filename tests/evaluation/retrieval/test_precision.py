"""Retrieval against scikit-learn; ties and lone labels by hand."""

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.evaluation.retrieval import neighbors, precision


@pytest.fixture
def works():
    generator = np.random.default_rng(0)
    labels = np.arange(80) % 4
    return generator.normal(size=(4, 10))[labels] + 1.5 * generator.normal(size=(80, 10)), labels


def test_a_disjoint_gallery_gives_the_score_of_scikit_learn(works):
    codes, labels = works
    result = precision.precision_at_1(codes[:30], labels[:30], codes[30:], labels[30:])
    np.testing.assert_array_equal(result.lengths, [2, 4, 8, 10])
    for column, d in enumerate(result.lengths):
        model = KNeighborsClassifier(1).fit(codes[30:, :d], labels[30:])
        assert result.precision[column] == model.score(codes[:30, :d], labels[:30])


def test_leave_one_out_gives_the_score_of_scikit_learn(works):
    codes, labels = works
    right = [
        KNeighborsClassifier(1)
        .fit(np.delete(codes, i, axis=0), np.delete(labels, i))
        .score(codes[i : i + 1], labels[i : i + 1])
        for i in range(len(codes))
    ]
    result = precision.precision_at_1(codes, labels, prefixes=(None,))
    np.testing.assert_array_equal(result.correct[:, 0], right)


def test_chunks_change_nothing(works, monkeypatch):
    codes, labels = works
    whole = precision.precision_at_1(codes, labels).correct
    monkeypatch.setattr(neighbors, "_BLOCK_ELEMENTS", 700)
    np.testing.assert_array_equal(precision.precision_at_1(codes, labels).correct, whole)


def test_a_tie_counts_the_share_of_the_tied_that_are_right():
    gallery = [[1.0], [-1.0], [1.0], [5.0]]
    result = precision.precision_at_1([[0.0]], [7], gallery, [7, 3, 3, 7])
    np.testing.assert_allclose(result.correct, [[1 / 3]])


def test_copies_in_the_gallery_tie_exactly():
    code = np.random.default_rng(1).normal(size=(1, 512)) * 1e3
    result = precision.precision_at_1(
        code + 1e-7, [0], np.repeat(code, 2, axis=0), [0, 1], prefixes=(None,)
    )
    assert result.precision == [0.5]


def test_a_lone_label_is_left_out_of_the_mean():
    codes, labels = [[0.0], [1.0], [2.0], [9.0]], [0, 0, 1, 1]
    result = precision.precision_at_1(codes, labels)
    np.testing.assert_array_equal(result.correct[:, 0], [1, 0.5, 0, 1])
    lone = precision.precision_at_1(codes, [0, 0, 1, 2])
    np.testing.assert_array_equal(lone.counted, [True, True, False, False])
    np.testing.assert_allclose(lone.precision, [0.75])
    assert lone.standard_error(by_label=False).shape == (1,)


def test_a_query_whose_artist_is_not_in_the_gallery_is_left_out():
    result = precision.precision_at_1([[0.0], [1.0]], [0, 5], [[0.0], [1.0]], [0, 1])
    np.testing.assert_array_equal(result.counted, [True, False])
    np.testing.assert_allclose(result.precision, [1.0])


def test_with_nothing_to_find_precision_is_undefined():
    assert np.isnan(precision.precision_at_1([[0.0]], [0]).precision).all()


def test_prefixes_beyond_the_code_are_left_out():
    result = precision.precision_at_1(np.eye(3), [0, 0, 1])
    np.testing.assert_array_equal(result.lengths, [2, 3])


def test_half_a_gallery_is_an_error():
    with pytest.raises(ValueError, match="belong together"):
        precision.precision_at_1([[0.0]], [0], [[0.0]])
    with pytest.raises(ValueError, match="1 dimensions"):
        precision.precision_at_1([[0.0]], [0], [[0.0, 1.0]], [0])
