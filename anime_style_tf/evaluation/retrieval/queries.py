"""Queries, the gallery they search, and one value for each query: what all retrieval shares."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Search:
    """Checked codes and labels of queries and of the gallery.

    Attributes:
        queries: float64 `[queries, code]`.
        query_labels: int `[queries]`.
        gallery: float64 `[gallery, code]`; the queries for `leave_one_out`.
        gallery_labels: int `[gallery]`.
        leave_one_out: each query searches all the others.
        relevant: int `[queries]`, R: how many works of the gallery, itself not counted, have the
            query's label.
    """

    queries: np.ndarray
    query_labels: np.ndarray
    gallery: np.ndarray
    gallery_labels: np.ndarray
    leave_one_out: bool
    relevant: np.ndarray

    def lengths(self, prefixes: Sequence[int | None]) -> np.ndarray:
        """Prefix lengths, increasing; None is the whole code, those beyond it are left out."""
        size = self.queries.shape[1]
        wanted = {size if length is None else length for length in prefixes}
        return arrays.as_lengths(sorted(length for length in wanted if length <= size), size)

    def prefix(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Queries and gallery on the first `length` dimensions."""
        queries = self.queries[:, :length]
        return queries, queries if self.leave_one_out else self.gallery[:, :length]


def make_search(queries, query_labels, gallery=None, gallery_labels=None) -> Search:
    """Checks what is searched.

    Args:
        queries: `[queries, code]`.
        query_labels: int `[queries]`.
        gallery: `[gallery, code]`; None for leave-one-out, each query against all the others.
        gallery_labels: int `[gallery]`; None with `gallery`.

    Returns:
        `Search`.

    Raises:
        ValueError: arrays of the wrong shape, or a gallery without labels.
    """
    queries = arrays.as_codes(queries, "queries")
    query_labels = arrays.as_labels(query_labels, len(queries), name="query_labels")
    if (gallery is None) != (gallery_labels is None):
        raise ValueError(
            "gallery and gallery_labels belong together; received only one of them: give both, "
            "or neither for leave-one-out."
        )
    leave_one_out = gallery is None
    if leave_one_out:
        gallery, gallery_labels = queries, query_labels
    else:
        gallery = arrays.as_codes(gallery, "gallery")
        gallery_labels = arrays.as_labels(gallery_labels, len(gallery), name="gallery_labels")
    if gallery.shape[1] != queries.shape[1]:
        raise ValueError(
            f"gallery must have {queries.shape[1]} dimensions as the queries have; received "
            f"{gallery.shape[1]}: prune both alike."
        )
    names, counts = np.unique(gallery_labels, return_counts=True)
    place = np.minimum(np.searchsorted(names, query_labels), len(names) - 1)
    relevant = np.where(names[place] == query_labels, counts[place] - leave_one_out, 0)
    return Search(queries, query_labels, gallery, gallery_labels, leave_one_out, relevant)


@dataclasses.dataclass(frozen=True)
class PerQuery:
    """Measures that are means over queries: their values for each query, by prefix.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        labels: int `[queries]`.
        values: name of a measure -> float `[queries, prefixes]`.
        counted: bool `[queries]`: False where no gallery work has the query's label, so that no
            code could be right; those are left out of every mean.
    """

    lengths: np.ndarray
    labels: np.ndarray
    values: dict[str, np.ndarray]
    counted: np.ndarray

    def of_counted(self, name: str) -> np.ndarray:
        """`[counted, prefixes]`: values of the counted queries, for `two_way.mean_interval`."""
        return self.values[name][self.counted]

    def mean(self, name: str) -> np.ndarray:
        """`[prefixes]`: the measure; NaN if no query counts."""
        return self._mean(name, np.ones(np.count_nonzero(self.counted)))

    def balanced_mean(self, name: str) -> np.ndarray:
        """`[prefixes]`: mean over labels of the mean over a label's queries; NaN if none counts.

        With `balancing_weights` it is a weighted mean, to which intervals can be given.
        """
        return self._mean(name, self.balancing_weights)

    @property
    def balancing_weights(self) -> np.ndarray:
        """`[counted]`: 1 / (number of counted queries with the same label)."""
        _, place, counts = np.unique(
            self.labels[self.counted], return_inverse=True, return_counts=True
        )
        return 1 / counts[place]

    def standard_error(self, name: str, *, by_label: bool = True) -> np.ndarray:
        """`[prefixes]`: of the mean, clustered by the queries' labels or not at all."""
        clusters = self.labels[self.counted] if by_label else None
        return intervals.standard_error(self.of_counted(name), clusters)

    def _mean(self, name, weights):
        if not weights.size:
            return np.full(len(self.lengths), np.nan)
        return np.average(self.of_counted(name), axis=0, weights=weights)


def assemble(columns, queries: int) -> dict[str, np.ndarray]:
    """Puts blocks of queries together: measure -> float `[queries, prefixes]`.

    Args:
        columns: For each prefix, a list of `(rows, block)` with the indices `[block]` of some
            queries and a dictionary measure -> `[block]`.
        queries: How many there are.
    """
    values = {}
    for column, blocks in enumerate(columns):
        for rows, block in blocks:
            for name, some in block.items():
                if name not in values:
                    values[name] = np.zeros((queries, len(columns)))
                values[name][rows, column] = some
    return values
