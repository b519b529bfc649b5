"""Optimizers and learning-rate schedules from plain numbers."""

import keras

OPTIMIZERS = {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}
# Keras' RMSprop adds epsilon under the root, so its default of 1e-7 damps gradients below 3e-4,
# and those of a mean over pixels are smaller. This is the 1e-7 beside the root that Adam has.
RMSPROP_EPSILON = 1e-14


def make_optimizer(
    name, *, learning_rate, steps, warmup_steps=0, final_fraction=1.0, average=None, **options
):
    """Makes an optimizer whose rate rises from zero, then follows a cosine to its end.

    Args:
        name: "adam" or "rmsprop".
        learning_rate: the highest rate.
        steps: steps in all, at which the rate reaches its end.
        warmup_steps: steps over which the rate rises linearly from zero; raise it if training
            blows up at the very start.
        final_fraction: rate at the end, as a fraction of the highest; 1 keeps it constant.
        average: momentum of the running average of the weights that is served in place of the
            last weights, in (0, 1); None serves the last weights.
        **options: further arguments of the Keras optimizer.

    Returns:
        Keras optimizer.

    Raises:
        ValueError: if the name is unknown.

    Source: our settings; the paper names Adam for the style encoder, RMSprop for the others.
    """
    if name not in OPTIMIZERS:
        raise ValueError(f"optimizer must be one of {sorted(OPTIMIZERS)}, received {name!r}.")
    rate = learning_rate
    if warmup_steps or final_fraction != 1.0:
        rate = keras.optimizers.schedules.CosineDecay(
            initial_learning_rate=0.0 if warmup_steps else learning_rate,
            decay_steps=max(1, steps - warmup_steps),
            alpha=final_fraction,
            warmup_target=learning_rate if warmup_steps else None,
            warmup_steps=warmup_steps,
        )
    if name == "rmsprop":
        options.setdefault("epsilon", RMSPROP_EPSILON)
    if average is not None:
        options |= {"use_ema": True, "ema_momentum": average}
    return OPTIMIZERS[name](learning_rate=rate, **options)
