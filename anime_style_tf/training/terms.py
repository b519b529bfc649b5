"""One step down the sum of named loss terms; the package's only gradient tape."""

import contextlib

import keras
import tensorflow as tf


def descend(players, objective, *, trackers):
    """Takes one step of each player's optimizers on the sum of the player's own terms.

    Nearly every model is one player. A GAN is two, who are judged by what one pass has made, and
    whose steps all start from where that pass found the weights.

    Args:
        players: for each a list of `(optimizer, variables)`; nothing but these Keras variables
            changes.
        objective: function without arguments that returns, for each player, a dictionary of named
            weighted scalars whose sum is the player's loss.
        trackers: see `track`; the terms are added under their names.
    """
    variables = [[each.value for _, group in pairs for each in group] for pairs in players]
    with contextlib.ExitStack() as stack:
        # A tape for each: of what the others own, it then keeps and computes nothing.
        tapes = [
            stack.enter_context(tf.GradientTape(watch_accessed_variables=False)) for _ in players
        ]
        for tape, own in zip(tapes, variables, strict=True):
            tape.watch(own)
        terms = objective()
        # Keras optimizers add the replicas' gradients up.
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        losses = [
            tf.add_n([tf.cast(term, tf.float32) for term in of_player.values()]) / replicas
            for of_player in terms
        ]
    gradients = [
        iter(tape.gradient(loss, own))
        for tape, loss, own in zip(tapes, losses, variables, strict=True)
    ]
    for pairs, of_player in zip(players, gradients, strict=True):
        for optimizer, group in pairs:
            optimizer.apply_gradients([(next(of_player), variable) for variable in group])
    for of_player in terms:
        track(trackers, of_player)


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
