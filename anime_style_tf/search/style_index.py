"""Works by their style codes: nearest first, ties always in one order."""

import dataclasses
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt

from anime_style_tf.errors import InputError
from anime_style_tf.search.scans import BACKENDS, squared_distances


@dataclasses.dataclass(frozen=True)
class NearestWorks:
    """The works nearest to some codes.

    Attributes:
        rows: int `[queries, found]`, nearest first: which of the index's works.
        distances: float64 `[queries, found]`, Euclidean, ascending.
        cost: multiplications spent, as a share of those of a scan of all works on all
            dimensions; NaN where nothing was searched.
    """

    rows: np.ndarray
    distances: np.ndarray
    cost: float


class StyleIndex:
    """Works by their style codes.

    Nothing changes in place: `add` and `remove` give another index.

    Args:
        codes: `[works, code]`; kept as float32.
        identities: `[works]` texts: of equally near works the one whose identity sorts first
            comes first, so that no order of the works shows. Of equal identities the earlier.
        artists: `[works]` names.
        backend: key of `BACKENDS`. All give the same neighbors.

    Attributes:
        codes, identities, artists: as given, arrays.

    Raises:
        InputError: no such backend, or it is not installed.
        ValueError: arrays that do not fit together, or codes that are not finite.
    """

    def __init__(
        self,
        codes: npt.ArrayLike,
        identities: Sequence[str],
        artists: Sequence[str],
        *,
        backend: str = "exact",
    ):
        if backend not in BACKENDS:
            raise InputError(
                f"backend: expected one of {', '.join(BACKENDS)}, received {backend!r}"
            )
        self.codes = np.asarray(codes, np.float32)
        self.identities = np.asarray(identities, object)
        self.artists = np.asarray(artists, object)
        works = (len(self.codes),)
        if self.codes.ndim != 2 or {self.identities.shape, self.artists.shape} != {works}:
            raise ValueError(
                "an index needs codes [works, code] with one identity and one artist each; "
                f"received shapes {self.codes.shape}, {self.identities.shape} and "
                f"{self.artists.shape}."
            )
        if not np.isfinite(self.codes).all():
            raise ValueError("codes must be finite; received some that are not: leave them out.")
        self._backend = backend
        self._scan = BACKENDS[backend](self.codes) if len(self.codes) else None
        order = np.argsort(self.identities, kind="stable")
        self._place = np.empty(len(order), np.int64)
        self._place[order] = np.arange(len(order))

    def __len__(self):
        """Returns the number of works."""
        return len(self.codes)

    def add(
        self, codes: npt.ArrayLike, identities: Sequence[str], artists: Sequence[str]
    ) -> "StyleIndex":
        """Returns an index that holds more works, after those there are."""
        return StyleIndex(
            np.concatenate([self.codes, np.asarray(codes, np.float32)]),
            [*self.identities, *identities],
            [*self.artists, *artists],
            backend=self._backend,
        )

    def remove(self, identities: Collection[str]) -> "StyleIndex":
        """Returns an index without the works of some identities.

        Raises:
            ValueError: an identity that the index does not have.
        """
        removed = set(identities)
        if unknown := sorted(removed - set(self.identities)):
            raise ValueError(
                f"works to remove must be in the index; received {', '.join(unknown[:5])}."
            )
        return self._part(np.flatnonzero([name not in removed for name in self.identities]))

    def nearest(
        self, queries: npt.ArrayLike, count: int, *, artists: Collection[str] | None = None
    ) -> NearestWorks:
        """Finds the works nearest to some codes.

        Args:
            queries: `[queries, code]`, or `[code]` for one.
            count: how many works for each; fewer are found where there are fewer.
            artists: look among the works of these only; None looks among all.

        Returns:
            `NearestWorks`.

        Raises:
            ValueError: codes of another length, codes that are not finite, or a count below 1.
        """
        queries = np.atleast_2d(np.asarray(queries, np.float32))
        if queries.shape[1] != self.codes.shape[1] or not np.isfinite(queries).all() or count < 1:
            raise ValueError(
                f"a query needs finite codes of {self.codes.shape[1]} dimensions and a count of "
                f"1 or more; received shape {queries.shape} and count {count}."
            )
        if artists is not None:
            rows = np.flatnonzero(np.isin(self.artists, list(artists)))
            near = self._part(rows).nearest(queries, count)
            return dataclasses.replace(near, rows=rows[near.rows])
        count = min(count, len(self))
        rows = np.zeros((len(queries), count), np.int64)
        distances = np.zeros((len(queries), count))
        cost = 0
        if count:
            proposals = self._scan.candidates(queries, count)
            for number, (candidates, spent) in enumerate(proposals):
                # Direct differences of doubles: equal codes are equally far, wherever they lie.
                code = queries[number].astype(np.float64)
                squared = squared_distances(self.codes[candidates].astype(np.float64), code)
                order = np.lexsort((self._place[candidates], squared))[:count]
                rows[number] = candidates[order]
                distances[number] = np.sqrt(squared[order])
                cost += spent
        whole = self.codes.size * len(queries)
        return NearestWorks(rows, distances, cost / whole if whole else np.nan)

    def _part(self, rows):
        return StyleIndex(
            self.codes[rows], self.identities[rows], self.artists[rows], backend=self._backend
        )
