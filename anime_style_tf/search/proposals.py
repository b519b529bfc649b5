"""Which works may be among the nearest, from products of float32 matrices, with their rounding."""

import functools

import numpy as np

_GROUP = 32  # works of which only the nearest sets the limit
_FARTHEST = 2.0**30  # units of the gallery: the squares of queries this far out fit into float32


class Gallery:
    """Works prepared once for products with any queries: centered, scaled, their squares beside.

    Args:
        codes: `[gallery, code]`, finite, at least one; kept as they are, computed with in float64.
        reach: scale as if a code lay so far from the mean, 0 for as far as the farthest does.

    Attributes:
        codes: as given.
        mean: `[code]`.
        scale: codes minus the mean, times it, lie within 1.
        norms: `[gallery]`, squared lengths of the centered and scaled codes.
        products: float32 `[gallery, code + 2]`, see `Proposals.products`.
    """

    def __init__(self, codes, reach=0.0):
        self.codes = codes
        # Distances do not change, and products lose least, if the gallery's mean is at 0. At most
        # 1 keeps squares within float32; a power of two scales without rounding.
        self.mean = codes.mean(axis=0, dtype=np.float64)
        size = max(np.abs(codes - self.mean).max(), reach, 1e-300)
        self.scale = 2.0 ** -np.ceil(np.log2(size))
        centered, self.norms = self.centered(codes)
        norms = self.norms[:, None]
        self.products = np.concatenate([centered, norms, np.ones_like(norms)], 1, dtype=np.float32)

    def centered(self, codes):
        """Codes about the gallery's mean in its scale, and their squared lengths."""
        centered = (codes - self.mean) * self.scale
        return centered, np.einsum("ij,ij->i", centered, centered)

    def columns(self, codes):
        """Scaled codes `[code, works]`: of one dimension after the other, each in a row."""
        return np.ascontiguousarray(codes.T) * self.scale

    @functools.cached_property
    def own_columns(self):
        """`columns` of the gallery itself; made only where distances of single pairs are wanted."""
        return self.columns(self.codes)


class Proposals:
    """Squared distances in float32 with a bound on their error, and exact ones of single pairs.

    With u = 2^-24 and q, g the codes minus the gallery's mean, |q|^2 + |g|^2 - 2 q.g as one product
    of `terms` terms has the error e <= terms u (|q| + |g|)^2, and rounding the codes and squares
    to float32 adds less than 4 u (|q| + |g|)^2. As |g| <= |q| + r at distance r, and with a factor
    of 2 to spare,

        e <= c (2 |q| + r)^2 <= c (8 |q|^2 + 2 r^2),    c = 2 (terms + 4) u,

    so that r^2 <= (found + 8 c |q|^2) / (1 - 2 c). What underflows is far less than 2^-100.

    Source: Higham (2002), Accuracy and Stability of Numerical Algorithms, section 3.1.

    Args:
        queries: `[queries, code]`, finite; None for the works of the gallery, each of
            which does not find itself.
        gallery: `Gallery`.

    Attributes:
        products: float32 `[queries, code + 2]`, whose products with `Gallery.products` are squared
            distances: `[-2 q, 1, |q|^2] . [g, |g|^2, 1]`.
        gallery: `Gallery`, in the scale that the queries need.
        leave_one_out: bool, a query does not find itself.
    """

    def __init__(self, queries, gallery):
        self.leave_one_out = queries is None
        if self.leave_one_out:
            queries = gallery.codes
        reach = np.abs(queries - gallery.mean).max(initial=0)
        if reach * gallery.scale > _FARTHEST:
            gallery = Gallery(gallery.codes, reach)
        self.gallery, self._codes = gallery, queries
        centered, self._norms = gallery.centered(queries)
        norms = self._norms[:, None]
        self.products = np.concatenate(
            [-2 * centered, np.ones_like(norms), norms], 1, dtype=np.float32
        )
        self._unit = (self.products.shape[1] + 4) * 2.0**-23

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
            farthest[row[starts]] = np.maximum.reduceat(self.gallery.norms[work], starts)
        norms = np.sqrt(self._norms[queries]) + np.sqrt(farthest)
        return self._unit * norms**2 + 2.0**-100

    def reach(self, queries, kth):
        """Float32 limits within which all works are found that may be as near as the k-th.

        Args:
            queries: int `[block]`.
            kth: `[block]`: at least k works were found no farther than this.
        """
        # Rounding counts twice: the k-th may lie farther than was found, and a work that is as
        # near as that may have been found farther still.
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
        # One dimension after the other: a column of the gallery fits into a core's cache. And all
        # pairs add up in one order, so that copies of a work are exactly as far as it is.
        for of_queries, of_gallery in zip(
            self._query_columns, self.gallery.own_columns, strict=True
        ):
            difference = of_queries[queries][row]
            difference -= of_gallery[work]
            difference *= difference
            squared += difference
        return squared

    @functools.cached_property
    def _query_columns(self):
        own = self._codes is self.gallery.codes
        return self.gallery.own_columns if own else self.gallery.columns(self._codes)

    def of(self, queries, count):
        """All works that may be among the `count` nearest of some queries.

        Args:
            queries: int `[block]`.
            count: int `[block]`.

        Returns:
            Row, work and squared distance in float32, each `[pairs]`, by row.
        """
        squared = self.products[queries] @ self.gallery.products.T
        if self.leave_one_out:
            squared[np.arange(len(queries)), queries] = np.inf
        # A query that wants no work keeps a limit below every distance.
        limit = np.full(len(queries), -np.inf, dtype=np.float32)
        asking = count > 0
        if asking.any():
            kth = upper_bound_of_kth(squared[asking], int(count.max()))
            limit[asking] = self.reach(queries[asking], kth)
        near = np.flatnonzero(squared <= limit[:, None])
        row, work = np.divmod(near, squared.shape[1])
        return row, work, squared.ravel()[near]


def upper_bound_of_kth(squared, count: int) -> np.ndarray:
    """`[block]`: at least `count` values of each row of `[block, gallery]` are no larger.

    The works are put into groups. If `count` groups have their smallest value below a limit,
    then at least `count` works are below it; with many more groups than that, hardly more.
    """
    width = squared.shape[1]
    # Eight groups for each work wanted: two of the nearest then seldom share a group, and the
    # partition has a thirty-second of the values to look at where few are wanted.
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
