"""Densities, priors and agreement against SciPy and by hand."""

import numpy as np
from scipy import stats

from anime_style_tf.attribution.densities import agreement_odds, log_prior, tempered_density


def test_a_tempered_density_is_students_over_the_temperature():
    points = np.random.default_rng(0).normal(size=(5, 3))
    exact = stats.multivariate_t(np.zeros(3), np.eye(3), df=4).logpdf(points)
    squares = np.sum(points**2, axis=1, keepdims=True)
    found = tempered_density(squares, np.zeros(1), 4, 2.5, 3)[:, 0]
    np.testing.assert_allclose(2.5 * (found - found[0]), exact - exact[0])


def test_all_known_artists_are_as_likely_before_a_work_is_seen():
    np.testing.assert_allclose(np.exp(log_prior(4, 0.2)), [0.2] * 5)
    assert log_prior(2, 0).tolist() == [np.log(0.5), np.log(0.5), -np.inf]


def test_agreement_by_hand():
    densities = np.log([[0.6, 0.3, 0.1], [0.6, 0.3, 0.1], [1.0, 1e-9, 1e-9]])
    resemblance = np.array([[1, 0, 0], [1, 0.5, 0.2], [1, 0, 0]])
    expected = np.log([0.6 / 0.4, 0.77 / 0.23, 999])
    np.testing.assert_allclose(agreement_odds(densities, resemblance), expected)
