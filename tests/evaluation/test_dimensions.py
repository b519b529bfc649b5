"""What dimensions do, against SciPy, scikit-learn and planted truths."""

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from anime_style_tf.evaluation import dimensions


@pytest.fixture
def works():
    """Codes, properties and labels of artists with 2 to 30 works, with ties."""
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(6), [30, 20, 12, 9, 5, 2])
    codes = generator.normal(size=(6, 3))[labels] + generator.normal(size=(78, 3))
    properties = generator.integers(0, 5, (78, 2)) + labels[:, None] + codes[:, :1].round()
    return codes, properties.astype(float), labels


def test_rank_correlations_are_those_of_scipy_ties_included(works):
    codes, properties, _ = works
    found = dimensions.rank_correlations(codes, properties)
    for i in range(3):
        for j in range(2):
            expected = stats.spearmanr(codes[:, i], properties[:, j]).statistic
            assert found[i, j] == pytest.approx(expected)
    assert np.isnan(dimensions.rank_correlations(codes, np.ones((78, 1)))).all()


def test_correlations_within_artists_are_a_weighted_mean_of_scipys(works):
    codes, properties, labels = (each[:76] for each in works)
    codes[labels == 3, 1] = 7  # no rank there
    inside = dimensions.correlations_within(codes, properties, labels)
    own, weights = [], []
    for artist in (0, 1, 2, 4):
        rows = labels == artist
        own.append(stats.spearmanr(codes[rows, 1], properties[rows, 0]).statistic)
        weights.append(rows.sum() - 1)
    assert inside.mean()[1, 0] == pytest.approx(np.average(own, weights=weights))


def test_differences_between_artists_alone_are_no_correlation_within():
    labels = np.repeat(np.arange(40), 25)
    generator = np.random.default_rng(2)
    codes = 10.0 * labels[:, None] + generator.normal(size=(1000, 1))
    properties = 10.0 * labels[:, None] + generator.normal(size=(1000, 1))
    assert dimensions.rank_correlations(codes, properties)[0, 0] > 0.99
    assert abs(dimensions.correlations_within(codes, properties, labels).mean()[0, 0]) < 0.1


def test_p_values_are_those_of_dealing_the_works_of_each_artist_again(works):
    codes, properties, labels = works
    inside = dimensions.correlations_within(codes, properties, labels)
    generator = np.random.default_rng(3)
    dealt = []
    for _ in range(800):
        order = np.lexsort((generator.random(78), labels))  # labels are sorted
        dealt.append(dimensions.correlations_within(codes, properties[order], labels).mean())
    expected = np.mean(np.abs(dealt) >= np.abs(inside.mean()), axis=0)
    np.testing.assert_allclose(inside.p_values(), expected, atol=0.05)


def test_holms_adjustment_is_that_of_a_worked_example():
    # 4 x .005, 3 x .01, 2 x .03; the largest may not fall below the third.
    adjusted = dimensions.holm(np.array([[0.01, 0.04], [0.03, 0.005]]))
    np.testing.assert_allclose(adjusted, [[0.03, 0.06], [0.06, 0.02]])
    np.testing.assert_allclose(dimensions.holm([0.5, 0.6, 0.9]), 1)


def test_a_dimension_follows_what_goes_with_it_inside_artists_too():
    generator = np.random.default_rng(4)
    labels = np.repeat(np.arange(12), 40)
    artist = generator.normal(size=(12, 4))
    works = generator.normal(size=(480, 4))
    codes = (2 * artist[labels] + works)[:, :2]
    between_only = 2 * artist[labels, 0] + generator.normal(size=480)
    weaker = -(artist[labels, 2] + works[:, 0]) + generator.normal(size=480)
    properties = np.stack([codes[:, 0], between_only, weaker, works[:, 3]], axis=1)
    found = dimensions.followed_properties(codes, properties, labels, resamples=200)
    assert found.follows.tolist() == [[True, False, True, False], [False] * 4]
    assert found.strongest(0).tolist() == [0, 2, 1]  # what it follows before what it goes with
    assert found.overall[0, 1] > 0.5
    assert found.adjusted_p[0, 1] > 0.05
    assert found.within[0, 2] < 0
    low, high = found.overall_interval
    assert np.all((low <= found.overall) & (found.overall <= high))


def test_a_property_that_never_varies_is_not_followed(works):
    codes, properties, labels = works
    properties[:, 1] = 3
    found = dimensions.followed_properties(codes, properties, labels, resamples=20)
    assert not found.follows[:, 1].any()
    np.testing.assert_array_equal(found.adjusted_p[:, 1], 1)
    assert np.isnan(found.overall_interval[0][:, 1]).all()


def test_the_same_seed_gives_the_same_intervals(works):
    first, again = (
        dimensions.followed_properties(*works, resamples=50, seed=5).within_interval
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)


def test_a_linear_rule_is_predicted_for_artists_that_were_not_fitted_on():
    generator = np.random.default_rng(6)
    labels = np.repeat(np.arange(20), 15)
    properties = generator.normal(size=(20, 3))[labels] + generator.normal(size=(300, 3))
    codes = np.stack([properties @ (1, 2, -1), generator.normal(size=300)], axis=1)
    predicted = dimensions.predict_codes(codes, properties, labels)
    found = dimensions.determination(codes, predicted)
    assert found[0] > 0.99
    assert found[1] < 0.05
    np.testing.assert_allclose(found, r2_score(codes, predicted, multioutput="raw_values"))


def test_knowing_the_artist_does_not_help_with_others():
    """Were an artist on both sides, its own marks would give its style away."""
    generator = np.random.default_rng(7)
    labels = np.repeat(np.arange(20), 15)
    codes = generator.normal(size=(20, 1))[labels]
    marks = np.eye(20)[labels]
    assert dimensions.determination(codes, dimensions.predict_codes(codes, marks, labels))[0] < 0.05


def test_deviations_about_artists_have_no_mean(works):
    codes, _, labels = works
    deviations = dimensions.about_artists(codes, labels)
    for artist in range(6):
        rows = labels == artist
        np.testing.assert_allclose(deviations[rows], codes[rows] - codes[rows].mean(axis=0))


def test_works_that_cannot_correlate_are_an_error():
    with pytest.raises(ValueError, match="two works"):
        dimensions.correlations_within(np.eye(3), np.eye(3), np.arange(3))
