"""What each query's complete ranking says: average precision, area under the ROC curve."""

from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation.retrieval.labeled_distances import visit_blocks
from anime_style_tf.evaluation.retrieval.queries import PerQuery, make_search


def rank_completely(
    queries,
    query_labels=None,
    gallery=None,
    gallery_labels=None,
    *,
    prefixes: Sequence[int | None] = (None,),
) -> PerQuery:
    """Measures on the Euclidean ranking of the whole gallery, for some prefixes of the code.

    For a query with R works of its label in the gallery, at distances p_1..p_R, and N works of
    other labels at distances n_1..n_N,

        average_precision = 1/R sum_i #{relevant works at most p_i away} / #{works at most p_i away}
        query_auc         = 1/(R N) sum_i sum_j [p_i < n_j] + [p_i = n_j] / 2

    The mean of the first over queries is mean average precision; that of the second, the
    probability that a work by the same artist is nearer than one by another. Neither depends on
    the order of ties. Queries with R = 0 are not counted; if N = 0, query_auc is 1/2.

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for leave-one-out, each query against all the
            others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.
        prefixes: Prefix lengths, None for the whole code; those beyond the code are left out.

    Returns:
        `PerQuery` with "average_precision" and "query_auc", each in [0, 1]. All distances of a
        query are sorted: several times as slow as `ranking.rank`, in as little memory.

    Raises:
        ValueError: arrays of the wrong shape, or a gallery without labels.

    Source: `sklearn.metrics.average_precision_score` and `roc_auc_score` of each query's negative
        distances.
    """
    search = make_search(queries, query_labels, gallery, gallery_labels)
    lengths = search.lengths(prefixes)
    total = len(search.gallery) - search.leave_one_out

    def visit(block):
        relevant = [
            row[own].copy() for row, own in zip(block.squared, block.relevant(), strict=True)
        ]
        block.squared.sort(axis=1)
        return [
            _measure(row, np.sort(own), total)
            for row, own in zip(block.squared, relevant, strict=True)
        ]

    columns = [np.concatenate(visit_blocks(search, d, visit)) for d in lengths]
    precision, area = np.moveaxis(np.stack(columns, axis=1), 2, 0)
    values = {"average_precision": precision, "query_auc": area}
    return PerQuery(lengths, search.queries.labels, values, search.relevant > 0)


def _measure(squared, relevant, total):
    """Average precision and area of one query, from its sorted distances to all and to its own."""
    relevant = relevant[np.isfinite(relevant)]  # without the query itself
    count, others = len(relevant), total - len(relevant)
    if not count:
        return 0.0, 0.5
    up_to = np.searchsorted(squared, relevant, side="right")
    relevant_up_to = np.searchsorted(relevant, relevant, side="right")
    precision = np.mean(relevant_up_to / up_to)
    if not others:
        return precision, 0.5
    relevant_before = np.searchsorted(relevant, relevant)
    before = np.searchsorted(squared, relevant) - relevant_before
    wrong = (before + up_to - relevant_up_to) / 2
    return precision, 1 - np.mean(wrong) / others
