import numpy as np
import pytest
from skimage import metrics

from anime_style_tf.evaluation.structural_similarity import structural_similarity

RNG = np.random.default_rng(12)
PICTURES = RNG.integers(0, 256, (3, 16, 20, 3), dtype=np.uint8)


def test_it_is_that_of_scikit_image():
    others = PICTURES // 2 + RNG.integers(0, 40, PICTURES.shape, dtype=np.uint8)
    expected = [
        metrics.structural_similarity(a, b, channel_axis=-1, data_range=255)
        for a, b in zip(PICTURES, others, strict=True)
    ]
    np.testing.assert_allclose(structural_similarity(PICTURES, others), expected, atol=1e-9)


def test_equal_pictures_have_all_of_it():
    np.testing.assert_allclose(structural_similarity(PICTURES, PICTURES), 1)


@pytest.mark.parametrize("others", [PICTURES[:2], PICTURES[:, :6], PICTURES[0]])
def test_pictures_that_cannot_be_compared_are_refused(others):
    with pytest.raises(ValueError, match="two sets of equal pictures of 7 pixels or more"):
        structural_similarity(PICTURES, others)


def test_pictures_smaller_than_a_window_are_refused():
    with pytest.raises(ValueError, match="7 pixels or more"):
        structural_similarity(PICTURES[:, :6], PICTURES[:, :6])
