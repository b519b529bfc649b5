"""Every floor: those that a run measures, and those that are slower to search or never the best."""

import numpy as np

from anime_style_tf.evaluation import floors
from anime_style_tf.evaluation.floors import in_chunks


@in_chunks
def raw_pixels(images):
    """Every channel of every pixel.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.

    Returns:
        float32 `[images, height * width * 3]`, in [0, 1].
    """
    return images.reshape(len(images), -1) / 255


@in_chunks
def channel_histogram(images, *, levels=32):
    """Shares of the pixels at each level, each channel by itself.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.
        levels: equal parts of 0 to 255, at most 256.

    Returns:
        float32 `[images, 3 * levels]`; three histograms that sum to 1, without square roots.
    """
    level = np.moveaxis(images.astype(np.int64) * levels // 256, -1, 1).reshape(len(images), 3, -1)
    shares = [np.mean(level == each, axis=2) for each in range(levels)]
    return np.stack(shares, axis=2).reshape(len(images), -1)


FLOORS = {
    "raw_pixels": raw_pixels,
    "channel_histogram": channel_histogram,
    "rgb_histogram": floors.rgb_histogram,
    **floors.FLOORS,
}
