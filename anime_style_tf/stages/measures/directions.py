"""Whether reconstructions lose horizontal bands, as a part of stage 5."""

import numpy as np

from anime_style_tf.evaluation.direction import kept_steps
from anime_style_tf.evaluation.uncertainty.measurements import measurement

_STEPS = {
    "kept_down": "energy of the steps of lightness down that reconstructions keep: sum over works "
    "of (L* of the pixel below less L*)^2 in G([S(x), C(x), 0]), over that in the works; 1 is all",
    "kept_sideways": "the same to the pixel on the right",
    "down_over_sideways": "kept_down over kept_sideways: below 1, horizontal bands are lost more "
    "than vertical ones",
}


def measure_direction(trained, images):
    """Measures which steps of lightness reconstructions keep.

    Args:
        trained: `Trained`.
        images: `[works, height, width, 3]`, sRGB uint8, works that report.

    Returns:
        Dictionary of measurements.
    """
    drawn = trained.generate(*trained.encode(images))
    kept = kept_steps(images, np.round(255 * drawn).astype(np.uint8))
    found = {
        "kept_down": (kept.down, kept.down_interval()),
        "kept_sideways": (kept.sideways, kept.sideways_interval()),
        "down_over_sideways": (kept.down_over_sideways, kept.down_over_sideways_interval()),
    }
    return {
        name: measurement(
            value,
            interval=interval,
            definition=f"{_STEPS[name]}; 95 % interval over works by the delta method, on the "
            "logarithm",
            count=len(images),
            split="the first test works that report; VAE and GAN were trained on them",
        )
        for name, (value, interval) in found.items()
    }
