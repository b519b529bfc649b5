"""The reconstruction curve by hand and against SciPy."""

import numpy as np
import pytest
from scipy import stats

from anime_style_tf.evaluation import reconstruction


def test_the_curve_is_the_mean_over_images_with_its_standard_error():
    errors = np.random.default_rng(0).gamma(2, size=(30, 3))
    curve = reconstruction.reconstruction_curve(errors, lengths=[1, 4, 16])
    np.testing.assert_allclose(curve.mean, errors.mean(axis=0))
    np.testing.assert_allclose(curve.standard_error, stats.sem(errors))
    np.testing.assert_array_equal(curve.lengths, [1, 4, 16])
    assert curve.count == 30


def test_the_chosen_prefix_is_the_shortest_that_no_image_by_image_comparison_tells_from_the_best():
    # Excess over the last: 2 twice, then 1/8 and 0, mean 1/16 with standard error 1/8 / 2.
    errors = [[2.875, 1.0, 0.875], [3.0, 1.0, 1.0]]
    curve = reconstruction.reconstruction_curve(errors, lengths=[2, 4, 8])
    np.testing.assert_allclose(curve.difference_error, [0.0, 0.0625, 0.0])
    assert curve.choose() == 4


def test_easy_and_hard_images_do_not_hide_a_small_sure_gain():
    # Images differ by tens, the second prefix is better by .1 on each of them.
    hardness = np.arange(20.0)
    curve = reconstruction.reconstruction_curve(np.stack([hardness + 0.1, hardness], axis=1))
    assert curve.standard_error.min() > 1
    assert curve.choose() == 2


def test_a_length_per_column_is_required():
    with pytest.raises(ValueError, match="one column per prefix length"):
        reconstruction.reconstruction_curve(np.ones((2, 3)), lengths=[1, 2])
