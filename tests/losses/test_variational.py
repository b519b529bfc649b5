import numpy as np
import pytest
import scipy.integrate
import scipy.stats

from anime_style_tf.losses.variational import kl_divergence


@pytest.mark.parametrize("mean", [0.0, -1.5, 3.0])
@pytest.mark.parametrize("log_variance", [0.0, -4.0, 1.2])
def test_the_divergence_is_the_integral(mean, log_variance):
    posterior = scipy.stats.norm(mean, np.exp(log_variance / 2))
    prior = scipy.stats.norm()
    expected, _ = scipy.integrate.quad(
        lambda x: posterior.pdf(x) * (posterior.logpdf(x) - prior.logpdf(x)),
        mean - 12 * posterior.std(),
        mean + 12 * posterior.std(),
    )
    divergence = kl_divergence(np.float32([[mean]]), np.float32([[log_variance]]))
    assert float(divergence[0]) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_it_adds_up_over_the_code_and_is_one_number_a_work():
    mean, log_variance = np.float32([[1, 0], [0, 2]]), np.zeros((2, 2), "float32")
    np.testing.assert_allclose(kl_divergence(mean, log_variance), [0.5, 2.0])


def test_it_is_never_negative_and_zero_only_for_the_prior():
    rng = np.random.default_rng(1)
    moments = rng.normal(size=(2, 100, 3)).astype("float32")
    assert (kl_divergence(*moments).numpy() > 0).all()
    assert float(kl_divergence(np.zeros((1, 3)), np.zeros((1, 3)))[0]) == 0.0
