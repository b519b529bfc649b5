import numpy as np
import pytest

from anime_style_tf.losses.recovery import code_recovery

RNG = np.random.default_rng(4)
CODES = RNG.normal(size=(20000, 6)).astype("float32")
# Five standard errors of a mean of 120,000 squares.
TOLERANCE = 5 * (8 / CODES.size) ** 0.5


def test_the_code_itself_scores_zero():
    assert float(code_recovery(CODES, CODES)) == 0.0


def test_a_constant_output_scores_one():
    assert float(code_recovery(np.zeros_like(CODES), CODES)) == pytest.approx(1, abs=TOLERANCE)


def test_an_unrelated_code_scores_two():
    unrelated = RNG.normal(size=CODES.shape)
    assert float(code_recovery(unrelated, CODES)) == pytest.approx(2, abs=TOLERANCE)


def test_half_of_the_dimensions_wrong_by_two_score_two_whatever_their_number():
    for size in (2, 8):
        codes = np.zeros((3, size), "float32")
        recovered = np.where(np.arange(size) % 2, 2.0, 0.0) * np.ones((3, 1))
        assert float(code_recovery(recovered, codes)) == pytest.approx(2.0)
