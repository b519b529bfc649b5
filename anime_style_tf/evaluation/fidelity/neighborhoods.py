"""Precision, recall, density and coverage: which images and works lie in each other's midst."""

import dataclasses

import numpy as np

from anime_style_tf.evaluation.fidelity import two_sets
from anime_style_tf.search.distances import visit_distances


@dataclasses.dataclass(frozen=True)
class Neighborhoods:
    """Each image and work, by the balls that reach from each point to its k-th neighbor.

    Attributes:
        precise: bool `[images]`, inside the ball of some work. The mean is precision.
        recalled: bool `[works]`, inside the ball of some image. The mean is recall.
        densities: `[images]`, works' balls that an image is inside, over k. The mean is density,
            about 1 where both sets are drawn alike.
        covered: bool `[works]`, with an image in its ball. The mean is coverage.
    """

    precise: np.ndarray
    recalled: np.ndarray
    densities: np.ndarray
    covered: np.ndarray


def neighborhoods(features, reference, *, neighbors=5) -> Neighborhoods:
    """Finds which images lie among the works, and which works among the images.

    Args:
        features: `[images, features]`.
        reference: `[works, features]`.
        neighbors: k; raising it widens the balls.

    Returns:
        `Neighborhoods`.

    Raises:
        ValueError: arrays of the wrong shape, or values that are not finite.
        TooFewError: no more than k images or works.

    Source: Kynkaanniemi et al. (2019) for precision and recall, Naeem et al. (2020) for density
        and coverage.
    """
    features, reference = two_sets.as_two_sets(features, reference, least=neighbors + 1)
    of_works, of_images = _radii(reference, neighbors), _radii(features, neighbors)
    inside = visit_distances(
        reference,
        features,
        lambda rows, squared: (squared < of_works[rows, None], squared < of_images),
    )
    in_work, in_image = (np.concatenate(parts) for parts in zip(*inside, strict=True))
    return Neighborhoods(
        precise=in_work.any(axis=0),
        recalled=in_image.any(axis=1),
        densities=in_work.sum(axis=0) / neighbors,
        covered=in_work.any(axis=1),
    )


def _radii(points, neighbors):
    """Squared distance of each point to its k-th neighbor, itself not counted."""
    kth = visit_distances(
        points,
        points,
        lambda rows, squared: np.partition(squared, neighbors - 1, axis=1)[:, neighbors - 1],
        own=np.arange(len(points)),
    )
    return np.concatenate(kth)
