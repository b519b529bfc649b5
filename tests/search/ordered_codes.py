"""Made-up codes for the tests of searches."""

import numpy as np


def codes_of_artists(works, size, *, seed=0):
    """Clusters whose leading dimensions tell most, as in an ordered code."""
    generator = np.random.default_rng(seed)
    scale = 0.9 ** np.arange(size)
    artists = generator.standard_normal((20, size)) * scale
    noise = 0.2 * generator.standard_normal((works, size)) * scale
    return (artists[generator.integers(20, size=works)] + noise + 3).astype(np.float32)
