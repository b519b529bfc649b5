"""Losses that the style objective is compared with; each reads codes as directions.

All three were published for codes of unit length, so each divides a code by its length first and
compares by cosines. Defaults are those of the papers.
"""

from keras import ops

_NEVER = -1e9  # below every logit: exp of it is 0


def triplet_semi_hard(codes, artists, *, margin=0.2):
    """Each pair of works by one artist against one work by another, only a little further away.

    For an anchor a and a work p by the same artist, the negative n is the nearest work by another
    artist that is further from a than p is, and, where there is none, the furthest of all.

    Args:
        codes: `[batch, code]`, of any length.
        artists: `[batch]` int. Every artist should have two works or more in the batch.
        margin: how much further away than p the negative should be, in squared distance between
            unit codes, which is at most 4. Raising it makes more triplets count.

    Returns:
        Scalar, >= 0: the mean over pairs of `max(0, |a - p|^2 - |a - n|^2 + margin)`; 0 in a batch
        without a pair or without a second artist.

    Source: Schroff, Kalenichenko & Philbin (2015), "FaceNet", equation 2 and section 3.2; where
        there is no semi-hard negative, as tensorflow-addons.
    """
    units = _unit(codes)
    squared = ops.maximum(2.0 - 2.0 * ops.matmul(units, ops.transpose(units)), 0.0)
    same, pairs = _same(artists)
    different = 1.0 - same
    # [anchor, positive, negative]
    further = ops.cast(squared[:, None, :] > squared[:, :, None], "float32") * different[:, None, :]
    nearest = ops.min(ops.where(further > 0, squared[:, None, :], -_NEVER), axis=-1)
    furthest = ops.max(squared * different, axis=-1, keepdims=True)
    negatives = ops.where(ops.max(further, axis=-1) > 0, nearest, furthest)
    counted = pairs * ops.max(different, axis=-1, keepdims=True)
    losses = ops.maximum(squared - negatives + margin, 0.0)
    return ops.sum(losses * counted) / ops.maximum(ops.sum(counted), 1.0)


def supervised_contrastive(codes, artists, *, temperature=0.1):
    """How likely a work picks the other works of its artist among all others of the batch.

    Args:
        codes: `[batch, code]`, of any length.
        artists: `[batch]` int. Every artist should have two works or more in the batch.
        temperature: what cosines are divided by. Lowering it weighs the hardest works more.

    Returns:
        Scalar, in nats: the mean over works of `-1/|P| sum_{p in P} log softmax(cosines / t)_p`
        with P the other works of the same artist and the softmax over all works but the anchor.
        Works without a partner are left out; 0 in a batch without a pair.

    Source: Khosla et al. (2020), "Supervised Contrastive Learning", equation 2 (the sum outside
        the logarithm).
    """
    units = _unit(codes)
    logits = ops.matmul(units, ops.transpose(units)) / temperature
    _, pairs = _same(artists)
    others = ops.where(ops.eye(ops.shape(units)[0]) > 0, _NEVER, logits)
    log_probabilities = logits - ops.logsumexp(others, axis=1, keepdims=True)
    partners = ops.sum(pairs, axis=1)
    likelihoods = ops.sum(log_probabilities * pairs, axis=1) / ops.maximum(partners, 1.0)
    with_partners = ops.cast(partners > 0, "float32")
    return -ops.sum(likelihoods) / ops.maximum(ops.sum(with_partners), 1.0)


def proxy_anchor(codes, artists, proxies, *, margin=0.1, scale=32.0):
    """One learned proxy per artist, near its own works and away from all others of the batch.

    With s the cosine, alpha the scale, delta the margin, and the artists A+ that are in the batch,

        mean_{A+} log(1 + sum_{own x} exp(-alpha (s(x, p) - delta)))
        + mean_A log(1 + sum_{other x} exp(alpha (s(x, p) + delta)))

    Args:
        codes: `[batch, code]`, of any length.
        artists: `[batch]` int in [0, artists).
        proxies: `[artists, code]`, of any length.
        margin: delta, in cosine.
        scale: alpha. Raising it weighs the hardest works of each proxy more.

    Returns:
        Scalar, >= 0.

    Source: Kim et al. (2020), "Proxy Anchor Loss for Deep Metric Learning", equation 4.
    """
    cosines = ops.matmul(_unit(codes), ops.transpose(_unit(proxies)))
    own = ops.one_hot(artists, proxies.shape[0], dtype="float32")
    pulls = _log_one_plus_sum(-scale * (cosines - margin), own)
    pushes = _log_one_plus_sum(scale * (cosines + margin), 1.0 - own)
    present = ops.sum(ops.max(own, axis=0))
    return ops.sum(pulls) / ops.maximum(present, 1.0) + ops.mean(pushes)


def _unit(codes):
    return ops.normalize(ops.cast(codes, "float32"), axis=-1)


def _same(artists):
    """Whether two works are by one artist, and the same without a work's pair with itself."""
    same = ops.cast(ops.equal(artists[:, None], artists[None, :]), "float32")
    return same, same * (1.0 - ops.eye(ops.shape(same)[0], dtype="float32"))


def _log_one_plus_sum(logits, mask):
    """`log(1 + sum exp)` over the first axis, of what the mask keeps, without overflow."""
    kept = ops.where(mask > 0, logits, _NEVER)
    return ops.logsumexp(ops.pad(kept, ((1, 0), (0, 0))), axis=0)
