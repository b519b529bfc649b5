"""Ways of drawing a work as another artist would, that need no generator.

Each takes `[images, height, width, 3]` sRGB uint8, works of others, and `Artist`, and gives images
of the same form.
"""

import dataclasses
import warnings

import numpy as np
from scipy.spatial import distance
from skimage import color

from anime_style_tf.evaluation.fidelity.memorization import thumbnails
from anime_style_tf.evaluation.fidelity.sliced_wasserstein import doubled, pyramid


@dataclasses.dataclass(frozen=True)
class Artist:
    """Works of the artist who is to be imitated: `[works, height, width, 3]`, sRGB uint8."""

    works: np.ndarray


def copying(images, artist):
    """The work as it is: all content, no style."""
    return images


def nearest_work(images, artist):
    """The artist's work whose colors of 16 x 16 squares are nearest: all style, little content."""
    apart = distance.cdist(thumbnails(images), thumbnails(artist.works))
    return artist.works[apart.argmin(axis=1)]


def color_transfer(images, artist):
    """Mean and deviation of L*, a* and b* are made those of the artist's works in the mean.

    Source: Reinhard et al. (2001), "Color Transfer between Images", in L*a*b*.
    """
    lab = _with_statistics(color.rgb2lab(images), color.rgb2lab(artist.works))
    with warnings.catch_warnings():
        # Colors outside the gamut are clipped, which scikit-image has to say.
        warnings.filterwarnings("ignore", message="Conversion from CIE-LAB")
        return _uint8(255 * color.lab2rgb(lab))


def level_statistics(images, artist):
    """Mean and deviation of each channel of each level of detail are made those of the artist.

    Source: adaptive instance normalization, Huang & Belongie (2017), on the levels of a Laplacian
    pyramid in place of a network's maps, which need a decoder trained on other pictures.
    """
    levels = [
        _with_statistics(ours, theirs)
        for ours, theirs in zip(pyramid(images), pyramid(artist.works), strict=True)
    ]
    total = levels[-1]
    for level in levels[-2::-1]:
        total = doubled(total) + level
    return _uint8(total)


TRANSFERS = {
    "copying": copying,
    "color transfer": color_transfer,
    "level statistics": level_statistics,
    "nearest work": nearest_work,
}


def _with_statistics(values, works):
    """Each image's channels with the mean of the works' means, and of their deviations."""
    mean, deviation = (f(values, axis=(1, 2), keepdims=True) for f in (np.mean, np.std))
    wanted_mean, wanted_deviation = (f(works, axis=(1, 2)).mean(axis=0) for f in (np.mean, np.std))
    return (values - mean) / np.maximum(deviation, 1e-6) * wanted_deviation + wanted_mean


def _uint8(levels):
    return np.clip(np.round(levels), 0, 255).astype(np.uint8)
