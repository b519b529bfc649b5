"""Verification: are two works by the same artist, judged by the distance of their codes alone?"""

import dataclasses
import threading
from collections.abc import Sequence

import numpy as np

from anime_style_tf.evaluation.retrieval.labeled_distances import visit_blocks
from anime_style_tf.evaluation.retrieval.queries import make_search

_EXACT_PAIRS = 2**22  # up to so many pairs, each distance has a place of its own
_PLACES = 2**20  # beyond that, places of equal width


@dataclasses.dataclass(frozen=True)
class Verification:
    """Area under the ROC curve of "the same artist", by prefix.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        labels: int `[queries]`.
        area: `[prefixes]`, in [0, 1]; NaN without pairs of both kinds.
        resolution: `[prefixes]`: the area is at most so far from the exact one. 0 for few pairs.
        values: `[queries, prefixes]`, whose mean over queries is the area: the area plus what each
            query adds to it to first order. Their spread, clustered, is that of the area.
    """

    lengths: np.ndarray
    labels: np.ndarray
    area: np.ndarray
    resolution: np.ndarray
    values: np.ndarray


def verification_auc(
    queries,
    query_labels=None,
    gallery=None,
    gallery_labels=None,
    *,
    prefixes: Sequence[int | None] = (None,),
) -> Verification:
    """Probability that two works by one artist are nearer than two by different artists.

    Over all P pairs of a query and a gallery work with its label, at distances s, and all N pairs
    with another, at distances t, pooled (one threshold for all queries):

        area = 1/(P N) sum_i sum_j [s_i < t_j] + [s_i = t_j] / 2

    A query whose label the gallery does not have counts in N only. Up to 4 million pairs, exact.
    Beyond, distances fall into 2^20 places of equal width; those in one place count as equal, and
    `resolution` = sum over places of (share of P) (share of N) / 2 bounds the error.

    With F(s) the share of N beyond s and G(t) the share of P within t, ties half, query q has

        value = area + n (sum_{its s} (F(s) - area) / P + sum_{its t} (G(t) - area) / N)

    n being the number of queries; for leave-one-out the deviation counts twice, because each work
    is in the pairs of the others too (the infinitesimal jackknife).

    Args:
        queries: `Codes` or `[queries, code]`.
        query_labels: int `[queries]`; None with `Codes`.
        gallery: `Codes` or `[gallery, code]`; None for leave-one-out, each query against all the
            others.
        gallery_labels: int `[gallery]`; None with `Codes` or without a gallery.
        prefixes: Prefix lengths, None for the whole code; those beyond the code are left out.

    Returns:
        `Verification`. Two passes over all pairs.

    Raises:
        ValueError: arrays of the wrong shape, or a gallery without labels.

    Source: Hanley & McNeil (1982); values: Efron (1982), section 6.
    """
    search = make_search(queries, query_labels, gallery, gallery_labels)
    lengths = search.lengths(prefixes)
    columns = [_verify(search, length) for length in lengths]
    area, resolution, values = (np.stack(part, axis=-1) for part in zip(*columns, strict=True))
    return Verification(lengths, search.queries.labels, area, resolution, values)


def _verify(search, length):
    """Area, its resolution and the values `[queries]` on one prefix."""
    place, places, exact = _places(search, length)
    same, different = np.zeros(places), np.zeros(places)
    lock = threading.Lock()

    def count(block):
        places_of = place(block.squared)
        own = _own(places_of, block)
        of_own = np.bincount(np.concatenate(own), minlength=places + 1)[:places]
        of_all = np.bincount(places_of.ravel(), minlength=places + 1)[:places]
        with lock:
            np.add(same, of_own, out=same)
            np.add(different, of_all - of_own, out=different)

    visit_blocks(search, length, count)
    if not (same.any() and different.any()):
        return np.nan, np.nan, np.full(len(search.queries), np.nan)
    same, different = same / same.sum(), different / different.sum()
    beyond = 1 - np.cumsum(different) + different / 2
    within = np.cumsum(same) - same / 2
    area = same @ beyond
    # The place of a query itself, behind all others, adds nothing.
    beyond, within = np.append(beyond - area, 0), np.append(within - area, 0)

    def add_up(block):
        places_of = place(block.squared)
        own = _own(places_of, block)
        of_own = np.array([(beyond[places].sum(), within[places].sum()) for places in own])
        return np.stack([of_own[:, 0], within[places_of].sum(axis=1) - of_own[:, 1]], axis=1)

    sums = np.concatenate(visit_blocks(search, length, add_up))
    pairs = search.relevant.sum()
    others = len(search.queries) * (len(search.gallery) - search.leave_one_out) - pairs
    added = sums[:, 0] / pairs + sums[:, 1] / others
    values = area + len(sums) * (2 if search.leave_one_out else 1) * added
    return area, 0.0 if exact else same @ different / 2, values


def _own(places_of, block):
    return [row[own] for row, own in zip(places_of, block.relevant(), strict=True)]


def _places(search, length):
    """Function from squared distances to places in [0, places], the last for infinity."""
    queries, gallery = search.prefix(length)
    if len(queries) * len(gallery) <= _EXACT_PAIRS:
        blocks = visit_blocks(search, length, lambda block: np.unique(block.squared))
        known = np.unique(np.concatenate(blocks))
        known = known[np.isfinite(known)]
        return lambda squared: np.searchsorted(known, squared), len(known), True

    center = gallery.mean(axis=0)
    largest = sum(np.linalg.norm(codes - center, axis=1).max() for codes in (queries, gallery))
    scale = _PLACES / max(largest * (1 + 1e-9), 1e-290)  # 0 if all codes are the same

    def place(squared):
        return np.minimum(np.sqrt(squared) * scale, _PLACES).astype(np.int64)

    return place, _PLACES, False
