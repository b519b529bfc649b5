"""Probabilities of the known artists, and of an unknown one, for a work.

Every artist has a predictive density of works, and an artist that nobody has seen has one too
(`population`). Style codes have heavier tails than a Gaussian, and Gaussian densities would be
surer than they are right: the densities have Student's form and a temperature (`estimation`).
"""

import dataclasses
import functools

import numpy as np
import numpy.typing as npt
from scipy import special
from scipy.spatial import distance

from anime_style_tf.attribution.densities import agreement_odds, log_prior, tempered_density
from anime_style_tf.attribution.population import StylePopulation
from anime_style_tf.errors import InputError

_CHUNK_ELEMENTS = 2**22  # works x artists held at once: 32 MiB of float64


@dataclasses.dataclass(frozen=True)
class ArtistProbabilities:
    """Who may have drawn each of some works.

    Attributes:
        names: `[artists]`.
        probabilities: `[works, artists + 1]`, rows sum to 1; the last is an unknown artist.
        p_values: `[works]`, in (0, 1]: how large a share of the calibration works fit the known
            artists no better. None without calibration works.
    """

    names: tuple[str, ...]
    probabilities: np.ndarray
    p_values: np.ndarray | None

    def unknown(self, error_rate: float = 0.05) -> np.ndarray:
        """Bool `[works]`: called unknown, which befalls `error_rate` of known artists' works.

        Raises:
            ValueError: there were no calibration works.
        """
        if self.p_values is None:
            raise ValueError(
                'calling works unknown at an error rate needs works to set it by: give "calibrate" '
                "works of known artists that neither the encoder nor the fit has seen."
            )
        return self.p_values <= error_rate


@dataclasses.dataclass(frozen=True, eq=False)
class Attribution:
    """Artists known by their works. Made by `fit`; never changed, only copied with changes.

    Codes may be any prefix of the style code; all arrays must then have that prefix.

    Attributes:
        names: `[artists]`.
        means: `[artists, code]`, mean codes of the works each is known by.
        counts: int `[artists]`, how many works.
        population: How artists and works are spread.
        tail: Degrees of freedom of the works' Student-t form; fewer, heavier tails.
        temperature: Log densities are divided by it; more is less sure.
        unknown_share: In [0, 1), how often a work is by none of the artists, before looking.
        calibration_codes: `[calibration works, code]`, which set the p-values; may be empty.
        calibration_artists: int `[calibration works]`, indices into `names`.
    """

    names: tuple[str, ...]
    means: np.ndarray
    counts: np.ndarray
    population: StylePopulation
    tail: float
    temperature: float
    unknown_share: float
    calibration_codes: np.ndarray
    calibration_artists: np.ndarray

    @functools.cached_property
    def styles(self) -> tuple[np.ndarray, np.ndarray]:
        """`(style, deviation)`, each `[artists, code]`: posterior mean styles and their doubt."""
        return self.population.style(*self.population.posterior(self.means, self.counts))

    @property
    def mean_styles(self) -> np.ndarray:
        """`[artists, code]`: what a generator is given to draw like each artist."""
        return self.styles[0]

    def enroll(self, name: str, codes: npt.ArrayLike) -> "Attribution":
        """Adds an artist.

        Args:
            name: Not among `names`.
            codes: `[works, code]`, at least one.

        Returns:
            A new `Attribution`; the artist is the last.

        Raises:
            InputError: the name is taken.
        """
        codes = as_codes(codes, self.means.shape[1])
        if name in self.names:
            raise InputError(
                f"artist {name!r} is known already; remove it first, then enroll all its works."
            )
        return dataclasses.replace(
            self,
            names=(*self.names, str(name)),
            means=np.concatenate([self.means, codes.mean(axis=0, keepdims=True)]),
            counts=np.append(self.counts, len(codes)),
        )

    def remove(self, name: str) -> "Attribution":
        """Forgets an artist, its calibration works included.

        The spread of all artists keeps what it learned from an artist given to `fit`.

        Raises:
            InputError: no such artist, or it is the only one.
        """
        if name not in self.names or len(self.names) == 1:
            raise InputError(
                f"artist {name!r} must be one of several; received {len(self.names)}, among "
                f"them {', '.join(self.names[:5])}: name one of these."
            )
        index = self.names.index(name)
        kept = self.calibration_artists != index
        artists = self.calibration_artists[kept]
        return dataclasses.replace(
            self,
            names=self.names[:index] + self.names[index + 1 :],
            means=np.delete(self.means, index, axis=0),
            counts=np.delete(self.counts, index),
            calibration_codes=self.calibration_codes[kept],
            calibration_artists=artists - (artists > index),
        )

    def calibrate(self, codes: npt.ArrayLike, artists: npt.ArrayLike) -> "Attribution":
        """Gives the works by which "unknown" keeps its error rate.

        Args:
            codes: `[works, code]`, by known artists, seen neither by the encoder nor by `fit`.
            artists: int `[works]`, indices into `names`.

        Returns:
            A new `Attribution`. Of new works by these artists, drawn like the calibration
            works, at most a share alpha has a p-value <= alpha, for any alpha, any number of
            calibration works, and whoever is enrolled meanwhile.

        Source: Vovk, Gammerman & Shafer (2005); split conformal, Papadopoulos et al. (2002).
        """
        codes = as_codes(codes, self.means.shape[1])
        artists = as_artists(artists, len(codes), len(self.names))
        return dataclasses.replace(self, calibration_codes=codes, calibration_artists=artists)

    def log_densities(self, codes: npt.ArrayLike) -> np.ndarray:
        """Tempered log density of each work under each artist, `[works, artists + 1]`.

        The last column is that of an artist nobody has seen, N(mu, B + W) with the same tails.
        All lack the same constant.
        """
        squares, log_volumes = self.distances(codes)
        code_size = self.means.shape[1]
        return tempered_density(squares, log_volumes, self.tail, self.temperature, code_size)

    def familiarity(self, codes: npt.ArrayLike) -> np.ndarray:
        """`[works]`: what p-values are made of, high where a work fits some known artist.

        The largest log density, plus the log odds that whoever else may have drawn the work is
        like that artist: the first is low beyond all artists, the second between them. Only
        artists with calibration works count. One enrolled since has none to be compared with: it
        makes familiar, without bound (inf), what it explains better than all these do and than an
        artist nobody has seen does. A further artist never lowers it, and `unknown_share` does
        not matter.
        """
        codes = as_codes(codes, self.means.shape[1])
        step = max(1, _CHUNK_ELEMENTS // (len(self.names) + 1))
        parts = (self.log_densities(codes[i : i + step]) for i in range(0, len(codes), step))
        return np.concatenate([self._familiarity(part) for part in parts])

    @property
    def measured(self) -> np.ndarray:
        """Bool `[artists]`: which have calibration works; all where nobody has."""
        measured = np.isin(np.arange(len(self.names)), self.calibration_artists)
        return measured | ~measured.any()

    def _familiarity(self, densities):
        # P-values compare like with like: an artist enrolled from a few works spreads wider than
        # those whose works calibrate, and by density alone .26-.63 of its works were called
        # unknown (docs/decisions/0020).
        known, unseen = densities[:, :-1], densities[:, -1]
        measured = self.measured
        enrolled = known[:, ~measured].max(axis=1, initial=-np.inf)

        # A low best density tells works beyond all artists, low odds those between two who differ:
        # the sum told unseen artists with an AUROC of .906, density alone .885 (0021).
        known = known[:, measured]
        best = known.max(axis=1)
        odds = agreement_odds(known, self._resemblance(known.argmax(axis=1), measured))
        return np.where(enrolled > np.maximum(best, unseen), np.inf, best + odds)

    def _resemblance(self, artists, among):
        """How like some artists are to each `among` all, `[artists, among]`, in (0, 1].

        The density half-way from one's mean to the other's, over that at the mean: for Gaussians
        their Bhattacharyya coefficient.
        """
        # In this basis works have covariance I, so that distances are in units of their spread;
        # half-way is half the distance, a quarter of its square.
        means = self.predictive[0][:-1][among]
        squares = distance.cdist(means[artists], means, "sqeuclidean") / 4
        log_density = tempered_density(squares, 0, self.tail, self.temperature, means.shape[1])
        return np.exp(log_density)

    def attribute(self, codes: npt.ArrayLike) -> ArtistProbabilities:
        """Attributes works.

        Args:
            codes: `[works, code]`.

        Returns:
            `ArtistProbabilities`, with p-values if there are calibration works.
        """
        codes = as_codes(codes, self.means.shape[1])
        density = self.log_densities(codes) + log_prior(len(self.names), self.unknown_share)
        p_values = None
        if len(self.calibration_codes):
            # Conformal: the work itself counts among the n + 1, so that for works drawn like the
            # calibration works P(p <= alpha) <= alpha whatever the score; the least p is
            # 1 / (n + 1).
            as_strange = np.searchsorted(self.familiar, self.familiarity(codes), side="right")
            p_values = (1 + as_strange) / (1 + len(self.familiar))
        return ArtistProbabilities(self.names, special.softmax(density, axis=1), p_values)

    @functools.cached_property
    def familiar(self) -> np.ndarray:
        """Familiarity of the calibration works, sorted."""
        return np.sort(self.familiarity(self.calibration_codes))

    @functools.cached_property
    def predictive(self) -> tuple[np.ndarray, np.ndarray]:
        """Means and variances `[artists + 1, code]` of works, in the population's basis."""
        # A work varies by W = I about its artist's style, and that style is known up to its
        # posterior variance: both add. Of an artist nobody has seen all of B is doubt, about 0.
        mean, variance = self.population.posterior(self.means, self.counts)
        unseen = self.population.between[None]
        return np.vstack([mean, np.zeros_like(unseen)]), 1 + np.vstack([variance, unseen])

    def distances(self, codes: npt.ArrayLike) -> tuple[np.ndarray, np.ndarray]:
        """Squared distances to what is expected of each artist's works, in units of its spread.

        Returns:
            `(squares, log_volumes)`: `[works, artists + 1]`, and half the log determinant of
            each artist's spread, `[artists + 1]`. The last artist is the unknown one.
        """
        # sum (x - m)^2 / v as products of matrices: each artist has a variance of its own, and the
        # differences `[works, artists, code]` would not fit. What rounding takes below 0 is 0.
        mean, variance = self.predictive
        points = self.population.whiten(as_codes(codes, self.means.shape[1]))
        squares = points**2 @ (1 / variance).T - 2 * points @ (mean / variance).T
        squares += np.sum(mean**2 / variance, axis=1)
        return np.maximum(squares, 0), 0.5 * np.log(variance).sum(axis=1)


def as_codes(codes, code_size: int | None = None) -> np.ndarray:
    """Returns codes as float64 `[works, code]`.

    Raises:
        ValueError: not two axes, no work, another code size, or a value that is not finite.
    """
    codes = np.asarray(codes, dtype=np.float64)
    wanted = codes.ndim == 2 and 0 not in codes.shape and code_size in (None, codes.shape[1])
    if not wanted or not np.isfinite(codes).all():
        raise ValueError(
            f"codes must be finite, [works, {code_size or 'code'}], at least one work; received "
            f"shape {codes.shape}: give one row per work, cut to the same prefix."
        )
    return codes


def as_artists(artists, works: int, count: int) -> np.ndarray:
    """Returns artists as int64 `[works]`, in `[0, count)`.

    Raises:
        ValueError: another number of them, not integers, or out of range.
    """
    artists = np.asarray(artists)
    whole = artists.shape == (works,) and np.issubdtype(artists.dtype, np.integer)
    if not whole or artists.min() < 0 or artists.max() >= count:
        raise ValueError(
            f"artists must be {works} integers in [0, {count}), one per work; received "
            f"{artists.dtype} of shape {artists.shape}: give indices into the names."
        )
    return artists.astype(np.int64)
