"""The scale of recovery errors: 0 perfect, 1 a constant, 2 unrelated."""

import numpy as np
import pytest

from anime_style_tf.evaluation import recovery


def test_errors_by_hand():
    result = recovery.recovery_error([[0.0, 1.0], [2.0, 1.0]], [[1.0, 1.0], [2.0, -2.0]])
    np.testing.assert_allclose(result.per_dimension, [0.5, 4.5])
    assert result.mean == 2.5


def test_a_constant_scores_one_and_an_unrelated_code_two():
    generator = np.random.default_rng(0)
    asked = generator.normal(size=(4000, 8))
    assert recovery.recovery_error(asked, asked).mean == 0
    constant = recovery.recovery_error(asked, np.zeros_like(asked))
    unrelated = recovery.recovery_error(asked, generator.normal(size=asked.shape))
    np.testing.assert_allclose(constant.mean, 1, atol=0.03)
    np.testing.assert_allclose(unrelated.mean, 2, atol=0.06)
    low, high = unrelated.interval()
    assert low < unrelated.mean < high
    assert high - low < 0.1


def test_different_shapes_are_an_error():
    with pytest.raises(ValueError, match="shape of asked"):
        recovery.recovery_error(np.zeros((3, 4)), np.zeros((3, 5)))
