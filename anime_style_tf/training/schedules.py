"""Optimizers and learning-rate schedules from plain numbers."""

import keras
from keras import ops


class _AveragedFromTheStart:
    """Keras' running average of the weights, with a momentum that rises to the one asked for.

    Keras' own starts at the weights after the first step and holds on to them: at momentum .999
    they still are 30 % of what is served after 1,200 steps. Here the momentum after t steps is
    `min(ema_momentum, t / (t + 19))`, so that no more than about the last twentieth of the
    training is averaged, and what a short training leaves is not held back by its beginning.

    Source: the form is that of `num_updates` in `tf.train.ExponentialMovingAverage`, which
    averages the last tenth (our setting, `docs/decisions`).
    """

    def _update_model_variables_moving_average(self, trainable_variables):
        momentum = averaging_momentum(self)
        pairs = zip(trainable_variables, self._model_variables_moving_average, strict=True)
        for variable, average in pairs:
            kept = ops.cast(momentum, variable.dtype)
            average.assign(kept * average + (1 - kept) * variable)


class Adam(_AveragedFromTheStart, keras.optimizers.Adam):
    """`keras.optimizers.Adam`, its average of the weights from the start."""


class RMSprop(_AveragedFromTheStart, keras.optimizers.RMSprop):
    """`keras.optimizers.RMSprop`, its average of the weights from the start."""


OPTIMIZERS = {"adam": Adam, "rmsprop": RMSprop}
# Keras' RMSprop adds epsilon under the root, so its default of 1e-7 damps gradients below 3e-4,
# and those of a mean over pixels are smaller. This is the 1e-7 beside the root that Adam has.
RMSPROP_EPSILON = 1e-14


def make_optimizer(
    name,
    *,
    learning_rate,
    steps,
    warmup_steps=0,
    final_fraction=1.0,
    average=None,
    betas=None,
    **options,
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
            last weights, in (0, 1); about the last 1 / (1 - average) steps are averaged, at most
            the last twentieth of them all. None serves the last weights.
        betas: `(beta_1, beta_2)` of Adam, decay of its two averages; None for Keras' own.
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
    if betas is not None:
        options["beta_1"], options["beta_2"] = betas
    if average is not None:
        options |= {"use_ema": True, "ema_momentum": average}
    return OPTIMIZERS[name](learning_rate=rate, **options)


def averaging_momentum(optimizer):
    """The share that the running average of the weights keeps of itself at the next step.

    Args:
        optimizer: one that `make_optimizer` has made with an `average`.

    Returns:
        Scalar tensor in [0, 1); 0 at the first step, where there is nothing to keep.
    """
    steps = ops.cast(optimizer.iterations, "float32")
    return ops.minimum(steps / (steps + 19), optimizer.ema_momentum)


def served_weights(optimizers):
    """Says which weights a training leaves.

    Args:
        optimizers: Keras optimizers that `make_optimizer` has made.

    Returns:
        One line.
    """
    averaged = [each for each in optimizers if each.use_ema]
    spans = sorted({round(1 / (1 - float(averaging_momentum(each)))) for each in averaged})
    last = ["the last weights"] if len(averaged) < len(optimizers) else []
    return " and ".join([f"weights averaged over about {span:,} steps" for span in spans] + last)
