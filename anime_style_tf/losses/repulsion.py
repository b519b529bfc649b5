"""The mean of `phi_diff` over pairs and prefix lengths, in three forms with one signature.

`exact` is the formula, one array of all pairs and prefixes, which is too large for many artists;
`chunked` has the same value and gradients, the memory of `CHUNK` artists, and is the faster one;
`sampled` draws a prefix length for each work, which is unbiased and for very many artists.

With `c_d` the squared distance of a pair on the first d dimensions and `s_d = lambda_d^2`, a pair
adds `sum_d w_d exp(-s_d c_d)`. As `c_d` is a cumulative sum along the code, its gradient for the
squared difference in dimension k is a reverse one: `-sum_{d >= k} w_d s_d exp(-s_d c_d)`.

Source: Xiang & Li (2018), section 3; the formulas are our reconstruction from its sentences
(`docs/method.md`, section 2).
"""

import keras
import numpy as np
from keras import ops

# Artists at a time: one array of 64 works x 64 artists x 64 dimensions is a megabyte, which stays
# in a processor's cache.
CHUNK = 64
_BLOCK = 32  # Columns that one matrix product sums, at most.


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


def exact(codes, others, apart, *, prefix_weights, log_scales):
    """Mean of `phi_diff` over the pairs that are apart, all prefixes of all pairs at once.

    Args:
        codes: `[batch, code]`, style codes.
        others: `[others, code]`, presumed styles or style codes.
        apart: `[batch, others]`, 1 for each pair that counts, else 0.
        prefix_weights: `[code]`, probability of each prefix length.
        log_scales: `[code]`, l_d.

    Returns:
        Scalar in [0, 1]; 0 where no pair counts.
    """
    scaled = prefix_squared_distances(codes, others) * _scales(log_scales)
    of_pairs = ops.matmul(ops.exp(-scaled), ops.cast(prefix_weights, "float32"))
    return _mean_over(apart, ops.sum(of_pairs * apart))


def chunked(codes, others, apart, *, prefix_weights, log_scales, chunk=CHUNK):
    """`exact` with the memory of some of the others at a time.

    The gradients are computed beside the value, chunk by chunk, so that nothing is kept for, or
    computed again in, the backward pass; there is no second derivative. Prefix sums are matrix
    products, in the precision that the backend gives them (less than float32 on a GPU with TF32).

    Args:
        codes: see `exact`.
        others: see `exact`; where their number is unknown, they are one chunk.
        apart: see `exact`.
        prefix_weights: see `exact`.
        log_scales: see `exact`.
        chunk: number of others at a time; raising it takes more memory and fewer, longer steps.

    Returns:
        See `exact`.
    """
    weights = ops.cast(prefix_weights, "float32")
    # Others first, so that a chunk of them takes its own rows of this along.
    against = ops.transpose(ops.cast(apart, "float32"))

    @ops.custom_gradient
    def total(codes, others, scales):
        def of_chunk(part):
            return _sum_and_gradients(codes, *part, weights, scales)

        # `ops.map` is one copy of the graph for all chunks, but their number must be known.
        count = others.shape[0]
        if count is None or count <= chunk:
            value, *gradients = of_chunk((others, against))
        else:
            # Nothing is apart from the zeros that fill the last chunk up.
            parts = [_in_chunks(each, count, chunk) for each in (others, against)]
            values, of_codes, of_others, of_scales = ops.map(of_chunk, parts)
            # Codes and scales meet every chunk, so their gradients add up; each other is in one.
            value = ops.sum(values)
            gradients = (
                ops.sum(of_codes, axis=0),
                ops.reshape(of_others, (-1, others.shape[1]))[:count],
                ops.sum(of_scales, axis=0),
            )
        return value, lambda upstream: tuple(upstream * gradient for gradient in gradients)

    codes, others = ops.cast(codes, "float32"), ops.cast(others, "float32")
    return _mean_over(apart, total(codes, others, _scales(log_scales)))


def sampled(codes, others, apart, *, prefix_weights, log_scales, seed):
    """An unbiased estimate of `exact` from one prefix length per work, as nested dropout draws.

    On one length a distance is three matrix products, so nothing has an axis of pairs and one of
    the code; the memory is that of `[batch, others]` and of the others themselves.

    Args:
        codes: see `exact`.
        others: see `exact`.
        apart: see `exact`.
        prefix_weights: see `exact`.
        log_scales: see `exact`.
        seed: `keras.random.SeedGenerator`, or a whole number for always the same lengths.

    Returns:
        Scalar whose mean over draws, and whose gradients' mean, is that of `exact`.
    """
    codes, others = ops.cast(codes, "float32"), ops.cast(others, "float32")
    # A length of weight 0 is never drawn, and its logarithm would be minus infinity.
    logits = ops.log(ops.maximum(ops.cast(prefix_weights, "float32"), 1e-30))
    last = keras.random.categorical(logits[None], ops.shape(codes)[0], dtype="int32", seed=seed)[0]
    kept = ops.cast(ops.arange(codes.shape[-1])[None] <= last[:, None], "float32")
    # |u|^2 + |v|^2 - 2 u v, each on the work's own prefix, and none larger than `[batch, others]`.
    codes = codes * kept
    squared = (
        ops.sum(ops.square(codes), axis=-1, keepdims=True)
        + ops.matmul(kept, ops.transpose(ops.square(others)))
        - 2.0 * ops.matmul(codes, ops.transpose(others))
    )
    scales = ops.take(_scales(log_scales), last)[:, None]
    return _mean_over(apart, ops.sum(ops.exp(-squared * scales) * apart))


def _in_chunks(values, count, chunk):
    """`[count, columns] -> [chunks, chunk, columns]`, filled up with zeros."""
    chunks = -(-count // chunk)
    filled = ops.pad(values, ((0, chunks * chunk - count), (0, 0)))
    return ops.reshape(filled, (chunks, chunk, ops.shape(values)[1]))


def _sum_and_gradients(codes, others, against, weights, scales):
    """The sum over pairs and prefixes, and its gradients for codes, others and scales."""
    # The gradients are made of what the value is made of, so one pass gives both.
    difference = codes[:, None, :] - others[None, :, :]
    squared = _prefix_sums(ops.square(difference))
    repulsion = ops.exp(-squared * scales) * (ops.transpose(against)[:, :, None] * weights)
    # Dimension k is in every prefix of length k or more: hence the sum from the end.
    force = difference * _prefix_sums(repulsion * scales, reverse=True)
    return (
        ops.sum(repulsion),
        -2.0 * ops.sum(force, axis=1),
        2.0 * ops.sum(force, axis=0),
        -ops.sum(repulsion * squared, axis=(0, 1)),
    )


def _prefix_sums(values, *, reverse=False):
    """Cumulative sum along the last axis, by blocks, several times faster on processors.

    Sums within a block, and over the blocks before it, are products with triangles of ones.
    """
    # The longest block that divides the code, so that one triangle serves all blocks.
    shape, size = ops.shape(values), values.shape[-1]
    block = max(length for length in range(1, _BLOCK + 1) if size % length == 0)
    within = np.triu(np.ones((block, block), "float32"))
    before = np.triu(np.ones((size // block, size // block), "float32"), k=1)
    if reverse:
        within, before = within.T, before.T
    # A block's last column, in reverse its first, is its whole sum: what the blocks after it add.
    sums = ops.matmul(ops.reshape(values, (-1, block)), within)
    blocks = ops.reshape(sums[:, 0 if reverse else -1], (-1, size // block))
    return ops.reshape(sums + ops.reshape(ops.matmul(blocks, before), (-1, 1)), shape)


def _scales(log_scales):
    return ops.exp(2.0 * ops.cast(log_scales, "float32"))


def _mean_over(apart, total):
    # A batch by one artist has no pair that counts: 0 / 1e-12 is the 0 that is promised.
    return total / ops.maximum(ops.sum(apart), 1e-12)
