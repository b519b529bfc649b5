"""The content code against its length."""

import numpy as np

from anime_style_tf.evaluation.uncertainty.measurements import measurement

DEFINITIONS = {
    "prefix_lengths": "content dimensions given to the decoder",
    "reconstruction_against_length": "squared error in normalized Lab, mean over pixels, channels "
    "and works, of the VAE's decoder given that many content dimensions and the style; interval: "
    "one standard error over works",
}


def measure_content(run):
    """Reconstruction error of the VAE against prefix length, as the stage `content` left it.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dictionary of measurements.
    """
    pruning = run.trained.pruning("content")
    errors, deviations = np.array(pruning["squared_error"]), np.array(pruning["standard_error"])
    return {
        "k_C": measurement(pruning["code_size"], definition=pruning["rule"]),
        "prefix_lengths": measurement(pruning["lengths"], definition=DEFINITIONS["prefix_lengths"]),
        "reconstruction_against_length": measurement(
            errors,
            interval=(errors - deviations, errors + deviations),
            definition=DEFINITIONS["reconstruction_against_length"],
            count=pruning["count"],
            split=pruning["split"],
        ),
    }
