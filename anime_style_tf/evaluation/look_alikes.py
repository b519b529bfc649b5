"""How well artists are told apart: the gap to the nearest other, and who is taken for whom."""

import dataclasses

import numpy as np
from scipy.spatial import distance

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation import arrays
from anime_style_tf.evaluation.uncertainty import intervals


@dataclasses.dataclass(frozen=True)
class DiscriminationGaps:
    """Of each artist: how much nearer its works are to its own mean than to any other.

    Attributes:
        artists: int `[artists]`, labels in increasing order.
        gaps: `[artists]`, in units of the code; positive where the artist stands apart.
        low: `[artists]`, lower end of the gap's interval.
        high: `[artists]`, upper end.
        ahead: `[artists]`, share of the works that are nearer to their own mean.
        nearest_others: int `[artists]`, the other artist whose mean is most often the nearest.
    """

    artists: np.ndarray
    gaps: np.ndarray
    low: np.ndarray
    high: np.ndarray
    ahead: np.ndarray
    nearest_others: np.ndarray


def discrimination_gaps(
    codes, labels=None, means=None, *, clusters=None, confidence: float = 0.95
) -> DiscriminationGaps:
    """Mean over an artist's works of `min_{b != a} |S(x) - m_b| - |S(x) - m_a|`.

    Args:
        codes: at least two works of each artist, `Codes` or `[works, code]`.
        labels: int `[works]`, of at least two artists; None with `Codes`.
        means: `[artists, code]`, of the training works, for labels in `[0, artists)`. None takes
            the means of `codes` themselves, each work's own mean without that work: otherwise
            it would be drawn to it, the more the fewer works there are.
        clusters: labels `[works]` within which errors may go together, for instance subjects; None
            for independent works.
        confidence: coverage of the intervals in (0, 1).

    Returns:
        `DiscriminationGaps` of the artists that have works.

    Raises:
        ValueError: arrays of the wrong shape.
        TooFewError: one artist alone, one with a single work, or one with works of one cluster.

    Source: our definition, the margin of a nearest-mean classifier.
    """
    works = arrays.as_labeled(codes, labels, artists=None if means is None else len(means))
    codes, labels = works.values, works.labels
    artists, counts = np.unique(labels, return_counts=True)
    if means is None:
        columns = np.searchsorted(artists, labels)
        names = artists
        means = np.stack([codes[labels == artist].mean(axis=0) for artist in artists])
        # |x - mean of the others| = |x - mean of all| n / (n - 1)
        stretch = (counts / np.maximum(counts - 1, 1))[columns]
    else:
        means, columns, stretch = arrays.as_codes(means, "means"), labels, 1.0
        names = np.arange(len(means))
    if len(means) < 2 or counts.min() < 2:
        raise TooFewError(
            "a discrimination gap needs two artists, each with two works; received "
            f"{len(means)} artists, {counts.min()} works of the rarest: measure more "
            "works."
        )
    distances = distance.cdist(codes, means)
    rows = np.arange(len(codes))
    own = distances[rows, columns] * stretch
    distances[rows, columns] = np.inf
    gaps = distances.min(axis=1) - own
    nearest = names[distances.argmin(axis=1)]
    of_artists = []
    for artist in artists:
        of = labels == artist
        own_clusters = None if clusters is None else np.asarray(clusters)[of]
        low, high = intervals.mean_interval(gaps[of], own_clusters, confidence=confidence)
        others, votes = np.unique(nearest[of], return_counts=True)
        of_artists.append(
            (gaps[of].mean(), low, high, np.mean(gaps[of] > 0), others[votes.argmax()])
        )
    return DiscriminationGaps(artists, *map(np.array, zip(*of_artists, strict=True)))


@dataclasses.dataclass(frozen=True)
class LookAlikes:
    """Pairs of artists that are taken for each other, the most alike first.

    Attributes:
        pairs: int `[pairs, 2]`, two artists each.
        rates: `[pairs, 2]`: the share of the first's works attributed to the second, and of the
            second's to the first. They differ where one style contains the other.
        low: `[pairs, 2]`, lower ends of the rates' intervals.
        high: `[pairs, 2]`, upper ends.
    """

    pairs: np.ndarray
    rates: np.ndarray
    low: np.ndarray
    high: np.ndarray


def look_alikes(labels, predicted, *, clusters=None, confidence: float = 0.95) -> LookAlikes:
    """Ranks the pairs of artists with any confusion by the mean of their two rates.

    Args:
        labels: int `[works]`, the artists.
        predicted: int `[works]`, the artists that the works were attributed to, for instance
            that of the nearest neighbor or of the nearest presumed style.
        clusters: labels `[works]` within which errors may go together, for instance subjects; None
            for independent works.
        confidence: coverage of the intervals in (0, 1).

    Returns:
        `LookAlikes`; pairs of artists without works are left out. Intervals are those of
        `intervals.share_interval`.

    Raises:
        ValueError: arrays of the wrong shape.
    """
    labels = arrays.as_labels(labels, np.size(labels))
    predicted = arrays.as_labels(predicted, len(labels), name="predicted")
    clusters = None if clusters is None else np.asarray(clusters)
    wrong = (labels != predicted) & np.isin(predicted, labels)
    confused = np.sort(np.stack([labels[wrong], predicted[wrong]], axis=1), axis=1)
    pairs = np.unique(confused, axis=0)
    rates = np.empty((len(pairs), 2, 3))
    for row, (first, second) in enumerate(pairs):
        for column, (artist, other) in enumerate([(first, second), (second, first)]):
            of = labels == artist
            own_clusters = None if clusters is None else clusters[of]
            rates[row, column] = _rate(predicted[of] == other, own_clusters, confidence)
    order = np.argsort(-rates[..., 0].mean(axis=1), kind="stable")
    return LookAlikes(pairs[order], *np.moveaxis(rates[order], -1, 0))


def _rate(hits, clusters, confidence):
    """Share of hits, with its interval."""
    return hits.mean(), *intervals.share_interval(hits, clusters, confidence=confidence)
