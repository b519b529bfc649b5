"""Whether generated images are copies: nearer to the training works than works left out are."""

import dataclasses

import numpy as np

from anime_style_tf.evaluation.fidelity import two_sets
from anime_style_tf.evaluation.image_properties import srgb_to_cielab
from anime_style_tf.evaluation.uncertainty import intervals, jackknife
from anime_style_tf.search.distances import visit_distances

THUMBNAIL = 16  # squares on a side, about
NEAREST = 0.01  # share of the held-out works that lie so near a training work that it is suspicious


@dataclasses.dataclass(frozen=True)
class Memorization:
    """Distances to the nearest training work.

    Attributes:
        generated: `[images]`, of generated images.
        held_out: `[works]`, of works that were not trained on.
    """

    generated: np.ndarray
    held_out: np.ndarray

    def nearer(self):
        """How often a generated image is nearer to training works than a held-out work is.

        Returns:
            `(share, (low, high))` with its 95 % interval: 1/2 where both are as near, 1 where each
            generated image is a copy. Ties count one half.

        Source: Meehan et al. (2020), the statistic of their test of data-copying.
        """
        value = _nearer(self.generated, self.held_out)
        low, high = two_sets.interval(
            _nearer, self.generated, self.held_out, value, scale=jackknife.LOGIT
        )
        return value, (float(low), float(high))

    def copies(self):
        """Share of generated images nearer than the nearest hundredth of held-out works.

        Returns:
            `(share, (low, high))` with its 95 % Wilson interval over images; about .01 where
            nothing is copied.
        """
        near = self.generated < np.quantile(self.held_out, NEAREST)
        low, high = intervals.wilson_interval(near.sum(), len(near))
        return float(near.mean()), (float(low), float(high))


def memorization(generated, held_out, training) -> Memorization:
    """Finds the nearest training work of generated images and of works left out of training.

    Args:
        generated: `[images, features]`.
        held_out: `[works, features]`, the same features of works that were not trained on.
        training: `[works, features]`, of those that were.

    Returns:
        `Memorization`.

    Raises:
        ValueError: arrays of the wrong shape, or values that are not finite.
    """
    generated, training = two_sets.as_two_sets(generated, training, least=1)
    held_out, _ = two_sets.as_two_sets(held_out, training, least=1)
    return Memorization(_to_nearest(generated, training), _to_nearest(held_out, training))


def thumbnails(images):
    """Mean colors of about 16 x 16 squares of each image: what a copy shares with its original.

    Args:
        images: `[images, height, width, 3]`, sRGB uint8.

    Returns:
        `[images, features]`, L*a*b* scaled so that a Euclidean distance is the root mean square
        difference of a channel. A border that makes no whole square is left out.
    """
    count, height, width, channels = images.shape
    side = max(1, height // THUMBNAIL)
    rows, columns = height // side, width // side
    lab = srgb_to_cielab(images[:, : rows * side, : columns * side])
    squares = lab.reshape(count, rows, side, columns, side, channels).mean(axis=(2, 4))
    return squares.reshape(count, -1) / np.sqrt(rows * columns * channels)


def _to_nearest(features, training):
    nearest = visit_distances(features, training, lambda rows, squared: squared.min(axis=1))
    return np.sqrt(np.concatenate(nearest))


def _nearer(generated, held_out):
    pairs = generated[:, None]
    return float(np.mean((pairs < held_out) + 0.5 * (pairs == held_out)))
