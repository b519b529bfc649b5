import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation.fidelity.moved_pixels import moved_levels


def test_the_mean_change_is_in_levels_with_students_interval():
    generator = np.random.default_rng(0)
    images, changed = generator.random((2, 12, 8, 8, 3))
    value, (low, high) = moved_levels(images, changed)
    moves = [255 * np.mean(np.abs(a - b)) for a, b in zip(images, changed, strict=True)]
    assert value == pytest.approx(np.mean(moves))
    expected = stats.t.interval(0.95, 11, np.mean(moves), stats.sem(moves))
    np.testing.assert_allclose((low, high), expected)


def test_a_change_of_one_level_everywhere_is_one():
    images = np.full((3, 4, 4, 3), 0.5)
    assert moved_levels(images, images + 1 / 255)[0] == pytest.approx(1)
    with pytest.raises(ValueError, match="shape"):
        moved_levels(images, images[:2])
