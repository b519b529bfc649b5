"""The two style losses, exact over all prefix lengths of nested dropout.

With `d` a prefix length, `w_d` its probability (`layers.nested_dropout.prefix_law`) and
`lambda_d = exp(l_d)` its learned scale, every distance is `lambda_d |pi_d u - pi_d v|`. Works of
one artist attract each other by `phi_same(r) = r^2`; works of different artists repel each other by
`phi_diff(r) = exp(-r^2)`. One cumulative sum of squared differences along the code gives all
prefixes at once, so the expectation over prefix lengths is computed, not sampled.

Source: Xiang & Li (2018), section 3; the formulas are our reconstruction from its sentences
(`docs/method.md`, section 2).
"""

from keras import ops


def prefix_squared_distances(codes, others):
    """Squared distances between two sets of codes on every prefix.

    Args:
        codes: `[batch, code]`.
        others: `[others, code]`.

    Returns:
        `[batch, others, code]` float32; entry d - 1 is `|pi_d u - pi_d v|^2`.
    """
    codes = ops.cast(codes, "float32")
    others = ops.cast(others, "float32")
    return ops.cumsum(ops.square(codes[:, None, :] - others[None, :, :]), axis=-1)


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
    scaled = _scaled(prefix_squared_distances(codes, codes), log_scales)
    same = ops.cast(ops.equal(artists[:, None], artists[None, :]), "float32")
    different = 1.0 - same
    same = same * (1.0 - ops.eye(ops.shape(codes)[0], dtype="float32"))
    # A work's pairs weigh 1 / (pairs of its artist), so that artists weigh the same.
    partners = ops.sum(same, axis=1)
    pairs_of_artist = partners * (partners + 1.0)
    same = same / ops.maximum(pairs_of_artist, 1.0)[:, None]
    return (
        _weighted_mean(_expectation(scaled, prefix_weights), same),
        _weighted_mean(_expectation(ops.exp(-scaled), prefix_weights), different),
    )


def presumed_terms(codes, artists, presumed_styles, *, prefix_weights, log_scales):
    """Attraction to the own artist's presumed style and repulsion from all others'.

    Args:
        codes: `[batch, code]`, style codes.
        artists: `[batch]` int in [0, artists).
        presumed_styles: `[artists, code]`.
        prefix_weights: `[code]`, probability of each prefix length.
        log_scales: `[code]`, l_d.

    Returns:
        `(attraction, repulsion)`, scalars: the mean over works of `phi_same` to the own presumed
        style, and the mean over works and other artists of `phi_diff` (divide a push of weight r
        by nothing further: this is the `1 / (A - 1) sum` of the formula). With one artist the
        repulsion is 0.
    """
    scaled = _scaled(prefix_squared_distances(codes, presumed_styles), log_scales)
    own = ops.one_hot(artists, presumed_styles.shape[0], dtype="float32")
    return (
        _weighted_mean(_expectation(scaled, prefix_weights), own),
        _weighted_mean(_expectation(ops.exp(-scaled), prefix_weights), 1.0 - own),
    )


def _scaled(squared_distances, log_scales):
    return squared_distances * ops.exp(2.0 * ops.cast(log_scales, "float32"))


def _expectation(values, prefix_weights):
    """Mean over prefix lengths, `[a, b, code] -> [a, b]`."""
    return ops.matmul(values, ops.cast(prefix_weights, "float32"))


def _weighted_mean(values, weights):
    return ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1e-12)
