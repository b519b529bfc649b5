"""One step down the sum of named loss terms; the package's only gradient tape."""

import keras
import tensorflow as tf


def descend(optimized, objective, *, trackers):
    """Takes one step of each optimizer on the sum of an objective's terms.

    Args:
        optimized: list of `(optimizer, variables)`; nothing but these Keras variables changes.
        objective: function without arguments that returns named weighted scalars, whose sum is
            the loss, and whatever else it made on the way.
        trackers: see `track`; the terms are added under their names.

    Returns:
        What else the objective made.
    """
    variables = [variable.value for _, group in optimized for variable in group]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(variables)
        terms, made = objective()
        loss = tf.add_n([tf.cast(term, tf.float32) for term in terms.values()])
        # Keras optimizers add the replicas' gradients up.
        loss /= tf.distribute.get_strategy().num_replicas_in_sync
    gradients = iter(tape.gradient(loss, variables))
    for optimizer, group in optimized:
        optimizer.apply_gradients([(next(gradients), variable) for variable in group])
    track(trackers, terms)
    return made


def track(trackers, terms):
    """Adds each term to the running mean of its name.

    Args:
        trackers: dictionary of `keras.metrics.Mean` that has every name.
        terms: dictionary of scalars.
    """
    for name, value in terms.items():
        trackers[name].update_state(value)


def mean_trackers(names):
    """Makes one running mean for each term.

    Args:
        names: names of terms, which become log columns and TensorBoard tags.

    Returns:
        Dictionary of `keras.metrics.Mean`.
    """
    return {name: keras.metrics.Mean(name=name) for name in names}


def results(trackers):
    """Current means, as `train_step` returns them.

    Args:
        trackers: dictionary of `keras.metrics.Mean`.

    Returns:
        Dictionary of scalars.
    """
    return {name: tracker.result() for name, tracker in trackers.items()}
