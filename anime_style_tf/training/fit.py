"""The training loop: steps, Keras callbacks, checkpoints of everything, clean stops."""

import contextlib
import math
import os
import signal
import time
from collections.abc import Callable, Sequence

import keras
import tensorflow as tf

from anime_style_tf.errors import InputError
from anime_style_tf.training.checkpoints import Checkpoints


class Interrupted(SystemExit):
    """Raised after a signal, once everything is saved; the same command resumes from there."""

    def __init__(self, signal_number, step, steps):
        super().__init__(128 + signal_number)
        self.message = (
            f"Stopped by {signal.Signals(signal_number).name} after step {step} of {steps}; all "
            "is saved. Run the same command again to resume."
        )

    def __str__(self):
        """The message, as one line."""
        return self.message


def fit(
    model: keras.Model,
    batches: Callable[[int], tf.data.Dataset],
    *,
    steps: int,
    checkpoints: str | os.PathLike,
    callbacks: Sequence[keras.callbacks.Callback] = (),
    steps_per_epoch: int = 50,
    checkpoint_seconds: float = 60.0,
    strategy: tf.distribute.Strategy | None = None,
) -> None:
    """Trains a model up to a number of steps, from where an earlier run stopped.

    What is saved, and so what makes a resumed run equal to an undisturbed one bit for bit on a
    CPU: weights, metrics, seed generators, all optimizers with their averages, and the step,
    which is the position in the data. At the end, optimizers with `use_ema` leave the averaged
    weights in the model.

    Args:
        model: built and compiled Keras model with a `train_step(batch)`, made in the strategy's
            scope.
        batches: function from a step to an endless `tf.data.Dataset` of the batches from there.
        steps: steps in all, counted from the very first.
        checkpoints: folder of the checkpoints.
        callbacks: Keras callbacks; an epoch is `steps_per_epoch` steps. One that sets
            `model.stop_training` ends it with everything saved.
        steps_per_epoch: steps between two reports; the last epoch may be shorter.
        checkpoint_seconds: at the end of an epoch a checkpoint is written if this many seconds
            have passed since the last; 0 writes one each epoch.
        strategy: `tf.distribute.Strategy`; default the current one.

    Raises:
        Interrupted: after SIGTERM or SIGINT, with everything saved.
        InputError: if a loss term stops being finite, the disk is full, or the checkpoint is of
            another model. A damaged one is passed over for the one before it.
    """
    strategy = strategy or tf.distribute.get_strategy()
    saved = Checkpoints(checkpoints, _state(model))
    saved.restore()
    step = saved.step
    # Without Keras' history and bar: one would grow with the training, one prints over our line.
    callback_list = keras.callbacks.CallbackList(
        list(callbacks), add_history=False, add_progbar=False, model=model
    )
    callback_list.set_params({"epochs": math.ceil(steps / steps_per_epoch), "steps": steps})
    # A training that was stopped within an epoch resumes in it, with the means so far.
    epoch = int(step) // steps_per_epoch
    model.stop_training = False
    with _caught_signals() as caught:
        callback_list.on_train_begin({"step": int(step)})
        iterator = iter(strategy.experimental_distribute_dataset(batches(int(step))))
        train = _train_function(model, strategy)
        saved_at = time.monotonic()
        while int(step) < steps and not model.stop_training:
            callback_list.on_epoch_begin(epoch)
            if int(step) % steps_per_epoch == 0:
                model.reset_metrics()
            # A signal is looked for after every step, so a stop takes no longer than one.
            epoch_end = min((epoch + 1) * steps_per_epoch, steps)
            while int(step) < epoch_end and not caught:
                results = train(iterator)
                step.assign_add(1)
            if int(step) == epoch_end:
                logs = _means(results, strategy)
                _check_finite(logs, int(step))
                callback_list.on_epoch_end(epoch, {"step": int(step)} | logs)
                epoch += 1
            # After the callbacks: what they wrote beyond a checkpoint is written again.
            due = time.monotonic() - saved_at >= checkpoint_seconds
            stops = caught or model.stop_training or int(step) == steps
            if stops or (due and int(step) == epoch_end):
                saved.save()
                saved_at = time.monotonic()
            if caught:
                break
        callback_list.on_train_end()
        # The weights are then the last ones; averages are for a training that has ended.
        if caught:
            raise Interrupted(caught[0], int(step), steps)
    _serve_averages(model)


@contextlib.contextmanager
def served(model):
    """Gives a model in training the weights that `fit` would leave, while a block runs.

    Args:
        model: compiled Keras model; its last weights are put back bit for bit.
    """
    variables = [v for optimizer in optimizers_of(model) for v in optimizer._trainable_variables]
    last = [variable.numpy() for variable in variables]
    _serve_averages(model)
    try:
        yield
    finally:
        for variable, value in zip(variables, last, strict=True):
            variable.assign(value)


def optimizers_of(model):
    """The optimizers that a model was compiled with.

    Args:
        model: compiled Keras model.

    Returns:
        List of Keras optimizers, in the order of the model's attributes.
    """
    # Variables are numbered in a checkpoint, so this order must stay as it is.
    values = vars(model).values()
    return [value for value in values if isinstance(value, keras.optimizers.Optimizer)]


def _serve_averages(model):
    # Keras puts averages in place of weights where an optimizer has `use_ema`, else does nothing.
    for optimizer in optimizers_of(model):
        optimizer.finalize_variable_values(optimizer._trainable_variables)


def _train_function(model, strategy):
    # Autograph would rewrite every function that is called, Keras' too; no step needs it.
    @tf.function(autograph=False, reduce_retracing=True)
    def train(iterator):
        return strategy.run(model.train_step, args=(next(iterator),))

    return train


def _state(model):
    """All variables that a resumed run must have, each once."""
    # Optimizers first, then the model: the order of all checkpoints that there are.
    variables = {}
    for optimizer in optimizers_of(model):
        # One that is not built has no slots yet: resuming would start them at zero, unnoticed.
        if not optimizer.built:
            raise ValueError(
                f"{type(optimizer).__name__} is not built, so its state would be lost; build the "
                "model after compiling it."
            )
        variables |= {id(variable): variable for variable in optimizer.variables}
    for variable in [*model.variables, *model.metrics_variables]:
        variables[id(variable)] = variable
    return [variable.value for variable in variables.values()]


def _means(results, strategy):
    """The loss terms as numbers, over all replicas."""
    return {
        name: float(strategy.reduce("MEAN", value, axis=None)) for name, value in results.items()
    }


def _check_finite(logs, step):
    # Before this epoch is saved, so that the newest checkpoint is of the last sound one.
    for name, value in logs.items():
        if not math.isfinite(value):
            raise InputError(
                f"Training diverged: {name} is {value} at step {step}. Lower the learning rate or "
                "raise its warm-up, then run the stage again with --overwrite."
            )


@contextlib.contextmanager
def _caught_signals():
    """Collects SIGTERM and SIGINT in a list while the block runs."""
    # The handler only notes it: the step under way ends first, then the loop saves.
    caught = []
    previous = {}
    with contextlib.suppress(ValueError):  # Not in the main thread: signals are not ours.
        for number in (signal.SIGTERM, signal.SIGINT):
            previous[number] = signal.signal(number, lambda got, _: caught.append(got))
    try:
        yield caught
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
