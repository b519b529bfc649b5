import numpy as np
import pytest

from anime_style_tf.stages.content import prefix_lengths


def test_short_prefixes_are_all_measured_and_long_ones_ever_wider_apart():
    lengths = prefix_lengths(512)
    assert lengths[:8] == list(range(1, 9))
    assert lengths[-1] == 512
    assert np.diff(lengths)[-1] > 100
    assert len(lengths) <= 25


@pytest.mark.parametrize("code_size", [1, 5, 8, 9, 48])
def test_prefixes_increase_and_end_with_the_whole_code(code_size):
    lengths = prefix_lengths(code_size)
    assert lengths == sorted(set(lengths))
    assert (lengths[0], lengths[-1]) == (1, code_size)
