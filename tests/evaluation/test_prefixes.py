"""Prefix accuracy against brute force and scikit-learn; the choice rule by hand."""

import numpy as np
import pytest
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.evaluation import prefixes


@pytest.fixture
def space():
    generator = np.random.default_rng(0)
    styles = generator.normal(size=(5, 6))
    labels = np.arange(60) % 5
    codes = (styles[labels] + generator.normal(size=(60, 6))).astype(np.float32)
    return codes, labels, styles


def test_the_nearest_presumed_style_is_that_of_scikit_learn_at_every_prefix(space):
    codes, labels, styles = space
    result = prefixes.presumed_style_accuracy(codes, labels, styles)
    assert result.correct.shape == (60, 6)
    for d in range(1, 7):
        nearest = KNeighborsClassifier(1).fit(styles[:, :d], np.arange(5))
        np.testing.assert_array_equal(result.predicted[:, d - 1], nearest.predict(codes[:, :d]))
        assert result.accuracy[d - 1] == nearest.score(codes[:, :d], labels)


def test_some_lengths_give_the_same_as_all(space):
    codes, labels, styles = space
    every = prefixes.presumed_style_accuracy(codes, labels, styles)
    some = prefixes.presumed_style_accuracy(codes, labels, styles, lengths=[2, 5])
    np.testing.assert_array_equal(some.predicted, every.predicted[:, [1, 4]])
    np.testing.assert_array_equal(some.lengths, [2, 5])


def test_chunks_change_nothing(space, monkeypatch):
    codes, labels, styles = space
    whole = prefixes.presumed_style_accuracy(codes, labels, styles).predicted
    monkeypatch.setattr(prefixes, "_CHUNK_ELEMENTS", 17)
    chunked = prefixes.presumed_style_accuracy(codes, labels, styles).predicted
    np.testing.assert_array_equal(whole, chunked)


def test_learned_scales_change_no_nearest_style(space):
    codes, labels, styles = space
    scales = np.array([0.1, 3.0, 1.0, 2.0, 0.5, 9.0])
    scaled = [
        np.argmin(
            scales[d - 1] * np.linalg.norm(codes[:, None, :d] - styles[None, :, :d], axis=-1),
            axis=1,
        )
        for d in range(1, 7)
    ]
    result = prefixes.presumed_style_accuracy(codes, labels, styles)
    np.testing.assert_array_equal(result.predicted, np.stack(scaled, axis=1))


def test_of_equally_near_styles_the_first_is_taken():
    predicted = prefixes.nearest_styles([[0.0, 1.0]], [[1.0, 0.0], [-1.0, 1.0]])
    np.testing.assert_array_equal(predicted, [[0, 1]])


def test_a_collapsed_code_scores_chance():
    result = prefixes.presumed_style_accuracy(
        np.zeros((12, 2)), np.arange(12) % 4, np.zeros((4, 2))
    )
    np.testing.assert_allclose(result.accuracy, 0.25)


def test_accuracy_its_error_and_its_interval_by_hand():
    result = prefixes.PrefixAccuracy(
        np.array([3]), np.array([0, 0, 1, 1]), np.array([[0], [0], [1], [0]])
    )
    np.testing.assert_allclose(result.accuracy, [0.75])
    np.testing.assert_allclose(result.standard_error(by_artist=False), np.sqrt(3 / 16 / 3))
    # Artist means 1 and 1/2: standard deviation of the two over sqrt(2).
    np.testing.assert_allclose(result.standard_error(), [0.25])
    low, high = result.interval()
    assert low < 0.75 < high


def test_the_classifier_with_zeroed_suffix_is_that_of_scikit_learn(space):
    codes, labels, _ = space
    for d in (2, 6):
        model = LogisticRegression().fit(codes * (np.arange(6) < d), labels)
        result = prefixes.classifier_accuracy(
            codes, labels, model.coef_.T, model.intercept_, lengths=[d]
        )
        masked = codes * (np.arange(6) < d)
        np.testing.assert_array_equal(result.predicted[:, 0], model.predict(masked))


def test_predictions_are_the_largest_logits_of_each_prefix(space):
    codes, labels, _ = space
    generator = np.random.default_rng(1)
    kernel, bias = generator.normal(size=(6, 5)), generator.normal(size=5)
    logits = np.stack([codes[:, :d] @ kernel[:d] + bias for d in (1, 3, 6)], axis=1)
    computed = prefixes.classifier_accuracy(codes, labels, kernel, bias, lengths=[1, 3, 6])
    np.testing.assert_array_equal(computed.predicted, logits.argmax(axis=2))
    np.testing.assert_array_equal(computed.lengths, [1, 3, 6])


def test_wrong_shapes_are_named(space):
    codes, labels, styles = space
    with pytest.raises(ValueError, match="as many dimensions"):
        prefixes.presumed_style_accuracy(codes, labels, styles[:, :4])
    with pytest.raises(ValueError, match="one per work"):
        prefixes.presumed_style_accuracy(codes, labels[:-1], styles)
    with pytest.raises(ValueError, match=r"\[0, 3\)"):
        prefixes.presumed_style_accuracy(codes, labels, styles[:3])
    with pytest.raises(ValueError, match="integers"):
        prefixes.presumed_style_accuracy(codes, labels * 1.0, styles)
    with pytest.raises(ValueError, match="at most 6"):
        prefixes.nearest_styles(codes, styles, [2, 7])
    with pytest.raises(ValueError, match="finite"):
        prefixes.nearest_styles(codes * np.nan, styles)
    with pytest.raises(ValueError, match="one per artist"):
        prefixes.classifier_accuracy(codes, labels, styles.T, [0.0])


def test_a_shortfall_that_does_not_matter_is_taken_for_fewer_dimensions():
    works = np.arange(8)[:, None] / 10  # hard and easy ones, alike for every prefix
    scores = works + np.array([0.40, 0.80, 0.84, 0.86, 0.85])
    chosen = [
        prefixes.choose_nearly_best(scores, tolerance=tolerance).length
        for tolerance in (0, 0.019, 0.021, 0.061, 0.5)
    ]
    assert chosen == [4, 4, 3, 2, 1]


def test_a_paired_standard_error_above_the_tolerance_is_taken_instead():
    # Shortfalls of 0 and .1 in turn: mean .05, standard error .1 / 2 / sqrt(n - 1).
    first = np.ones(12)
    for works, chosen in ((2, 1), (12, 2)):
        scores = np.stack([first - np.tile([0, 0.1], 6), first], axis=1)[:works]
        choice = prefixes.choose_nearly_best(scores, tolerance=0.01)
        assert choice.length == chosen
        np.testing.assert_allclose(choice.shortfall, [0.05, 0], atol=1e-12)
        expected = stats.sem(scores[:, 1] - scores[:, 0])
        np.testing.assert_allclose(choice.standard_error, [expected, 0], atol=1e-12)


def test_shortfalls_of_one_artist_are_one_doubt():
    """One loses, one gains: by works that is sure, by artists it is two draws of a coin."""
    scores = np.ones((40, 2))
    scores[:20, 0] -= 0.2
    scores[20:, 0] += 0.05
    artists = np.repeat([0, 1], 20)
    assert prefixes.choose_nearly_best(scores, tolerance=0.01).length == 2
    assert prefixes.choose_nearly_best(scores, artists, tolerance=0.01).length == 1


def test_a_prefix_that_differs_by_chance_does_not_lengthen_the_code():
    """On a plateau single works decide which prefix is best, and their number must not matter."""
    generator = np.random.default_rng(0)
    works = generator.uniform(size=(200, 1))
    plateau = works + generator.normal(0, 0.005, size=(200, 12))
    scores = np.concatenate([works - 0.2, plateau], axis=1)
    drawn = [scores[generator.integers(200, size=200)] for _ in range(50)]
    assert {prefixes.choose_nearly_best(each, tolerance=0.005).length for each in drawn} == {2}


def test_the_choice_is_a_length_and_not_a_position():
    scores = np.tile([0.1, 0.9, 0.9], (4, 1))
    chosen = prefixes.choose_nearly_best(scores, tolerance=0.01, lengths=[2, 8, 64]).length
    assert chosen == 8
    assert isinstance(chosen, int)


def test_scores_with_a_hole_or_without_a_length_are_an_error():
    with pytest.raises(ValueError, match="finite"):
        prefixes.choose_nearly_best([[0.1, np.nan], [0, 0]], tolerance=0)
    with pytest.raises(ValueError, match="one column per prefix length"):
        prefixes.choose_nearly_best([[0.1, 0.2], [0, 0]], tolerance=0, lengths=[1, 2, 3])
