"""Verification against scikit-learn's area over all pairs, and its derivative by weights."""

import numpy as np
import pytest
from scipy.spatial import distance
from sklearn.metrics import roc_auc_score

from anime_style_tf.evaluation.retrieval import pair_verification
from anime_style_tf.search import distances

GENERATOR = np.random.default_rng(0)
LABELS = np.append(GENERATOR.integers(5, size=89), 77)  # the last is a lone one
CODES = {
    "all distances differ": GENERATOR.normal(size=(90, 6)) + LABELS[:, None] % 5 * 0.3,
    "many are equal": GENERATOR.integers(2, size=(90, 6)) + LABELS[:, None] // 3 * 1.0,
    "all are equal": np.ones((90, 6)),
}


def leave_one_out_area(codes, labels, weights=None):
    """All pairs both ways; a pair weighs as much as its two works, multiplied."""
    first, second = np.nonzero(~np.eye(len(codes), dtype=bool))
    away = distance.squareform(distance.pdist(codes, "sqeuclidean"))[first, second]
    weights = np.ones(len(codes)) if weights is None else weights
    return roc_auc_score(
        labels[first] == labels[second], -away, sample_weight=weights[first] * weights[second]
    )


@pytest.mark.parametrize("name", CODES)
def test_leave_one_out_is_scikit_learns_area(name):
    found = pair_verification.verification_auc(CODES[name], LABELS, prefixes=(2, 6))
    expected = [leave_one_out_area(CODES[name][:, :d], LABELS) for d in (2, 6)]
    np.testing.assert_allclose(found.area, expected, atol=1e-12)
    np.testing.assert_array_equal(found.resolution, 0)
    np.testing.assert_allclose(found.values.mean(axis=0), found.area, atol=1e-12)


def test_a_disjoint_gallery_is_scikit_learns_area():
    codes = CODES["all distances differ"]
    found = pair_verification.verification_auc(codes[:30], LABELS[:30], codes[30:], LABELS[30:])
    away = distance.cdist(codes[:30], codes[30:], "sqeuclidean")
    same = LABELS[:30, None] == LABELS[30:]
    np.testing.assert_allclose(found.area, [roc_auc_score(same.ravel(), -away.ravel())])


@pytest.mark.parametrize("name", CODES)
def test_places_of_equal_width_stay_within_their_resolution(name, monkeypatch):
    exact = pair_verification.verification_auc(CODES[name], LABELS, prefixes=(2, 6))
    monkeypatch.setattr(pair_verification, "_EXACT_PAIRS", 0)
    monkeypatch.setattr(distances, "_BLOCK_ELEMENTS", 500)
    found = pair_verification.verification_auc(CODES[name], LABELS, prefixes=(2, 6))
    np.testing.assert_allclose(found.area, exact.area, atol=1e-6)
    np.testing.assert_allclose(found.values, exact.values, atol=1e-4)
    monkeypatch.setattr(pair_verification, "_PLACES", 16)
    coarse = pair_verification.verification_auc(CODES[name], LABELS, prefixes=(2, 6))
    assert np.all(np.abs(coarse.area - exact.area) <= coarse.resolution + 1e-12)


@pytest.mark.parametrize("work", [0, 17, 89])
def test_a_value_is_the_derivative_by_the_weight_of_a_work(work):
    codes, step = CODES["all distances differ"], 1e-5
    areas = []
    for change in (-step, step):
        weights = np.ones(90)
        weights[work] += change
        areas.append(leave_one_out_area(codes, LABELS, weights))
    slope = (areas[1] - areas[0]) / (2 * step)
    found = pair_verification.verification_auc(codes, LABELS)
    np.testing.assert_allclose(found.values[work, 0] - found.area[0], 90 * slope, atol=1e-6)


def test_without_pairs_of_both_kinds_the_area_is_undefined():
    assert np.isnan(pair_verification.verification_auc(np.eye(3), [1, 1, 1]).area).all()
    assert np.isnan(pair_verification.verification_auc(np.eye(3), [1, 2, 3]).area).all()
