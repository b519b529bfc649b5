import numpy as np
import pytest

from anime_style_tf.losses.diversity import diversity_shortfall

RNG = np.random.default_rng(34)


def test_it_is_what_the_mean_difference_of_areas_lacks():
    first, second = RNG.normal(0, 0.1, (2, 5, 8, 8, 3)).astype("float32")
    areas = (first.astype("float64") - second).reshape(5, 2, 4, 2, 4, 3).mean(axis=(2, 4))
    differences = np.abs(areas).mean(axis=(1, 2, 3))
    expected = np.maximum(0.05 - differences, 0).mean() / 0.05
    assert 0 < expected < 1
    assert float(diversity_shortfall(first, second, least=0.05)) == pytest.approx(
        expected, rel=1e-4
    )


def test_it_is_one_without_any_difference_and_zero_where_there_is_enough():
    image = np.zeros((2, 8, 8, 3), "float32")
    assert float(diversity_shortfall(image, image, least=0.1)) == 1.0
    assert float(diversity_shortfall(image, image + 0.2, least=0.1)) == 0.0
    assert float(diversity_shortfall(image[:0], image[:0], least=0.1)) == 0.0


def test_grain_does_not_count():
    image = np.zeros((1, 8, 8, 3), "float32")
    grain = (np.indices((8, 8)).sum(axis=0) % 2 * 2 - 1).astype("float32")
    assert float(diversity_shortfall(image, image + grain[..., None], least=0.1)) == 1.0
