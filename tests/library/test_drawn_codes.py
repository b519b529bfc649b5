import types

import numpy as np

from anime_style_tf.library.drawn_codes import draw_codes
from anime_style_tf.serving.free_code import free_code


def _trained():
    """Draws a picture of one pixel whose channels are the first of style, content and free."""

    def generate(style, content, free):
        assert len(style) == 8  # always as many at once
        return np.stack([style[:, 0], content[:, 0], free[:, 0]], axis=-1)[:, None, None]

    one = types.SimpleNamespace(code_size=1)
    return types.SimpleNamespace(
        free_size=2, generate=generate, style_encoder=one, content_encoder=one
    )


def test_leading_axes_are_broadcast_and_values_rounded_to_bytes():
    style = np.array([[0.0], [0.5], [2.0]])[:, None]
    content = np.linspace(0, 1, 4)[:, None]
    drawn = draw_codes(_trained(), style, content)
    assert drawn.shape == (3, 4, 1, 1, 3)
    assert drawn.dtype == np.uint8
    assert drawn[:, 0, 0, 0, 0].tolist() == [0, 128, 255]  # 127.5 to even; clipped
    assert drawn[0, :, 0, 0, 1].tolist() == [0, 85, 170, 255]
    assert (drawn[..., 2] == 0).all()


def test_the_free_code_of_a_seed_is_the_served_one():
    drawn = draw_codes(_trained(), np.zeros((1, 1)), np.zeros((20, 1)), seed=np.arange(20))
    wanted = np.clip(free_code(np.arange(20), 2).numpy()[:, 0], 0, 1)
    np.testing.assert_array_equal(drawn[:, 0, 0, 2], np.round(wanted * 255))
