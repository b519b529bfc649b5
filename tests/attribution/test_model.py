"""Attribution, enrolment, removal and "unknown" where the truth is known."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.errors import InputError


def test_works_are_attributed_nearly_as_well_as_the_truth_allows(known, world):
    codes, labels = world.works(500, seed=10, artists=range(8))
    answers = known.attribute(codes)
    best = np.stack(
        [stats.multivariate_normal(m, world.within).logpdf(codes) for m in world.means[:8]], axis=1
    )
    possible = np.mean(best.argmax(axis=1) == labels)
    assert np.mean(answers.probabilities[:, :-1].argmax(axis=1) == labels) > possible - 0.02
    np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1)


def test_the_densities_are_students_up_to_one_constant(known, world):
    codes, _ = world.works(3, seed=11)
    found = known.log_densities(codes)
    mean, variance = known.population.posterior(known.means, known.counts)
    points = known.population.whiten(codes)
    constants = []
    for index in (0, 5, 8):
        center = mean[index] if index < 8 else np.zeros(4)
        spread = 1 + (variance[index] if index < 8 else known.population.between)
        density = stats.multivariate_t(center, np.diag(spread), df=known.tail).logpdf(points)
        constants.append(found[:, index] * known.temperature - density)
    np.testing.assert_allclose(constants, constants[0][0])


def test_an_enrolled_artist_is_found_at_once_and_surer_with_more_works(known, world):
    queries, _ = world.works(300, seed=12, artists=[9])
    shares = []
    for count in (1, 5, 50):
        enrolled = known.enroll("newcomer", world.works(count, seed=13, artists=[9])[0])
        answers = enrolled.attribute(queries)
        assert answers.names[-1] == "newcomer"
        shares.append(answers.probabilities[:, 8].mean())
    assert shares[0] < shares[2]
    assert shares[1] > 0.5
    assert known.names == tuple(f"artist {index}" for index in range(8))


def test_removing_an_enrolled_artist_gives_the_same_answers_as_before(known, world):
    codes, _ = world.works(20, seed=14)
    again = known.enroll("newcomer", codes[:3]).remove("newcomer")
    before, after = known.attribute(codes), again.attribute(codes)
    np.testing.assert_array_equal(before.probabilities, after.probabilities)
    np.testing.assert_array_equal(before.p_values, after.p_values)


def test_removing_a_known_artist_takes_its_calibration_works_and_renumbers_the_rest(known, world):
    less = known.remove("artist 2")
    assert "artist 2" not in less.names
    assert len(less.calibration_codes) == 7 * 25
    assert sorted(set(less.calibration_artists.tolist())) == list(range(7))
    codes, _ = world.works(50, seed=15, artists=[7])
    answers = less.attribute(codes)
    own = less.names.index("artist 7")
    assert np.mean(answers.probabilities.argmax(axis=1) == own) > 0.7


def test_the_styles_lie_between_the_works_and_the_mean_of_all_artists(known, world):
    works, _ = world.works(2, seed=16, artists=[10])
    enrolled = known.enroll("newcomer", works)
    style, doubt = enrolled.styles[0][-1], enrolled.styles[1][-1]
    whiten = enrolled.population.whiten
    np.testing.assert_array_less(np.abs(whiten(style)), np.abs(whiten(works.mean(axis=0))))
    assert np.all(doubt > 2 * enrolled.styles[1][0])
    np.testing.assert_allclose(enrolled.mean_styles[:8], known.means, atol=0.1)


def test_no_more_known_works_are_called_unknown_than_was_chosen(known, world):
    """Over 200 draws of the calibration works; the mean must not exceed the error rate."""
    codes, _ = world.works(250, seed=17, artists=range(8))
    calibration, artists = world.works(250, seed=18, artists=range(8))
    generator = np.random.default_rng(0)
    for rate in (0.05, 0.1, 0.3):
        called = []
        for _ in range(200):
            chosen = generator.choice(len(artists), 39, replace=False)
            test = generator.choice(len(codes), 50, replace=False)
            model = known.calibrate(calibration[chosen], artists[chosen])
            called.append(model.attribute(codes[test]).unknown(rate).mean())
        error = np.std(called) / np.sqrt(200)
        assert np.mean(called) < rate + 3 * error
        assert np.mean(called) > rate - 1 / 40 - 3 * error


def test_works_by_strangers_are_called_unknown_and_enrolling_never_makes_more_so(known, world):
    far = world.works(100, seed=19, artists=[8])[0] + 20
    assert known.attribute(far).unknown(0.05).all()
    assert np.mean(known.attribute(far).probabilities[:, -1]) > 0.9
    codes, _ = world.works(100, seed=20)
    more = known.enroll("newcomer", far[:5])
    assert not more.attribute(far[5:]).unknown(0.05).any()
    assert np.all(more.familiarity(codes) >= known.familiarity(codes))


def test_a_p_value_is_the_share_of_calibration_works_that_fit_their_best_artist_no_better(known):
    codes = known.means[:3] + [[0.0] * known.means.shape[1]] * 3
    codes[2] += 50
    best = known.log_densities(codes)[:, :-1].max(axis=1)
    calibration = known.log_densities(known.calibration_codes)[:, :-1].max(axis=1)
    expected = [(1 + np.sum(calibration <= value)) / (1 + len(calibration)) for value in best]
    np.testing.assert_allclose(known.attribute(codes).p_values, expected)
    assert expected[2] == 1 / (1 + len(calibration))


def test_an_enrolled_artist_makes_familiar_what_it_explains_best(known):
    own = known.means.mean(axis=0) + 3 * np.ones(known.means.shape[1])
    more = known.enroll("newcomer", [own] * 5)
    codes = np.stack([own, known.means[0], own + 30])
    densities = more.log_densities(codes)
    assert densities[0].argmax() == 8  # the newcomer
    assert densities[2].argmax() == 9  # an artist nobody has seen
    assert more.familiarity(codes).tolist() == [np.inf, *densities[1:, :8].max(axis=1)]
    assert more.attribute(codes[:1]).p_values.tolist() == [1]
    np.testing.assert_array_equal(
        more.remove("newcomer").familiarity(codes), known.familiarity(codes)
    )


def test_the_answers_are_ranked_with_none_for_unknown(known, world):
    code = known.means[:1]
    first, second = known.attribute(code).ranked(2)[0]
    assert first[0] == "artist 0"
    assert first[1] >= second[1]
    assert known.attribute(code + 100).ranked(1)[0][0][0] is None


def test_names_are_unique_and_codes_of_one_size(known):
    with pytest.raises(InputError, match="known already"):
        known.enroll("artist 1", known.means)
    with pytest.raises(InputError, match="several"):
        known.remove("nobody")
    with pytest.raises(ValueError, match="same prefix"):
        known.attribute(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="indices into the names"):
        known.calibrate(known.means, np.full(8, 8))
