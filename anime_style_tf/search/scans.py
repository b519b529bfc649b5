"""Ways to look for the works nearest to a code, behind one seam: `BACKENDS`."""

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np

from anime_style_tf.search.proposals import Gallery, Proposals

_CHUNK_ELEMENTS = 2**22  # queries x works held at once: 16 MiB
_STRETCH = 64  # works of which only the best is looked at for a first radius


class Backend(Protocol):
    """Proposes which works may be nearest; `StyleIndex` measures and orders them."""

    def candidates(self, queries: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, int]]:
        """Looks for works.

        Args:
            queries: float32 `[queries, code]`.
            count: how many nearest works are wanted, at most the number of works.

        Yields:
            For each query `(rows, multiplications)`: int `[candidates]`, at least `count`
            distinct works, and what it cost to find them.
        """


class ExactScan:
    """Scans all works on the whole code by matrix products.

    Args:
        codes: `[works, code]`.
    """

    def __init__(self, codes: np.ndarray):
        self._gallery = Gallery(np.asarray(codes))

    def candidates(self, queries, count):
        """Proposes the nearest works and those that rounding cannot tell from them."""
        works, size = self._gallery.codes.shape
        step = max(1, _CHUNK_ELEMENTS // works)
        for first in range(0, len(queries), step):
            chunk = queries[first : first + step]
            rows = np.arange(len(chunk))
            row, work, _ = Proposals(chunk, self._gallery).of(rows, np.full(len(rows), count))
            for candidates in np.split(work, np.searchsorted(row, rows[1:])):
                yield candidates, works * size


class PrefixScan:
    """Scans all works on a prefix of the code, those left on longer and longer ones. Exact.

    The code is ordered, so most works are too far on its first dimensions already.
    The full distances of any `count` works bound that of the last one wanted from above; the
    distance on a prefix bounds each work's from below. Works whose lower bound is larger are
    dropped, and the margin for rounding is on the side of keeping them.

    Args:
        codes: `[works, code]`.
        lengths: increasing lengths of the prefixes, the last that of the code; None doubles
            them from an eighth of the code, our setting. A longer first prefix drops more works
            and costs more for each.

    Raises:
        ValueError: lengths that do not increase to the length of the code.
    """

    def __init__(self, codes: np.ndarray, lengths: Sequence[int] | None = None):
        codes = np.asarray(codes)
        size = codes.shape[1]
        self.lengths = _doubling(size) if lengths is None else tuple(lengths)
        if self.lengths[-1:] != (size,) or np.any(np.diff((0, *self.lengths)) <= 0):
            raise ValueError(
                f"prefix lengths must increase from 1 or more to {size}; received {lengths}: end "
                "with the length of the code."
            )
        # Near the origin the expansion |q|^2 + |c|^2 - 2 q.c rounds least.
        self._center = codes.mean(axis=0, dtype=np.float64)
        self._codes = (codes - self._center).astype(np.float32)
        starts = (0, *self.lengths[:-1])
        self._blocks = [
            np.ascontiguousarray(self._codes[:, start:stop])
            for start, stop in zip(starts, self.lengths, strict=True)
        ]
        self._squares = np.square(self._blocks[0]).sum(axis=1)
        self._largest = float(np.square(self._codes).sum(axis=1).max())

    def candidates(self, queries, count):
        """Proposes the nearest works and those that rounding cannot tell from them."""
        queries = (queries - self._center).astype(np.float32)
        step = max(1, _CHUNK_ELEMENTS // len(self._codes))
        first = self.lengths[0]
        for start in range(0, len(queries), step):
            chunk = queries[start : start + step]
            bounds = chunk[:, :first] @ self._blocks[0].T
            bounds *= -2
            bounds += self._squares
            bounds += np.square(chunk[:, :first]).sum(axis=1)[:, None]
            for query, row in zip(chunk, bounds, strict=True):
                yield self._narrow(query, row, count)

    def _narrow(self, query, bounds, count):
        """Drops works prefix by prefix; `bounds` `[works]` are distances on the first."""
        margin = _margin(query, self._largest, bounds.dtype)
        rows, radius, cost = np.arange(len(bounds)), np.inf, 0
        starts = (0, *self.lengths[:-1])
        for block, start, stop in zip(self._blocks, starts, self.lengths, strict=True):
            cost += len(rows) * (stop - start) + count * len(query)
            if start:
                bounds = bounds + squared_distances(block.take(rows, axis=0), query[start:stop])
            near = rows[_low_values(bounds, count)]
            radius = min(radius, float(squared_distances(self._codes[near], query).max()))
            kept = np.flatnonzero(bounds <= radius + margin)
            rows, bounds = rows.take(kept), bounds.take(kept)
        return rows, cost


BACKENDS = {"exact": ExactScan, "cascaded": PrefixScan}


def _margin(query, largest, dtype):
    """What rounding may add to a squared distance computed in `dtype` from products.

    Products of n terms round by n units in the last place of their factors' norms.
    """
    roundings = 2 * (len(query) + 8) * np.finfo(dtype).eps
    return roundings * (float(query @ query) + largest)


def _doubling(size):
    lengths = [-(-size // 8)]
    while lengths[-1] < size:
        lengths.append(2 * lengths[-1])
    return (*(length for length in lengths if length < size), size)


def squared_distances(codes, code):
    """Squared distance `[works]` of each of `codes` `[works, code]` from one."""
    difference = codes - code
    return np.einsum("ij,ij->i", difference, difference)


def _low_values(values, count):
    """Positions `[count]` of low values: the lowest, or the lowest of as many stretches.

    Among many, one pass for the minima of stretches is several times faster than a partition.
    """
    stretches = len(values) // _STRETCH
    if stretches < 4 * count:
        return np.argpartition(values, count - 1)[:count]
    table = values[: stretches * _STRETCH].reshape(stretches, _STRETCH)
    chosen = np.argpartition(table.min(axis=1), count - 1)[:count]
    return chosen * _STRETCH + table[chosen].argmin(axis=1)
