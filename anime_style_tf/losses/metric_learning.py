"""The two style losses, over all prefix lengths of nested dropout.

With `d` a prefix length, `w_d` its probability (`layers.nested_dropout.prefix_law`) and
`lambda_d = exp(l_d)` its learned scale, every distance is `lambda_d |pi_d u - pi_d v|`. Works of
one artist attract each other by `phi_same(r) = r^2`; works of different artists repel each other by
`phi_diff(r) = exp(-r^2)` (`losses.repulsion`).

The attraction needs no axis of prefixes: dimension k is in every prefix of length k or more, so
that `sum_d w_d lambda_d^2 |pi_d u - pi_d v|^2 = sum_k W_k (u_k - v_k)^2` with
`W_k = sum_{d >= k} w_d lambda_d^2`.

Source: Xiang & Li (2018), section 3; the formulas are our reconstruction from its sentences
(`docs/method.md`, section 2).
"""

from keras import ops

from anime_style_tf.losses.repulsion import chunked


def pair_terms(codes, artists, *, prefix_weights, log_scales):
    """Attraction and repulsion between the works of one batch.

    Args:
        codes: `[batch, code]`, style codes.
        artists: `[batch]` int, the artist of each work. Every artist should have two works or
            more in the batch.
        prefix_weights: `[code]`, probability of each prefix length.
        log_scales: `[code]`, l_d.

    Returns:
        `(attraction, repulsion)`, scalars: the mean of `phi_same` over pairs of two works of one
        artist, each artist weighing the same, and the mean of `phi_diff` over pairs of works of
        different artists. A batch without pairs of a kind gives 0.
    """
    codes = ops.cast(codes, "float32")
    together = ops.cast(ops.equal(artists[:, None], artists[None, :]), "float32")
    works = ops.sum(together, axis=1)
    # Of n works the mean over pairs is 2 / (n - 1) times the sum of squares around their mean.
    deviations = codes - ops.matmul(together / works[:, None], codes)
    squared = _expected_square(deviations, prefix_weights, log_scales)
    paired = ops.cast(works > 1.5, "float32")
    of_artists = ops.sum(2.0 * paired * squared / ops.maximum(works - 1.0, 1.0))
    attraction = of_artists / ops.maximum(ops.sum(paired / works), 1.0)
    repulsion = chunked(
        codes, codes, 1.0 - together, prefix_weights=prefix_weights, log_scales=log_scales
    )
    return attraction, repulsion


def presumed_terms(
    codes, artists, presumed_styles, *, prefix_weights, log_scales, repulsion=chunked
):
    """Attraction to the own artist's presumed style and repulsion from all others'.

    Args:
        codes: `[batch, code]`, style codes.
        artists: `[batch]` int in [0, artists).
        presumed_styles: `[artists, code]`.
        prefix_weights: `[code]`, probability of each prefix length.
        log_scales: `[code]`, l_d.
        repulsion: form of the mean of `phi_diff`, a function of `losses.repulsion`.

    Returns:
        `(attraction, repulsion)`, scalars: the mean over works of `phi_same` to the own presumed
        style, and the mean over works and other artists of `phi_diff` (divide a push of weight r
        by nothing further: this is the `1 / (A - 1) sum` of the formula). With one artist the
        repulsion is 0.
    """
    codes = ops.cast(codes, "float32")
    presumed_styles = ops.cast(presumed_styles, "float32")
    shared = {"prefix_weights": prefix_weights, "log_scales": log_scales}
    own = ops.take(presumed_styles, artists, axis=0)
    attraction = ops.mean(_expected_square(codes - own, **shared))
    apart = 1.0 - ops.one_hot(artists, presumed_styles.shape[0], dtype="float32")
    return attraction, repulsion(codes, presumed_styles, apart, **shared)


def _expected_square(differences, prefix_weights, log_scales):
    """Mean of `phi_same` over prefix lengths, `[batch, code] -> [batch]`."""
    of_lengths = prefix_weights * ops.exp(2.0 * ops.cast(log_scales, "float32"))
    of_dimensions = ops.flip(ops.cumsum(ops.flip(of_lengths)))
    return ops.sum(ops.square(differences) * of_dimensions, axis=-1)
