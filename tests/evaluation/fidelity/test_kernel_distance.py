import numpy as np
import pytest

from anime_style_tf.evaluation.fidelity.kernel_distance import (
    kernel_distance,
    kernel_distance_with_interval,
)


def test_it_is_the_unbiased_sum_over_pairs():
    generator = np.random.default_rng(0)
    features, works = generator.normal(0.5, 1, (9, 4)), generator.normal(0, 2, (7, 4))

    def mean(first, second, same):
        values = [
            (sum(x * y for x, y in zip(a, b, strict=True)) / 4 + 1) ** 3
            for i, a in enumerate(first)
            for j, b in enumerate(second)
            if not (same and i == j)
        ]
        return sum(values) / len(values)

    expected = mean(features, features, True) + mean(works, works, True)
    expected -= 2 * mean(features, works, False)
    assert kernel_distance(features, works) == pytest.approx(expected, rel=1e-12)


def test_sets_drawn_alike_have_no_distance_in_the_mean_and_intervals_say_so():
    generator = np.random.default_rng(1)
    drawn = [kernel_distance_with_interval(*generator.normal(size=(2, 80, 5))) for _ in range(60)]
    values = np.array([value for value, _ in drawn])
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(60)
    assert sum(low <= 0 <= high for _, (low, high) in drawn) >= 54


def test_a_shift_is_seen():
    generator = np.random.default_rng(2)
    features = generator.normal(size=(100, 5))
    _, (low, _) = kernel_distance_with_interval(features + 1, generator.normal(size=(100, 5)))
    assert low > 0
