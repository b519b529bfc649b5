"""The two-covariance model against closed forms and simulation."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.attribution import population


def _population(world):
    variances, axes = np.linalg.eigh(world.within)
    whitening = axes / np.sqrt(variances)
    between, turn = np.linalg.eigh(whitening.T @ world.between @ whitening)
    return population.StylePopulation(world.center, whitening @ turn, between)


def test_the_posterior_is_that_of_the_joint_gaussian(world):
    """Against conditioning the joint covariance of the mean style and K works."""
    works = 3
    codes, _ = world.works(works, seed=5, artists=[0])
    observed = np.tile(world.between, (works, works)) + np.kron(np.eye(works), world.within)
    gain = np.tile(world.between, (1, works)) @ np.linalg.inv(observed)
    mean = world.center + gain @ (codes - world.center).ravel()
    covariance = world.between - gain @ np.tile(world.between, (works, 1))
    model = _population(world)
    style, deviation = model.style(*model.posterior(codes.mean(axis=0)[None], [works]))
    np.testing.assert_allclose(style[0], mean)
    np.testing.assert_allclose(deviation[0] ** 2, np.diag(covariance))


def test_more_works_are_trusted_more_and_none_gives_the_population(world):
    model = _population(world)
    code = world.means[:1]
    away = []
    for count in (1, 5, 20, 10**6):
        style, deviation = model.style(*model.posterior(code, [count]))
        away.append(np.linalg.norm(model.whiten(style) - model.whiten(code)))
    assert away == sorted(away, reverse=True)
    np.testing.assert_allclose(style, code, atol=1e-4)
    style, deviation = model.style(*model.posterior(code, [0]))
    np.testing.assert_allclose(style[0], world.center)
    np.testing.assert_allclose(deviation[0] ** 2, np.diag(world.between))


def test_fitting_finds_the_spreads_that_made_the_works(worlds):
    world = worlds(3000, seed=4)
    codes, _ = world.works(5, seed=6)
    means = codes.reshape(3000, 5, -1).mean(axis=1)
    new, new_labels = world.works(5, seed=7)
    model = population.fit_population(means, np.full(3000, 5), new - world.means[new_labels])
    inverse = np.linalg.inv(model.basis)
    scale = np.abs(world.between).max()
    np.testing.assert_allclose(inverse.T @ inverse, world.within, atol=0.05)
    between = inverse.T @ np.diag(model.between) @ inverse
    # The means of five works alone would spread by a fifth of `within` more.
    np.testing.assert_allclose(between, world.between, atol=0.06 * scale)


def test_in_the_basis_works_have_unit_spread_and_artists_a_decreasing_one(known, world):
    model = known.population
    codes, labels = world.works(4000, seed=8, artists=range(8))
    spread = np.cov(model.whiten(codes) - model.whiten(world.means[labels]), rowvar=False)
    np.testing.assert_allclose(spread, np.eye(4), atol=0.25)
    assert np.all(np.diff(model.between) <= 0)


def test_shrinking_beats_the_sample_covariance_on_few_works_and_leaves_many_alone():
    generator = np.random.default_rng(0)
    truth = np.diag(np.logspace(0, -4, 12))

    def fit_quality(works):
        deviations = generator.multivariate_normal(np.zeros(12), truth, works)
        shrunk = population.shrunk_covariance(deviations)
        new = generator.multivariate_normal(np.zeros(12), truth, 4000)
        samples = deviations.T @ deviations / works
        return [
            stats.multivariate_normal(np.zeros(12), each).logpdf(new).mean()
            for each in (shrunk, samples, truth)
        ]

    shrunk, sample, best = fit_quality(20)
    assert sample + 1 < shrunk <= best + 0.1
    shrunk, sample, best = fit_quality(5000)
    np.testing.assert_allclose([shrunk, sample], best, atol=0.05)


def test_shrinking_does_not_depend_on_the_scale_of_a_dimension():
    deviations = np.random.default_rng(1).normal(size=(50, 3)) @ np.triu(np.ones((3, 3)))
    scale = np.array([1, 100, 0.001])
    np.testing.assert_allclose(
        population.shrunk_covariance(deviations * scale),
        population.shrunk_covariance(deviations) * np.outer(scale, scale),
    )


def test_a_constant_dimension_and_a_repeated_one_still_fit():
    generator = np.random.default_rng(2)
    one = generator.normal(size=(40, 1))
    deviations = np.hstack([one, one, np.zeros((40, 1))])
    means = np.hstack([generator.normal(size=(5, 2)), np.ones((5, 1))])
    model = population.fit_population(means, np.full(5, 8), deviations)
    assert np.isfinite(model.basis).all()
    assert np.isfinite(model.whiten(means)).all()


def test_one_artist_is_no_population():
    with pytest.raises(ValueError, match="two artists"):
        population.fit_population(np.zeros((1, 3)), [4], np.zeros((9, 3)))
