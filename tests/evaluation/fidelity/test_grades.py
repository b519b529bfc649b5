"""Each measure rises with graded blur, noise, JPEG and shuffled patches, on drawings of shapes."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from anime_style_tf.evaluation.fidelity.frechet import frechet_distance
from anime_style_tf.evaluation.fidelity.kernel_distance import kernel_distance
from anime_style_tf.evaluation.fidelity.neighborhoods import neighborhoods
from anime_style_tf.evaluation.fidelity.sharpness import edge_ratio
from anime_style_tf.evaluation.fidelity.sliced_wasserstein import pyramid, sliced_wasserstein
from tests.evaluation.fidelity.drawings import GRADES, drawings


def energies(images):
    """How much of each level of detail and channel an image has: a plain feature space."""
    means = [np.abs(level).mean(axis=(1, 2)) for level in pyramid(images)]
    return np.log(np.concatenate(means, axis=1))


@pytest.fixture(scope="module")
def sets():
    """Works to compare with, works to damage, and the features of both as a function."""
    works, damaged = drawings(120, 0), drawings(120, 1)
    axes = PCA(whiten=True, svd_solver="full").fit(energies(works))
    return works, damaged, lambda images: axes.transform(energies(images))


@pytest.fixture(scope="module")
def ladders(sets):
    works, damaged, features = sets
    found = {}
    for name, (damage, grades) in GRADES.items():
        images = [damaged, *(damage(damaged, grade) for grade in grades)]
        found[name] = [(each, features(each), features(works), works) for each in images]
    return found


def total_sliced(images, features, reference, works):
    return sum(value for value, _ in sliced_wasserstein(images[:40], works[:40]).values())


MEASURES = {
    "Frechet distance": lambda images, features, reference, works: frechet_distance(
        features, reference
    ),
    "kernel distance": lambda images, features, reference, works: kernel_distance(
        features, reference
    ),
    "share not covered": lambda images, features, reference, works: (
        -neighborhoods(features, reference).covered.mean()
    ),
    "sliced Wasserstein distance": total_sliced,
    "distance of the edge ratio from one": lambda images, features, reference, works: abs(
        np.log(edge_ratio(images, works)[0])
    ),
}


@pytest.mark.parametrize("damage", GRADES)
@pytest.mark.parametrize("measure", MEASURES)
def test_more_damage_is_never_better(ladders, damage, measure):
    values = [float(MEASURES[measure](*rung)) for rung in ladders[damage]]
    assert values == sorted(values)
    assert values[-1] > values[0]
