"""The precision of a network's weights, and of what it computes."""

import numpy as np

from anime_style_tf.errors import InputError


def round_to_half(network):
    """Rounds a network's weights to what half precision holds, in place; they stay float32.

    13 of their 32 bits are then zero, so that files of them compress to about half.

    Args:
        network: built Keras model; no weight is larger than 65504 in magnitude.

    Returns:
        The network.

    Raises:
        InputError: a weight is larger.
    """
    for weight in network.weights:
        if weight.dtype != "float32":  # the state of a random number generator
            continue
        values = weight.numpy()
        if np.max(np.abs(values), initial=0.0) > np.finfo("float16").max:
            raise InputError(
                f"{weight.path} is above 65504 in magnitude, which half precision cannot hold: "
                "export with half=False"
            )
        weight.assign(values.astype("float16").astype("float32"))
    return network


def compute_in_float32(network):
    """Makes a network that was trained under a mixed policy compute in float32, in place.

    Its weights are float32 already. Half precision rounds differently in each runtime, so a
    served model would not repeat the live one.

    Args:
        network: built Keras model.

    Returns:
        The network.
    """
    for layer in network._flatten_layers():
        layer.dtype_policy = "float32"
    return network
