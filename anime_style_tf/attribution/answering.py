"""What answering takes of an attribution, as plain arrays: for where this package is not."""

import numpy as np

from anime_style_tf.attribution.densities import SUREST
from anime_style_tf.attribution.model import Attribution


def answering_arrays(attribution: Attribution) -> dict[str, np.ndarray]:
    """The constants of `Attribution.attribute`, and of the probabilities of known artists.

    Args:
        attribution: With calibration works.

    Returns:
        Arrays of float64, but for `measured`. With x a code and y = `(x - center) @ basis`:
        `y^2 @ precisions - 2 y @ pulls + offsets` are its squared distances to the
        `[artists + 1]`, `log_volumes`, `tail` and `temperature` make log densities of them
        (`tempered_density`); `measured`, `means` (of the measured, in the basis of y) and
        `surest` make the familiarity; `familiar` is that of the calibration works, sorted.
    """
    mean, variance = attribution.predictive
    return {
        "center": attribution.population.center,
        "basis": attribution.population.basis,
        "precisions": (1 / variance).T,
        "pulls": (mean / variance).T,
        "offsets": np.sum(mean**2 / variance, axis=1),
        "log_volumes": 0.5 * np.log(variance).sum(axis=1),
        "tail": np.float64(attribution.tail),
        "temperature": np.float64(attribution.temperature),
        "measured": attribution.measured,
        "means": mean[:-1][attribution.measured],
        "surest": np.float64(SUREST),
        "familiar": attribution.familiar,
    }
