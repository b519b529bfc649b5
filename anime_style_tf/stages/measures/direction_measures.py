"""Whether reconstructions lose horizontal bands."""

import numpy as np

from anime_style_tf.evaluation.direction import kept_steps
from anime_style_tf.evaluation.uncertainty.measurements import measurement

DEFINITIONS = {
    "kept_down": "energy of the steps of lightness down that reconstructions keep: sum over works "
    "of (L* of the pixel below less L*)^2 in G([S(x), C(x), 0]), over that in the works; 1 is all",
    "kept_sideways": "the same to the pixel on the right",
    "down_over_sideways": "kept_down over kept_sideways: below 1, horizontal bands are lost more "
    "than vertical ones",
}


def measure_direction(run):
    """Which steps of lightness reconstructions keep.

    Args:
        run: `MeasuredRun`.

    Returns:
        Dictionary of measurements.
    """
    images = run.works.images
    drawn = run.trained.generate(*run.trained.encode(images))
    kept = kept_steps(images, np.round(255 * drawn).astype(np.uint8))
    values = {
        "kept_down": (kept.down, kept.down_interval()),
        "kept_sideways": (kept.sideways, kept.sideways_interval()),
        "down_over_sideways": (kept.down_over_sideways, kept.down_over_sideways_interval()),
    }
    return {
        name: measurement(
            value,
            interval=interval,
            definition=f"{DEFINITIONS[name]}; 95 % interval over works by the delta method, on the "
            "logarithm",
            count=len(images),
            split="the first test works that report; VAE and GAN were trained on them",
        )
        for name, (value, interval) in values.items()
    }
