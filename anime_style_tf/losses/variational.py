"""The variational part of the content encoder's objective."""

from keras import ops


def kl_divergence(mean, log_variance):
    """Divergence of each posterior from the standard normal, in nats.

    Args:
        mean: `[batch, code]`.
        log_variance: `[batch, code]`.

    Returns:
        `[batch]`, >= 0.

    Source: Kingma & Welling (2014), appendix B:  KL = -1/2 sum(1 + log s^2 - m^2 - s^2).
    """
    mean = ops.cast(mean, "float32")
    log_variance = ops.cast(log_variance, "float32")
    terms = 1.0 + log_variance - ops.square(mean) - ops.exp(log_variance)
    return -0.5 * ops.sum(terms, axis=-1)
