"""The geometry of a face."""

import pytest

from anime_style_tf.data.faces.face import Face


def leaning(left_eye, right_eye):
    return Face(box=(10, 20, 30, 50), left_eye=left_eye, right_eye=right_eye, likelihood=1)


def test_the_center_is_the_middle_of_the_box():
    assert leaning((0, 0), (1, 0)).center == (25, 45)


@pytest.mark.parametrize(
    ("right_eye", "roll"),
    [
        ((1, 0), 0),
        ((1, 1), 45),  # y is down: its right eye is lower, it is turned clockwise
        ((1, -1), -45),
        ((0, 1), 90),
        ((-1, 1), 135),
        ((3**0.5, 1), 30),
    ],
)
def test_roll_is_the_clockwise_turn_of_the_line_of_the_eyes(right_eye, roll):
    face = leaning((7, 5), (7 + 4 * right_eye[0], 5 + 4 * right_eye[1]))
    assert face.roll == pytest.approx(roll)
