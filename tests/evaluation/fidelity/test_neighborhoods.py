import numpy as np
import pytest

from anime_style_tf.errors import TooFewError
from anime_style_tf.evaluation.fidelity.neighborhoods import neighborhoods


def by_loops(features, works, neighbors):
    def length(a, b):
        return float(np.sqrt(sum((x - y) ** 2 for x, y in zip(a, b, strict=True))))

    def radius(points, i):
        others = [length(points[i], each) for j, each in enumerate(points) if j != i]
        return sorted(others)[neighbors - 1]

    of_works = [radius(works, i) for i in range(len(works))]
    of_images = [radius(features, i) for i in range(len(features))]
    balls = [[length(w, f) < r for w, r in zip(works, of_works, strict=True)] for f in features]
    seen = [[length(w, f) < r for f, r in zip(features, of_images, strict=True)] for w in works]
    return (
        [any(row) for row in balls],
        [any(row) for row in seen],
        [sum(row) / neighbors for row in balls],
        [any(row[i] for row in balls) for i in range(len(works))],
    )


@pytest.mark.parametrize("neighbors", [1, 3, 5])
def test_each_image_and_work_is_judged_as_by_loops(neighbors):
    generator = np.random.default_rng(neighbors)
    features, works = generator.normal(0.7, 1, (30, 3)), generator.normal(0, 1, (25, 3))
    found = neighborhoods(features, works, neighbors=neighbors)
    expected = by_loops(features, works, neighbors)
    for part, wanted in zip(
        (found.precise, found.recalled, found.densities, found.covered), expected, strict=True
    ):
        np.testing.assert_allclose(part, wanted)
    assert 0 < found.precise.mean() < 1


def test_a_collapsed_generator_is_precise_but_recalls_and_covers_little():
    generator = np.random.default_rng(0)
    works = generator.normal(size=(200, 4))
    found = neighborhoods(works[:1] + generator.normal(0, 0.01, (200, 4)), works)
    assert found.precise.all()
    assert found.recalled.mean() < 0.05
    assert found.covered.mean() < 0.2


def test_too_few_neighbors_are_refused():
    with pytest.raises(TooFewError, match="6 images"):
        neighborhoods(np.zeros((5, 2)), np.zeros((50, 2)))
