"""Queries, the gallery they search, and one value for each query: what all retrieval shares."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class Search:
    """Queries and the gallery they search, of one code size.

    Attributes:
        queries: `Codes`.
        gallery: `Codes`; the queries for `leave_one_out`.
        leave_one_out: each query searches all the others.
        relevant: int `[queries]`, R: how many works of the gallery, itself not counted, have the
            query's label.
    """

    queries: Codes
    gallery: Codes
    leave_one_out: bool
    relevant: np.ndarray

    def lengths(self, prefixes: Sequence[int | None]) -> np.ndarray:
        """Prefix lengths, increasing; None is the whole code, those beyond it are left out."""
        size = self.queries.code_size
        wanted = {size if length is None else length for length in prefixes}
        return arrays.as_lengths(sorted(length for length in wanted if length <= size), size)

    def prefix(self, length: int) -> tuple[np.ndarray, np.ndarray]:
        """Values of the queries and of the gallery on the first `length` dimensions."""
        queries = self.queries.values[:, :length]
        return queries, queries if self.leave_one_out else self.gallery.values[:, :length]


def make_search(queries, query_labels=None, gallery=None, gallery_labels=None) -> Search:
    """Checks what is searched.

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for leave-one-out, each query against all the
            others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.

    Returns:
        `Search`.

    Raises:
        ValueError: arrays of the wrong shape, or a gallery without labels.
    """
    queries = arrays.as_labeled(queries, query_labels, name="queries", label_name="query_labels")
    leave_one_out = gallery is None
    if not isinstance(gallery, Codes) and leave_one_out != (gallery_labels is None):
        raise ValueError(
            "gallery and gallery_labels belong together; received only one of them: give both, "
            "or neither for leave-one-out."
        )
    if leave_one_out:
        gallery = queries
    else:
        names = {"name": "gallery", "label_name": "gallery_labels"}
        gallery = arrays.as_labeled(gallery, gallery_labels, **names)
    check_code_sizes(queries.values, gallery.values)
    artists, counts = np.unique(gallery.labels, return_counts=True)
    place = np.minimum(np.searchsorted(artists, queries.labels), len(artists) - 1)
    in_gallery = artists[place] == queries.labels
    relevant = np.where(in_gallery, counts[place] - leave_one_out, 0)
    return Search(queries, gallery, leave_one_out, relevant)


def check_code_sizes(queries, gallery):
    """Refuses a gallery whose codes are longer or shorter than the queries.

    Raises:
        ValueError: another code size.
    """
    if gallery.shape[1] != queries.shape[1]:
        raise ValueError(
            f"gallery must have {queries.shape[1]} dimensions as the queries have; received "
            f"{gallery.shape[1]}: prune both alike."
        )


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
            for name, of_block in block.items():
                if name not in values:
                    values[name] = np.zeros((queries, len(columns)))
                values[name][rows, column] = of_block
    return values
