"""What is measured of a style encoder on the emoji."""

import numpy as np

from anime_style_tf.evaluation.retrieval.ranking import rank
from anime_style_tf.evaluation.retrieval.voting import vote
from anime_style_tf.evaluation.variance import variance_ratio
from anime_style_tf.workdir.networks import over_images

PREFIXES = (2, 4, 8, None)


def scores(encoder, training, held_out, *, directions=False):
    """P@1 at each prefix, and more.

    Args:
        encoder: from normalized Lab to codes.
        training: `Drawings` of the gallery.
        held_out: `Drawings` of the queries.
        directions: compares those of the codes.

    Returns:
        Dictionary: "d=2" ...; the accuracy of a vote of five neighbors, artists weighing alike; the
        variance ratio of the held-out drawings on 8 and all dimensions.
    """
    codes = [over_images(encoder, part.images) for part in (held_out, training)]
    row, size = {}, codes[0].shape[1]
    for length in PREFIXES:
        if length is not None and length > size:
            continue
        queries, gallery = (code[:, :length] for code in codes)
        if directions:
            queries, gallery = unit(queries), unit(gallery)
        searched = (queries, held_out.artists, gallery, training.artists)
        found = rank(*searched, cutoffs=(1,), at_r=False)
        row[f"d={queries.shape[1]}"] = float(found.mean("precision_at_1")[0])
        if length in (8, None):
            ratio = variance_ratio(queries, held_out.artists).ratio[-1]
            row[f"variance ratio, d={queries.shape[1]}"] = float(ratio)
    votes = vote(*searched).balanced_mean("neighbor_accuracy_5")
    return row | {"balanced accuracy": float(votes[0])}


def unit(codes):
    """Codes `[works, code]` divided by their lengths."""
    return codes / np.linalg.norm(codes, axis=1, keepdims=True)
