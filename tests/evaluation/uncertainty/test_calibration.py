"""Calibration measures against scikit-learn, hand arithmetic and simulation."""

import numpy as np
import pytest
from sklearn import metrics
from sklearn.calibration import calibration_curve

from anime_style_tf.evaluation.uncertainty import calibration


def _answers(works=4000, *, seed=0, sharpen=1.0):
    """Works whose answers are right with a known chance, and a confidence that may exaggerate."""
    generator = np.random.default_rng(seed)
    chance = generator.uniform(0.2, 0.99, works)
    correct = generator.random(works) < chance
    odds = sharpen * np.log(chance / (1 - chance))
    return 1 / (1 + np.exp(-odds)), correct


def test_reliability_is_scikit_learns_with_quantile_bins():
    confidence, correct = _answers(3000)
    ours = calibration.reliability(confidence, correct, bins=10)
    accuracy, stated = calibration_curve(correct, confidence, n_bins=10, strategy="quantile")
    np.testing.assert_allclose(ours.accuracy, accuracy, atol=1e-12)
    np.testing.assert_allclose(ours.confidence, stated, atol=1e-12)
    assert ours.counts.tolist() == [300] * 10


def test_the_calibration_error_by_hand():
    # Two bins: stated .55 and right 1/2 of the time; stated .9 and right 2/2.
    result = calibration.reliability(
        [0.9, 0.5, 0.9, 0.6], np.array([True, True, True, False]), bins=2
    )
    np.testing.assert_allclose(result.error, 0.5 * 0.05 + 0.5 * 0.1)
    low, high = result.interval()
    assert low[0] < 0.5 < high[0]
    assert high[1] == 1


def test_equal_confidences_do_not_depend_on_the_order_of_the_works():
    correct = np.arange(1000) < 500
    result = calibration.reliability(np.full(1000, 0.5), correct, bins=5)
    # In the given order, two bins would be all right and two all wrong: an error of .4.
    assert result.error < 0.08


def test_bins_are_never_more_than_works():
    result = calibration.reliability([0.2, 0.7], np.array([False, True]), bins=15)
    assert result.counts.tolist() == [1, 1]


def test_honest_probabilities_have_the_error_that_chance_leaves_and_exaggerated_ones_more():
    honest, correct = _answers()
    mean, high = calibration.error_if_calibrated(honest, draws=300)
    assert 0 < mean < high < 0.04
    assert calibration.reliability(honest, correct).error < high
    bold, correct = _answers(sharpen=3.0)
    assert calibration.reliability(bold, correct).error > 3 * high


def test_the_error_if_calibrated_covers_nineteen_of_twenty_calibrated_sets():
    inside = 0
    for seed in range(100):
        confidence, correct = _answers(300, seed=seed)
        high = calibration.error_if_calibrated(confidence, bins=10, draws=200, seed=seed)[1]
        inside += calibration.reliability(confidence, correct, bins=10).error <= high
    # 95 expected, standard deviation 2.2.
    assert 88 <= inside <= 100


def test_the_brier_score_is_scikit_learns():
    generator = np.random.default_rng(1)
    probabilities = generator.dirichlet(np.ones(4), size=200)
    labels = generator.integers(4, size=200)
    theirs = metrics.brier_score_loss(
        labels, probabilities, labels=[0, 1, 2, 3], scale_by_half=False
    )
    np.testing.assert_allclose(calibration.brier_score(probabilities, labels).mean(), theirs)


def test_the_brier_score_is_zero_if_sure_and_right_and_two_if_sure_and_wrong():
    np.testing.assert_allclose(calibration.brier_score(np.eye(3), [0, 2, 2]), [0, 2, 0])


def test_risk_and_coverage_by_hand():
    correct = np.array([False, True, True, False])
    result = calibration.risk_coverage([0.1, 0.9, 0.4, 0.5], correct)
    np.testing.assert_allclose(result.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(result.risk, [0, 1 / 2, 1 / 3, 2 / 4])
    np.testing.assert_allclose(result.area, (0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)
    np.testing.assert_allclose(result.least_area, (0 + 0 + 1 / 3 + 1 / 2) / 4)


def test_equally_sure_works_count_by_the_mean_over_their_orders():
    generator = np.random.default_rng(2)
    confidence = generator.integers(3, size=12) / 2
    correct = generator.random(12) < 0.6
    orders = [generator.permutation(12) for _ in range(4000)]
    risks = []
    for order in orders:
        sorted_rows = order[np.argsort(-confidence[order], kind="stable")]
        risks.append(np.cumsum(~correct[sorted_rows]) / np.arange(1, 13))
    expected = np.mean(risks, axis=0)
    result = calibration.risk_coverage(confidence, correct)
    np.testing.assert_allclose(result.risk, expected, atol=0.03)


def test_a_useless_confidence_has_the_same_risk_at_every_coverage():
    correct = np.arange(10) < 8
    result = calibration.risk_coverage(np.zeros(10), correct)
    np.testing.assert_allclose(result.risk, 0.2)
    np.testing.assert_allclose(result.area, 0.2)


@pytest.mark.parametrize("levels", [5, 10**6])
def test_separation_is_scikit_learns_auroc_ties_included(levels):
    generator = np.random.default_rng(3)
    positive = generator.random(300) < 0.3
    scores = np.round((generator.normal(size=300) + positive) * levels) / levels
    np.testing.assert_allclose(
        calibration.separation(scores, positive), metrics.roc_auc_score(positive, scores)
    )


def test_separation_of_one_kind_of_works_is_undefined():
    assert np.isnan(calibration.separation([1.0, 2.0], np.array([True, True])))


@pytest.mark.parametrize("measure", [calibration.risk_coverage, calibration.separation])
def test_scores_and_flags_must_belong_together(measure):
    with pytest.raises(ValueError, match="same works"):
        measure([0.1, 0.2], np.array([True]))
    with pytest.raises(ValueError, match="true or false"):
        measure([0.1, 0.2], [1, 0])


def test_scores_are_no_probabilities():
    with pytest.raises(ValueError, match="probabilities in"):
        calibration.reliability([0.3, 1.7], np.array([True, False]))
    with pytest.raises(ValueError, match="sum to 1"):
        calibration.brier_score([[0.3, 0.3]], [0])


@pytest.mark.parametrize("sharpened", [1.0, 0.6])
def test_the_interval_of_the_calibration_error_holds_it_at_least_as_often_as_it_says(sharpened):
    generator = np.random.default_rng(0)
    logits = generator.normal(2.5, 1.5, size=(100, 210))
    confidence = 1 / (1 + np.exp(-logits))
    rightly = 1 / (1 + np.exp(-sharpened * logits))
    truth = np.mean(np.abs(rightly - confidence))
    held = 0
    for stated, chance in zip(confidence, rightly, strict=True):
        low, high = calibration.error_interval(stated, generator.random(210) < chance)
        held += low <= truth <= high
    assert held >= 91  # two standard errors below 95
