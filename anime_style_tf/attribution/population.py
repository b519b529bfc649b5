"""What a few works tell about an artist's style, given how artists and works are spread.

Artist a's mean style is m_a ~ N(mu, B), a work by the artist is x ~ N(m_a, W). One change of basis
makes W the identity and B diagonal; from then on every dimension is on its own.

Source: Ioffe (2006), "Probabilistic Linear Discriminant Analysis"; the form with two covariances
is that of Brümmer & de Villiers (2010), "The Speaker Partitioning Problem".
"""

import dataclasses

import numpy as np

_BETWEEN_SHRINKAGE = 0.1  # of B with far fewer artists than dimensions
_SHRINKAGES = np.logspace(-6, 0, 25)
_LEAST_BETWEEN = 1e-6  # in units of the spread of works: B stays invertible
_LEAST_DEVIATION = 1e-6  # of the widest dimension's: a dimension may be constant


@dataclasses.dataclass(frozen=True)
class StylePopulation:
    """How artists differ, and how one artist's works do, in the basis where both are diagonal.

    Attributes:
        center: `[code]`, mu, the mean over artists.
        basis: `[code, code]`, V: `(x - mu) V` has covariance I within an artist.
        between: `[code]`, > 0, decreasing: the variance of artists' means in that basis.
    """

    center: np.ndarray
    basis: np.ndarray
    between: np.ndarray

    def whiten(self, codes) -> np.ndarray:
        """Codes `[..., code]` in the basis."""
        return (codes - self.center) @ self.basis

    def posterior(self, codes_mean, counts) -> tuple[np.ndarray, np.ndarray]:
        """What is known of artists' mean styles from the mean of some of their works.

        With K works of mean y, in the basis: `m ~ N(K b / (K b + 1) y, b / (K b + 1))`. Few
        works are drawn towards the mean of all artists, most where artists hardly differ.

        Args:
            codes_mean: `[artists, code]`, mean code of each artist's works.
            counts: `[artists]`, K, how many works that is the mean of.

        Returns:
            `(mean, variance)`, each `[artists, code]`, in the basis.
        """
        counts = np.asarray(counts, dtype=np.float64)[:, None]
        variance = self.between / (counts * self.between + 1)
        return counts * variance * self.whiten(codes_mean), variance

    def style(self, mean, variance) -> tuple[np.ndarray, np.ndarray]:
        """A posterior as codes.

        Args:
            mean: `[artists, code]`, in the basis.
            variance: `[artists, code]`, in the basis.

        Returns:
            `(style, deviation)`, each `[artists, code]`: the mean style and the standard
            deviation of each of its dimensions.
        """
        inverse = np.linalg.inv(self.basis)
        return self.center + mean @ inverse, np.sqrt(variance @ inverse**2)


def fit_population(means, counts, deviations) -> StylePopulation:
    """Estimates mu, B and W.

    Args:
        means: `[artists, code]`, mean codes of at least two artists.
        counts: `[artists]`, how many works each is the mean of. The works' own spread is taken
            off the spread of the means accordingly.
        deviations: `[works, code]`, codes minus the mean of their artist, of works that the
            encoder was **not** trained on: trained works lie far too close together.

    Returns:
        `StylePopulation`. W is shrunk by `shrunk_covariance`; B, in the basis of W, by
        `0.1 D / (D + A)` towards the same variance in every dimension, so that a new artist may
        differ where the A known ones do not. The 0.1 is our setting, chosen on an encoder that
        two artists were kept from: more is surer of "unknown" and slower to trust new artists.

    Raises:
        ValueError: fewer than two artists or works, or different code sizes.
    """
    means, deviations = np.asarray(means, np.float64), np.asarray(deviations, np.float64)
    if len(means) < 2 or len(deviations) < 2 or means.shape[1:] != deviations.shape[1:]:
        raise ValueError(
            "a population needs the means of two artists and two works' deviations in the same "
            f"code; received shapes {means.shape} and {deviations.shape}: give more artists."
        )
    # The basis in which works have covariance I: eigenvectors of W over their deviations.
    center = means.mean(axis=0)
    variances, axes = np.linalg.eigh(shrunk_covariance(deviations))
    whitening = axes / np.sqrt(variances)

    # In it, B is what the means spread beyond what works of covariance I would spread them by
    # chance, 1 / K for a mean of K. Turning to its axes leaves the works' covariance I.
    spread = np.cov((means - center) @ whitening, rowvar=False).reshape(len(axes), len(axes))
    observed, turn = np.linalg.eigh(spread)
    observed = np.maximum(observed[::-1] - np.mean(1 / np.asarray(counts, np.float64)), 0)

    # A artists span A - 1 dimensions: in the others B would be 0, and a new artist impossible.
    shrinkage = _BETWEEN_SHRINKAGE * len(axes) / (len(axes) + len(means))
    between = (1 - shrinkage) * observed + shrinkage * observed.mean()
    return StylePopulation(center, whitening @ turn[:, ::-1], np.maximum(between, _LEAST_BETWEEN))


def shrunk_covariance(deviations) -> np.ndarray:
    """Covariance drawn towards its diagonal, as much as makes held-out deviations likeliest.

    `(1 - s) C + s diag(C)`, with s from 1e-6 to 1 chosen by the Gaussian likelihood of each half
    under the other. The estimate does not depend on the scale of any dimension. Late dimensions
    of a style code hardly vary, but what they hold is often what tells a new artist apart: a
    shrinkage towards one common variance (Ledoit & Wolf) would drown them.

    Args:
        deviations: `[works, code]`, mean zero.

    Returns:
        `[code, code]`, positive definite.

    Source: our setting.
    """
    # As a correlation, so that dimensions of any scale are shrunk alike.
    scale = np.sqrt(np.mean(deviations**2, axis=0))
    scale = np.maximum(scale, max(_LEAST_DEVIATION * scale.max(), np.finfo(np.float64).tiny))
    scaled = deviations / scale

    # Each half's covariance, at every shrinkage, is asked how likely it finds the other half.
    order = np.random.default_rng(0).permutation(len(scaled))
    halves = scaled[order[::2]], scaled[order[1::2]]
    losses = _losses(halves[0], halves[1]) + _losses(halves[1], halves[0])
    shrinkage = _SHRINKAGES[np.argmin(losses)]
    covariance = (1 - shrinkage) * scaled.T @ scaled / len(scaled)
    covariance += shrinkage * np.eye(len(scale))
    return covariance * np.outer(scale, scale)


def _losses(known, new):
    """Minus twice the mean log density of `new` `[shrinkages]`, up to a constant."""
    # (1 - s) C + s I has the axes of C for every s (scaled, the diagonal is about I): one
    # decomposition serves all 25 shrinkages.
    variances, axes = np.linalg.eigh(known.T @ known / len(known))
    squares = np.mean((new @ axes) ** 2, axis=0)
    shrunk = np.outer(1 - _SHRINKAGES, np.maximum(variances, 0)) + _SHRINKAGES[:, None]
    return np.sum(np.log(shrunk) + squares / shrunk, axis=1)
