import types

import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.library.drawn_codes import draw_codes, moved_style


def _networks():
    """Draws a picture of one pixel whose channels are style, content and a part of the seed."""

    def draw(style, content, seeds, free):
        assert len(style) == 8  # always as many at once
        seen = np.zeros(8) if seeds is None else seeds / 100
        seen = seen if free is None else free[:, 0]
        return np.stack([style[:, 0], content[:, 0], seen], axis=-1)[:, None, None]

    return types.SimpleNamespace(style_size=1, content_size=1, draw=draw)


def test_leading_axes_are_broadcast_and_values_rounded_to_bytes():
    style = np.array([[0.0], [0.5], [2.0]])[:, None]
    content = np.linspace(0, 1, 4)[:, None]
    drawn = draw_codes(_networks(), style, content)
    assert drawn.shape == (3, 4, 1, 1, 3)
    assert drawn.dtype == np.uint8
    assert drawn[:, 0, 0, 0, 0].tolist() == [0, 128, 255]  # 127.5 to even; clipped
    assert drawn[0, :, 0, 0, 1].tolist() == [0, 85, 170, 255]
    assert (drawn[..., 2] == 0).all()


def test_each_picture_has_its_own_seed_wherever_it_lies_among_the_others():
    drawn = draw_codes(_networks(), np.zeros((1, 1)), np.zeros((20, 1)), seed=np.arange(20))
    assert drawn[:, 0, 0, 2].tolist() == np.round(np.arange(20) / 100 * 255).tolist()
    alone = draw_codes(_networks(), np.zeros((1, 1)), np.zeros((2, 1)), seed=19)
    assert alone[:, 0, 0, 2].tolist() == [48, 48]


def test_a_free_code_that_is_given_is_drawn():
    free = np.linspace(0, 1, 6).reshape(3, 2)
    drawn = draw_codes(_networks(), np.zeros((3, 1)), np.zeros((1, 1)), free=free)
    assert drawn[:, 0, 0, 2].tolist() == [0, 102, 204]


def test_shifts_move_their_dimensions_of_a_copy_and_others_are_refused():
    style = np.arange(6.0).reshape(2, 3)
    moved = moved_style(style, {0: 1.5, 2: -1})
    np.testing.assert_array_equal(moved - style, [[1.5, 0, -1]] * 2)
    for dimension in (3, -1, 0.5):
        with pytest.raises(InputError, match=r"from 0 to 2 \(k_S = 3\)"):
            moved_style(style, {dimension: 1.0})
