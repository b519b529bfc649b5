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


def test_a_length_per_column_is_required():
    with pytest.raises(ValueError, match="one column per prefix length"):
        reconstruction.reconstruction_curve(np.ones((2, 3)), lengths=[1, 2])
