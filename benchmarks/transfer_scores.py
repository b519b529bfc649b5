"""How near a transferred work is to what the artist really drew of the same subject."""

import keras
import numpy as np
from keras import ops
from scipy import ndimage
from skimage import color, feature, metrics

SCORES = {
    "ssim": "structural similarity of sRGB, mean over channels (Wang et al. 2004); 1 is the same",
    "color_difference": "mean CIE 1976 difference of the pixels' L*a*b*; 0 is the same",
    "edge_f_score": "F-score of the Canny edges of L*, a pixel's distance forgiven; 1 is the same",
    "style_found": "share that a classifier which the generator never saw takes for the artist's",
    "perceptual_distance": "mean squared difference of the maps of a frozen EfficientNet-Lite2, "
    "each position of unit length (Zhang et al. 2018, without trained weights); 0 is the same",
}


def pixel_scores(images, drawn):
    """Scores of pairs that need no network.

    Args:
        images: `[pairs, height, width, 3]`, sRGB uint8, transferred works.
        drawn: the same shape, what the artist drew of the same subjects.

    Returns:
        Dict name of `SCORES` -> `[pairs]`.
    """
    ssim = [
        metrics.structural_similarity(ours, theirs, channel_axis=-1, data_range=255)
        for ours, theirs in zip(images, drawn, strict=True)
    ]
    ours, theirs = color.rgb2lab(images), color.rgb2lab(drawn)
    edges = [
        edge_f_score(first[..., 0], second[..., 0])
        for first, second in zip(ours, theirs, strict=True)
    ]
    return {
        "ssim": np.array(ssim),
        "color_difference": color.deltaE_cie76(ours, theirs).mean(axis=(1, 2)),
        "edge_f_score": np.array(edges),
    }


def edge_f_score(lightness, drawn):
    """Agreement of two pictures' edges.

    Args:
        lightness: `[height, width]`, L*.
        drawn: the same shape.

    Returns:
        `2 p r / (p + r)`, p and r the shares of either's edge pixels with one of the other's
        within a pixel; 1 where neither has an edge, 0 where one has none.
    """
    ours, theirs = (feature.canny(each / 100, sigma=1) for each in (lightness, drawn))
    if not ours.any() or not theirs.any():
        return float(ours.any() == theirs.any())
    wide_ours, wide_theirs = (
        ndimage.binary_dilation(each, np.ones((3, 3))) for each in (ours, theirs)
    )
    precision, recall = wide_theirs[ours].mean(), wide_ours[theirs].mean()
    return float(2 * precision * recall / max(precision + recall, 1e-12))


def perceptual_distances(maps, images, drawn):
    """Distance of pairs in the maps of a network.

    Args:
        maps: function from images `[batch, height, width, 3]`, uint8, to a list of maps.
        images: `[pairs, height, width, 3]`, sRGB uint8.
        drawn: the same shape.

    Returns:
        `[pairs]`.
    """

    def unit(values):
        return [ops.normalize(ops.cast(each, "float32"), axis=-1) for each in maps(values)]

    parts = []
    for start in range(0, len(images), 64):
        rows = slice(start, start + 64)
        levels = zip(unit(images[rows]), unit(drawn[rows]), strict=True)
        apart = [ops.mean(ops.sum((a - b) ** 2, axis=-1), axis=(1, 2)) for a, b in levels]
        parts.append(keras.ops.convert_to_numpy(sum(apart) / len(apart)))
    return np.concatenate(parts)
