"""How content codes of works lie, to draw new ones as works have them."""

import json
import warnings

import numpy as np
from scipy.special import logsumexp
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from anime_style_tf.errors import InputError
from anime_style_tf.replacing import replacing

# Numbers of components that are tried; works that were not fitted decide.
COMPONENTS = (1, 2, 4, 8, 16, 32)
_FLOOR = 1e-3  # of a component's variances, where all works together have 1
_MOST_WORKS = 20_000  # that are fitted; more cost minutes and change little


class ContentDensity:
    """A mixture of Gaussians over content codes.

    The decoder is trained on codes of works, which fill the standard normal badly: skin, hair and
    backgrounds come in groups, and dimensions go together. A code drawn from N(0, I) asks for a
    portrait unlike any work; one drawn from here does not.

    Args:
        weights: `[K]`, share of each component.
        means: `[K, k_C]`.
        factors: `[K, k_C, k_C]`, lower triangular, with covariance `factor @ factor.T`.

    Source: Ghosh et al. (2020), "From Variational to Deterministic Autoencoders", section 4, the
        density that is fitted afterwards; the paper draws content from N(0, I).
    """

    def __init__(self, weights, means, factors):
        self.weights, self.means, self.factors = (
            np.asarray(each, "float64") for each in (weights, means, factors)
        )

    @classmethod
    def standard(cls, size):
        """N(0, I) of `size` dimensions: the paper's, and that of runs without a fitted one."""
        return cls([1.0], np.zeros((1, size)), np.eye(size)[None])

    @classmethod
    def fit(cls, codes, held_out, *, seed=0):
        """Fits mixtures, and keeps the one under which other works are likeliest.

        Args:
            codes: `[works, k_C]`, of works; the first 20,000 are used.
            held_out: `[others, k_C]`, of works that choose the number of components.
            seed: whole number, where the fits begin.

        Returns:
            `ContentDensity`; N(0, I) where the fitted ones are no likelier, as of very few works.
        """
        codes = np.asarray(codes, "float64")[:_MOST_WORKS]
        densities = [cls.standard(codes.shape[1])]
        for components in COMPONENTS:
            if len(codes) < 2 * components:
                break
            model = GaussianMixture(components, reg_covar=_FLOOR, random_state=seed)
            # Products this small do not gain from threads, which on a busy machine wait for each
            # other a hundred times as long.
            with threadpool_limits(1), warnings.catch_warnings():
                # A fit that has not come to rest is one of those that are compared.
                warnings.simplefilter("ignore", ConvergenceWarning)
                model.fit(codes)
            factors = np.linalg.cholesky(model.covariances_)
            densities.append(cls(model.weights_, model.means_, factors))
        # Of equals the first, which is the simplest.
        return max(densities, key=lambda density: density.log_density(held_out).mean())

    def log_density(self, codes):
        """Natural logarithm of the density at codes `[works, k_C]`: `[works]`."""
        codes = np.asarray(codes, "float64")
        terms = []
        for weight, mean, factor in zip(self.weights, self.means, self.factors, strict=True):
            standardized = np.linalg.solve(factor, (codes - mean).T)
            volume = np.log(np.diag(factor)).sum() + codes.shape[1] / 2 * np.log(2 * np.pi)
            terms.append(np.log(weight) - volume - 0.5 * np.sum(standardized**2, axis=0))
        return logsumexp(terms, axis=0)

    def sample(self, chance, count):
        """Draws codes.

        Args:
            chance: `numpy.random.Generator`.
            count: how many.

        Returns:
            float64 `[count, k_C]`.
        """
        # Noise first: N(0, I) then gives what the generator alone would give.
        noise = chance.standard_normal((count, self.means.shape[1]))
        if len(self.weights) == 1:
            component = np.zeros(count, int)
        else:
            component = chance.choice(len(self.weights), count, p=self.weights)
        return self.means[component] + np.einsum("nij,nj->ni", self.factors[component], noise)

    def save(self, path):
        """Writes JSON that `load` reads: of each factor the rows up to the diagonal."""
        rows = [
            [np.round(row[: i + 1], 5).tolist() for i, row in enumerate(factor)]
            for factor in self.factors
        ]
        content = {
            "weights": self.weights.tolist(),
            "means": np.round(self.means, 5).tolist(),
            "factors": rows,
        }
        with replacing(path) as unfinished:
            unfinished.write_text(json.dumps(content) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path):
        """Reads what `save` wrote.

        Args:
            path: `pathlib.Path`.

        Raises:
            InputError: it is something else.
        """
        try:
            content = json.loads(path.read_text("utf-8"))
            size = len(content["means"][0])
            factors = [
                [row + [0.0] * (size - len(row)) for row in factor] for factor in content["factors"]
            ]
            return cls(content["weights"], content["means"], factors)
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(
                f"{path}: expected a density of content codes, as the stage content leaves it, "
                "received something else: make it again"
            ) from error
