"""Do clusters of the codes, found without labels, agree with the artists?"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from sklearn import cluster, metrics

from anime_style_tf.evaluation import arrays


@dataclasses.dataclass(frozen=True)
class Agreement:
    """Agreement of k-means clusters with labels, by prefix.

    Attributes:
        lengths: int `[prefixes]`, increasing.
        normalized: `[prefixes]`, normalized mutual information, in [0, 1].
        adjusted: `[prefixes]`, adjusted mutual information: 1 for equal partitions, 0 expected
            for random ones.
    """

    lengths: np.ndarray
    normalized: np.ndarray
    adjusted: np.ndarray


def cluster_agreement(
    codes, labels=None, *, prefixes: Sequence[int | None] = (None,), starts: int = 1, seed: int = 0
) -> Agreement:
    """Mutual information of artists and as many k-means clusters of their works.

    With I the mutual information of labels and clusters and H their entropies,

        normalized = I / ((H(labels) + H(clusters)) / 2)
        adjusted   = (I - E I) / ((H(labels) + H(clusters)) / 2 - E I)

    where E I is expected when the clusters are shuffled. The first rises with the number of
    clusters even for noise, so it is only comparable at the same one; the second does not. Lone
    labels count.

    Args:
        codes: `Codes` or `[works, code]`.
        labels: int `[works]`, in any numbering; k is the number of labels. None with `Codes`.
        prefixes: Prefix lengths, None for the whole code; those beyond the code are left out.
        starts: k-means++ starts, of which the tightest is kept. More is slower and steadier.
        seed: Of the starts.

    Returns:
        `Agreement`.

    Raises:
        ValueError: arrays of the wrong shape.

    Source: scikit-learn's `KMeans` (Lloyd, at most 300 iterations), `normalized_mutual_info_score`
        and `adjusted_mutual_info_score`; Vinh, Epps & Bailey (2010).
    """
    works = arrays.as_labeled(codes, labels)
    wanted = {works.code_size if length is None else length for length in prefixes}
    lengths = arrays.as_lengths(
        sorted(length for length in wanted if length <= works.code_size), works.code_size
    )
    scores = []
    for length in lengths:
        model = cluster.KMeans(len(np.unique(works.labels)), n_init=starts, random_state=seed)
        clusters = model.fit_predict(works.values[:, :length])
        scores.append(
            (
                metrics.normalized_mutual_info_score(works.labels, clusters),
                metrics.adjusted_mutual_info_score(works.labels, clusters),
            )
        )
    normalized, adjusted = np.transpose(scores)
    return Agreement(lengths, normalized, adjusted)
