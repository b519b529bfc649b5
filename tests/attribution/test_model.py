"""Attribution, enrolment, removal and "unknown" where the truth is known."""

import dataclasses

import numpy as np
import pytest
from scipy import stats

from anime_style_tf import attribution
from anime_style_tf.errors import InputError
from anime_style_tf.evaluation.uncertainty.calibration import separation


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


def familiar(model, codes):
    """Largest log density plus log odds of agreement, work by work and artist by artist."""
    densities = model.log_densities(codes)[:, :-1]
    means = model.population.posterior(model.means, model.counts)[0]
    found = []
    for row in densities:
        best = row.argmax()
        agreement = 0
        for density, mean in zip(row, means, strict=True):
            apart = np.sum((mean - means[best]) ** 2) / 4  # squared, half-way
            alike = (1 + apart / model.tail) ** (-(model.tail + len(mean)) / 2 / model.temperature)
            agreement += np.exp(density) / np.exp(row).sum() * alike
        agreement = min(agreement, 0.999)
        found.append(row[best] + np.log(agreement / (1 - agreement)))
    return np.array(found)


def test_a_p_value_is_the_share_of_calibration_works_that_are_no_more_familiar(known):
    codes = known.means[:4] + 0
    codes[2] += 50
    codes[3] = known.means[:2].mean(axis=0)
    found, calibration = familiar(known, codes), familiar(known, known.calibration_codes)
    expected = [(1 + np.sum(calibration <= value)) / (1 + len(calibration)) for value in found]
    np.testing.assert_allclose(known.attribute(codes).p_values, expected)
    assert expected[0] > 0.5
    assert expected[2] == 1 / (1 + len(calibration))


def test_a_work_between_two_artists_is_stranger_than_one_as_far_beyond_them(worlds, names):
    """And not where the two are one artist under two names."""
    world = worlds(8, seed=3)
    parts = [world.works(60, seed=seed) for seed in (1, 2)]
    model = attribution.fit(names, *parts[0], *parts[1])
    model = model.calibrate(*world.works(25, seed=3))
    first, second = model.means[:2]
    half = (second - first) / 2
    between, beyond = model.familiarity([first + half, first - half])
    assert between < beyond - 1

    own = first + 0.1 * half
    twins = dataclasses.replace(
        model,
        names=(*model.names, "twin"),
        means=np.concatenate([model.means, first[None]]),
        counts=np.append(model.counts, model.counts[0]),
        calibration_artists=np.where(
            np.arange(len(model.calibration_artists)) == 0, 8, model.calibration_artists
        ),
    )
    assert twins.attribute([own]).probabilities[:, :8].max() < 0.6
    assert twins.familiarity([own]) >= model.familiarity([own])


def test_an_enrolled_artist_makes_familiar_what_it_explains_best(known):
    own = known.means.mean(axis=0) + 3 * np.ones(known.means.shape[1])
    more = known.enroll("newcomer", [own] * 5)
    codes = np.stack([own, known.means[0], own + 30])
    densities = more.log_densities(codes)
    assert densities[0].argmax() == 8  # the newcomer
    assert densities[2].argmax() == 9  # an artist nobody has seen
    assert more.familiarity(codes).tolist() == [np.inf, *known.familiarity(codes[1:])]
    assert more.attribute(codes[:1]).p_values.tolist() == [1]
    np.testing.assert_array_equal(
        more.remove("newcomer").familiarity(codes), known.familiarity(codes)
    )


def test_names_are_unique_and_codes_of_one_size(known):
    with pytest.raises(InputError, match="known already"):
        known.enroll("artist 1", known.means)
    with pytest.raises(InputError, match="several"):
        known.remove("nobody")
    with pytest.raises(ValueError, match="same prefix"):
        known.attribute(np.zeros((2, 3)))
    with pytest.raises(ValueError, match="indices into the names"):
        known.calibrate(known.means, np.full(8, 8))


@pytest.mark.parametrize(
    ("artists", "size", "spread"), [(100, 8, 4.0), (10, 8, 20.0), (10, 8, 4.0), (300, 6, 4.0)]
)
def test_both_signs_together_tell_strangers_wherever_one_does(worlds, artists, size, spread):
    """In a crowd, where artists are far apart, and between: AUROC of works by artists not known."""
    world = worlds(artists + 50, size=size, spread=spread)
    known, unknown = range(artists), range(artists, artists + 50)
    each = max(5, 1000 // artists)
    model = attribution.fit(
        [f"artist {index}" for index in known],
        *world.works(30, seed=1, artists=known),
        *world.works(max(10, each), seed=2, artists=known),
    ).calibrate(*world.works(each, seed=3, artists=known))
    works = np.concatenate(
        [world.works(each, seed=4, artists=known)[0], world.works(20, seed=5, artists=unknown)[0]]
    )
    stranger = np.arange(len(works)) >= each * artists
    fit = model.log_densities(works)[:, :-1].max(axis=1)
    familiarity = model.familiarity(works)
    both, alone, odds = (
        separation(-signs, stranger) for signs in (familiarity, fit, familiarity - fit)
    )
    assert both > max(alone, odds) - 0.01
