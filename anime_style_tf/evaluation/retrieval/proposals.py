"""Which works may be among the nearest, from products of float32 matrices, with their rounding."""

import os

import numpy as np

_GROUP = 32  # works of which only the nearest sets the limit


class Proposals:
    """Squared distances in float32 with a bound on their error, and exact ones of single pairs.

    With u = 2^-24 and q, g the codes less the gallery's mean, |q|^2 + |g|^2 - 2 q.g as one product
    of `terms` terms has the error e <= terms u (|q| + |g|)^2, and rounding the codes and squares
    to float32 adds less than 4 u (|q| + |g|)^2. As |g| <= |q| + r at distance r, and with a factor
    of 2 to spare,

        e <= c (2 |q| + r)^2 <= c (8 |q|^2 + 2 r^2),    c = 2 (terms + 4) u,

    so that r^2 <= (found + 8 c |q|^2) / (1 - 2 c). What underflows is far less than 2^-100.

    Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, section 3.1.

    Args:
        queries: float64 `[queries, code]`, finite.
        gallery: float64 `[gallery, code]`; the queries themselves for `leave_one_out`.
        leave_one_out: A query does not find itself.
    """

    def __init__(self, queries, gallery, leave_one_out):
        self.leave_one_out = leave_one_out
        # Distances do not change, and products lose least, if the gallery's mean is at 0. At most
        # 1 keeps squares within float32; a power of two scales without rounding.
        mean = gallery.mean(axis=0)
        parts = (gallery,) if leave_one_out else (gallery, queries)
        size = max(np.abs(codes - mean).max() for codes in parts)
        scale = 2.0 ** -np.ceil(np.log2(max(size, 1e-300)))

        def split(codes):
            centered = (codes - mean) * scale
            norms = np.einsum("ij,ij->i", centered, centered)
            return np.ascontiguousarray(codes.T) * scale, centered, norms

        self._gallery_columns, centered, self._gallery_norms = split(gallery)
        norms = self._gallery_norms[:, None]
        self.gallery = np.concatenate([centered, norms, np.ones_like(norms)], 1, dtype=np.float32)
        if leave_one_out:
            self._query_columns, self._norms = self._gallery_columns, self._gallery_norms
        else:
            self._query_columns, centered, self._norms = split(queries)
        norms = self._norms[:, None]
        self.queries = np.concatenate(
            [-2 * centered, np.ones_like(norms), norms], 1, dtype=np.float32
        )
        self._unit = (self.gallery.shape[1] + 4) * 2.0**-23

    def error(self, queries, found):
        """At most so far from the truth are squared distances that were found in float32."""
        norms = self._norms[queries]
        squared = (np.maximum(found, 0) + 8 * self._unit * norms) / (1 - 2 * self._unit)
        return self._unit * (8 * norms + 2 * squared) + 2.0**-100

    def error_of(self, queries, row, work):
        """At most so far from the truth are all of a query's squared distances, `[block]`.

        Args:
            queries: int `[block]`.
            row: int `[pairs]`, ascending, indices into `queries`.
            work: int `[pairs]`.
        """
        farthest = np.zeros(len(queries))
        starts = np.flatnonzero(np.diff(row, prepend=-1))
        if len(starts):
            farthest[row[starts]] = np.maximum.reduceat(self._gallery_norms[work], starts)
        norms = np.sqrt(self._norms[queries]) + np.sqrt(farthest)
        return self._unit * norms**2 + 2.0**-100

    def reach(self, queries, kth):
        """Float32 limits within which all works are found that may be as near as the k-th.

        Args:
            queries: int `[block]`.
            kth: `[block]`: at least k works were found no farther than this.
        """
        kth = kth.astype(np.float64)
        farthest = kth + self.error(queries, kth)
        limit = farthest + self.error(queries, farthest)
        return np.nextafter(limit.astype(np.float32), np.float32(np.inf))

    def exact(self, queries, row, work):
        """Direct squared distances of pairs in float64, `[pairs]`, in one order of adding up.

        Args:
            queries: int `[block]`.
            row: int `[pairs]`, indices into `queries`.
            work: int `[pairs]`.
        """
        squared = np.zeros(len(row))
        # One dimension after the other: a column of the gallery fits into a core's cache.
        for of_queries, of_gallery in zip(self._query_columns, self._gallery_columns, strict=True):
            difference = of_queries[queries][row]
            difference -= of_gallery[work]
            difference *= difference
            squared += difference
        return squared

    def of(self, queries, count):
        """All works that may be among the `count` nearest of some queries.

        Args:
            queries: int `[block]`.
            count: int `[block]`.

        Returns:
            Row, work and squared distance in float32, each `[pairs]`, by row.
        """
        squared = self.queries[queries] @ self.gallery.T
        if self.leave_one_out:
            squared[np.arange(len(queries)), queries] = np.inf
        limit = np.full(len(queries), -np.inf, dtype=np.float32)
        some = count > 0
        if some.any():
            kth = upper_bound_of_kth(squared[some], int(count.max()))
            limit[some] = self.reach(queries[some], kth)
        near = np.flatnonzero(squared <= limit[:, None])
        row, work = np.divmod(near, len(self.gallery))
        return row, work, squared.ravel()[near]


def upper_bound_of_kth(squared, count: int) -> np.ndarray:
    """`[block]`: at least `count` values of each row of `[block, gallery]` are no larger.

    The works are put into groups. If `count` groups have their smallest value below a limit,
    then at least `count` works are below it; with many more groups than that, hardly more.
    """
    width = squared.shape[1]
    size = min(_GROUP, max(1, width // (8 * count)))
    whole = width - width % size
    smallest = squared[:, :whole].reshape(len(squared), size, -1).min(axis=1)
    return np.partition(smallest, count - 1, axis=1)[:, count - 1]


def argsort_pairs(row, squared) -> np.ndarray:
    """The order by row, then by squared distance; `squared` is float32, below 0 counts as 0.

    Of numbers >= 0 the bits are in the order of the values: one key of both is sorted much faster.
    """
    bits = (np.maximum(squared, 0) + np.float32(0)).view(np.uint32)  # 0 for -0 too
    return np.argsort(row.astype(np.uint64) << np.uint64(32) | bits)


def cores() -> int:
    """How many threads may run at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
