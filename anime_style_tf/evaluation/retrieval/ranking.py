"""What the head of each query's ranking holds: P@k, R-precision, MAP@R."""

from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation.retrieval.queries import PerQuery, assemble, make_search
from anime_style_tf.search.nearest import visit_nearest


def rank(
    queries,
    query_labels=None,
    gallery=None,
    gallery_labels=None,
    *,
    prefixes: Sequence[int | None] = (None,),
    cutoffs: Sequence[int] = (1, 5, 10),
    at_r: bool = True,
) -> PerQuery:
    """Measures on the Euclidean ranking of the gallery, for some prefixes of the code.

    For a query with R works of its label in the gallery, and rel(i) = 1 if the i-th nearest work
    has its label, else 0, with P(i) = (rel(1) + ... + rel(i)) / i:

        precision_at_k = P(k)      (a gallery with fewer than k works is filled up with wrong ones)
        r_precision    = P(R)
        map_at_r       = 1/R sum_{i = 1..R} P(i) rel(i)

    Each measure is the mean over the queries with R > 0. Ties: each value is the expectation over
    breaking them at random, which depends on no order. Of n equally near works after b nearer
    ones, r and s of them relevant, each is among the first k with probability m/n, where m =
    min(max(k - b, 0), n), and they add to map_at_r, with a = (r - 1) / (n - 1),

        1/R sum_{j = 1..m} r/n (s + 1 + a (j - 1)) / (b + j)
            = 1/R r/n (a m + (s + 1 - a (b + 1)) (H(b + m) - H(b))),      H(i) = 1 + ... + 1/i.

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for leave-one-out, each query against all the
            others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.
        prefixes: Prefix lengths, None for the whole code; those beyond the code are left out.
        cutoffs: The k of precision_at_k.
        at_r: Also r_precision and map_at_r, which need the R nearest works: slow where artists
            have many thousand works.

    Returns:
        `PerQuery` with the names above, such as "precision_at_5", each in [0, 1].

    Raises:
        ValueError: arrays of the wrong shape, a gallery without labels, or a cutoff below 1.

    Source: Musgrave et al. (2020), "A Metric Learning Reality Check", section 4.1, which also
        leaves out lone labels; ties: McSherry & Najork (2008), "Computing Information Retrieval
        Performance Measures Efficiently in the Presence of Tied Scores".
    """
    cutoffs = sorted(set(cutoffs))
    if any(cutoff < 1 for cutoff in cutoffs) or not (cutoffs or at_r):
        raise ValueError(
            f"cutoffs must be at least 1; received {cutoffs}: name the k of precision at k."
        )
    search = make_search(queries, query_labels, gallery, gallery_labels)
    lengths = search.lengths(prefixes)
    wanted = np.full(len(search.queries), cutoffs[-1] if cutoffs else 0)
    if at_r:
        wanted = np.maximum(wanted, search.relevant)
    harmonic = np.concatenate([[0], np.cumsum(1 / np.arange(1, len(search.gallery) + 1))])

    def visit(found):
        same, relevant_before, relevant_tied = _relevance(found, search)
        relevant = search.relevant[found.queries]

        def summed(pairs):
            return np.bincount(found.row, pairs * same, len(relevant))

        block = {f"precision_at_{k}": summed(found.within(k)) / k for k in cutoffs}
        if at_r:
            inverse = 1 / np.maximum(relevant, 1)
            share = found.within(relevant[found.row])
            block["r_precision"] = summed(share) * inverse
            slope = (relevant_tied - 1) / np.maximum(found.tied - 1, 1)
            precision = slope * share * found.tied + (
                relevant_before + 1 - slope * (found.before + 1)
            ) * _harmonic_sum(found, share, harmonic)
            block["map_at_r"] = summed(precision / found.tied) * inverse
        return found.queries, block

    columns = [
        visit_nearest(*search.prefix(d), wanted, visit, leave_one_out=search.leave_one_out)
        for d in lengths
    ]
    return PerQuery(
        lengths, search.queries.labels, assemble(columns, len(wanted)), search.relevant > 0
    )


def _relevance(found, search):
    """Per pair: has it the query's label; how many such works are nearer, how many as near."""
    same = search.gallery.labels[found.work] == search.queries.labels[found.queries[found.row]]
    counts = np.bincount(found.row, minlength=len(found.queries))
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])[found.row] + found.before
    total = np.concatenate([[0], np.cumsum(same)])
    start = total[first - found.before]
    return same, total[first] - start, total[first + found.tied] - total[first]


def _harmonic_sum(found, share, harmonic):
    within = np.rint(share * found.tied).astype(np.int64)
    return harmonic[found.before + within] - harmonic[found.before]
