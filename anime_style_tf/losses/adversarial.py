"""The original adversarial losses, in terms of the discriminator's logits."""

from keras import ops


def discriminator_loss(real_logits, fake_logits):
    """`-E log D(x) - E log(1 - D(G(z)))` with `D = sigmoid(logit)`.

    Args:
        real_logits: `[n]` or any shape, logits on artworks.
        fake_logits: any shape, logits on generated images.

    Returns:
        Scalar, in nats; `2 log 2` for a discriminator that says 1/2 throughout.

    Source: Goodfellow et al. (2014), equation 1; Xiang & Li (2018), section 4.
    """
    return ops.mean(ops.softplus(-_float(real_logits))) + ops.mean(
        ops.softplus(_float(fake_logits))
    )


def generator_loss(fake_logits):
    """`-E log D(G(z))`, the non-saturating form.

    Args:
        fake_logits: any shape, logits on generated images.

    Returns:
        Scalar, in nats.

    Source: Goodfellow et al. (2014), section 3; Xiang & Li (2018), section 4.
    """
    return ops.mean(ops.softplus(-_float(fake_logits)))


def _float(logits):
    return ops.cast(logits, "float32")
