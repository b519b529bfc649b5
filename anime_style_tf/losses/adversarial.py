"""Adversarial losses, the original and the hinge, in terms of the discriminator's logits."""

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
    return ops.mean(ops.softplus(-_float(real_logits))) + refusal_loss(fake_logits)


def refusal_loss(logits):
    """`-E log(1 - D(x))`, the discriminator's side of what it has to refuse.

    Args:
        logits: any shape, logits on images to refuse.

    Returns:
        Scalar, in nats.

    Source: Goodfellow et al. (2014), equation 1, its second term.
    """
    return ops.mean(ops.softplus(_float(logits)))


def generator_loss(fake_logits):
    """`-E log D(G(z))`, the non-saturating form.

    Args:
        fake_logits: any shape, logits on generated images.

    Returns:
        Scalar, in nats.

    Source: Goodfellow et al. (2014), section 3; Xiang & Li (2018), section 4.
    """
    return ops.mean(ops.softplus(-_float(fake_logits)))


def discriminator_hinge(real_logits, fake_logits):
    """`E max(0, 1 - l(x)) + E max(0, 1 + l(G(z)))`: nothing beyond a margin of one counts.

    Args:
        real_logits: any shape, logits on artworks.
        fake_logits: any shape, logits on generated images.

    Returns:
        Scalar, >= 0; 2 for a discriminator that says 0 throughout.

    Source: Lim & Ye (2017), "Geometric GAN"; our setting.
    """
    return ops.mean(ops.relu(1.0 - _float(real_logits))) + refusal_hinge(fake_logits)


def refusal_hinge(logits):
    """`E max(0, 1 + l(x))`, the discriminator's side of what it has to refuse.

    Args:
        logits: any shape, logits on images to refuse.

    Returns:
        Scalar, >= 0.

    Source: Lim & Ye (2017), "Geometric GAN"; our setting.
    """
    return ops.mean(ops.relu(1.0 + _float(logits)))


def generator_hinge(fake_logits):
    """`-E l(G(z))`, the generator's side of the hinge.

    Args:
        fake_logits: any shape, logits on generated images.

    Returns:
        Scalar, of either sign.

    Source: Lim & Ye (2017), "Geometric GAN"; our setting.
    """
    return -ops.mean(_float(fake_logits))


def _float(logits):
    return ops.cast(logits, "float32")


# Of the discriminator, of the generator, and of works that the discriminator has to refuse.
LOSSES = {
    "logistic": (discriminator_loss, generator_loss, refusal_loss),
    "hinge": (discriminator_hinge, generator_hinge, refusal_hinge),
}
