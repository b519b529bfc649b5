"""Attribution by a vote of the nearest works."""

from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation.retrieval.queries import PerQuery, assemble, make_search
from anime_style_tf.search.nearest import visit_nearest


def vote(
    queries,
    query_labels=None,
    gallery=None,
    gallery_labels=None,
    *,
    prefixes: Sequence[int | None] = (None,),
    neighbor_counts: Sequence[int] = (5,),
) -> PerQuery:
    """Accuracy of the label that most of the k nearest works have, for some prefixes of the code.

    Accuracy is the share of queries that get their own label; `balanced_mean` is the mean over
    labels of that share. Ties, without regard to any order: works equally near at the k-th place
    share the votes that are left; of labels with equally many votes each is taken with the same
    probability. Queries whose label the gallery does not have are not counted. A gallery of fewer
    than k works votes as a whole.

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for leave-one-out, each query against all the
            others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.
        prefixes: Prefix lengths, None for the whole code; those beyond the code are left out.
        neighbor_counts: The k; more smooths.

    Returns:
        `PerQuery` with "neighbor_accuracy_k" for each k, in [0, 1].

    Raises:
        ValueError: arrays of the wrong shape, a gallery without labels, or k below 1.

    Source: Cover & Hart (1967); the treatment of ties is our setting.
    """
    counts = sorted(set(neighbor_counts))
    if not counts or counts[0] < 1:
        raise ValueError(
            f"neighbor_counts must be at least 1; received {counts}: say how many works vote."
        )
    search = make_search(queries, query_labels, gallery, gallery_labels)
    lengths = search.lengths(prefixes)
    names, label = np.unique(search.gallery.labels, return_inverse=True)

    def visit(found):
        ballots, place = np.unique(found.row * len(names) + label[found.work], return_inverse=True)
        row, own = ballots // len(names), names[ballots % len(names)]
        right = own == search.queries.labels[found.queries[row]]
        block = {}
        for k in counts:
            # Shares such as 1/3 + 1/3 + 1/3 must equal a whole vote.
            votes = np.round(np.bincount(place, found.within(k), len(ballots)), 9)
            most = np.zeros(len(found.queries))
            np.maximum.at(most, row, votes)
            leads = votes == most[row]
            leaders = np.maximum(np.bincount(row, leads, len(found.queries)), 1)
            block[f"neighbor_accuracy_{k}"] = (
                np.bincount(row, leads & right, len(found.queries)) / leaders
            )
        return found.queries, block

    columns = [
        visit_nearest(*search.prefix(d), counts[-1], visit, leave_one_out=search.leave_one_out)
        for d in lengths
    ]
    values = assemble(columns, len(search.queries))
    return PerQuery(lengths, search.queries.labels, values, search.relevant > 0)
