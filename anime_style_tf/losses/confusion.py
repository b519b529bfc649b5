"""What keeps a code from telling whose work it is of."""

from keras import ops


def confusion(logits):
    """Divergence of the uniform distribution over artists from what a reader says.

    Args:
        logits: `[batch, artists]`, of a classifier that is trained to name the artist.

    Returns:
        Scalar in nats, >= 0; 0 where every artist is as likely as the others.

    Source: Tzeng et al. (2015), "Simultaneous Deep Transfer Across Domains and Tasks", equation 5,
        less its constant, log of the number of artists; our setting.
    """
    logits = ops.cast(logits, "float32")
    artists = logits.shape[-1]
    likelihoods = ops.log_softmax(logits, axis=-1)
    return -ops.mean(likelihoods) - ops.log(float(artists))
