"""Finding faces of any size and lean: exactly with a detector of dots, roughly with AnimeFace."""

import dataclasses

import numpy as np
import pytest
from PIL import Image, ImageDraw

from anime_style_tf.data.faces.face import Face
from anime_style_tf.data.faces.search import find_faces

COLORS = {"left": (250, 10, 10), "right": (10, 10, 250)}


@dataclasses.dataclass
class DotDetector:
    """Finds one face: a red dot and a blue one; its box is three times their distance.

    It does not see faces that lean by more than 25 degrees or are outside of the sizes given, and
    writes down what it was shown.
    """

    sizes: tuple[float, float] = (40, 300)
    shown: list = dataclasses.field(default_factory=list)

    def __call__(self, image):
        self.shown.append(image.shape[:2])
        dots = []
        for color in COLORS.values():
            rows, columns = np.nonzero(np.abs(image.astype(int) - color).max(axis=-1) < 90)
            if not len(rows):
                return []
            dots.append((columns.mean() + 0.5, rows.mean() + 0.5))
        side = 3 * np.hypot(*np.subtract(*dots))
        x, y = np.mean(dots, axis=0)
        face = Face((x - side / 2, y - side / 2, side, side), *dots, 1.0)
        seen = abs(face.roll) <= 25 and self.sizes[0] <= side <= self.sizes[1]
        return [face] if seen else []


def dots(size, center, distance, roll, background="white"):
    """A picture with one face for the `DotDetector`, and where its eyes are."""
    picture = Image.new("RGBA", size, background)
    turn = np.array([np.cos(np.radians(roll)), np.sin(np.radians(roll))])
    eyes = [np.array(center) + sign * distance / 2 * turn for sign in (-1, 1)]
    for (x, y), color in zip(eyes, COLORS.values(), strict=True):
        radius = distance / 5
        place = (x - radius - 0.5, y - radius - 0.5, x + radius - 0.5, y + radius - 0.5)
        ImageDraw.Draw(picture).ellipse(place, fill=(*color, 255))
    return picture, np.array(eyes)


@pytest.mark.parametrize("roll", [0, 12, -22, 35, -40, 58, -64])
@pytest.mark.parametrize("size", [(400, 400), (900, 500), (1000, 2100)])
def test_eyes_and_box_are_given_in_the_pixels_of_the_picture(roll, size):
    center = (size[0] * 0.4, size[1] * 0.6)
    distance = max(size) / 12
    picture, eyes = dots(size, center, distance, roll)
    (face,) = find_faces(picture, DotDetector(), min_likelihood=0.5)
    error = 0.04 * distance
    np.testing.assert_allclose([face.left_eye, face.right_eye], eyes, atol=error)
    np.testing.assert_allclose(face.center, center, atol=error)
    np.testing.assert_allclose(face.box[2:], 3 * distance, rtol=0.04)
    assert face.roll == pytest.approx(roll, abs=2)


def test_turned_pictures_are_searched_only_where_nothing_is_found():
    upright, leaning = DotDetector(), DotDetector()
    find_faces(dots((300, 300), (150, 150), 30, 0)[0], upright, min_likelihood=0.5)
    picture = dots((300, 300), (150, 150), 30, 50)[0]
    assert find_faces(picture, leaning, min_likelihood=0.5, rotations=()) == []
    assert len(leaning.shown) == 2
    find_faces(picture, leaning, min_likelihood=0.5)
    views = [each for each in leaning.shown[4:] if max(each) > 320]
    assert len(views) >= 8
    assert len(upright.shown) == 2 + 7  # two sides, then seven looks at the face, none twice


def test_large_and_small_faces_are_found_at_different_sides():
    small = dots((1200, 1200), (600, 600), 1200 * 20 / 640, 0)[0]  # 20 pixels of 640, 10 of 320
    assert find_faces(small, DotDetector(sizes=(40, 300)), min_likelihood=0.5)
    assert not find_faces(small, DotDetector(sizes=(40, 300)), min_likelihood=0.5, sides=(320,))
    close = dots((1200, 1200), (600, 600), 300, 0)[0]  # a box of 480 pixels of 640, 240 of 320
    assert find_faces(close, DotDetector(sizes=(40, 300)), min_likelihood=0.5)
    assert not find_faces(close, DotDetector(sizes=(40, 300)), min_likelihood=0.5, sides=(640,))


def test_pictures_are_enlarged_at_most_twice():
    detector = DotDetector()
    find_faces(Image.new("RGBA", (50, 40)), detector, min_likelihood=0.5, rotations=())
    assert detector.shown == [(104, 124)]  # 100 x 80 and a margin of 0.15 x 80 on each side


def test_unlikely_faces_are_passed_over():
    picture = dots((300, 300), (150, 150), 30, 0)[0]
    assert find_faces(picture, DotDetector(), min_likelihood=1.0)
    assert find_faces(picture, DotDetector(), min_likelihood=1.01) == []


def test_what_is_transparent_is_searched_as_black():
    clear, _ = dots((300, 300), (150, 150), 30, 0, background=(255, 255, 255, 0))
    shown = []

    def detector(image):
        shown.append(image)
        return []

    find_faces(clear, detector, min_likelihood=0.5, sides=(300,), rotations=())
    assert shown[0].max(axis=-1)[60, 60] == 0


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (2000, 3)])
def test_the_smallest_and_thinnest_pictures_hold_no_face(detector, size):
    assert find_faces(Image.new("RGBA", size, "white"), detector, min_likelihood=0.5) == []


@pytest.fixture
def drawings():
    pytest.importorskip("resvg_py")
    from benchmarks import face_drawings

    return face_drawings


@pytest.mark.parametrize("roll", [0, 20, -40])
def test_animeface_finds_a_leaning_drawing_and_its_roll(detector, drawings, roll):
    place = {"side": 240, "center": (230, 170), "roll": roll}
    picture = drawings.render(drawings.svg(drawings.DEFAULT), size=(420, 360), **place)
    (face,) = find_faces(picture, detector, min_likelihood=0.9)
    eyes = drawings.eyes(drawings.DEFAULT, **place)
    np.testing.assert_allclose([face.left_eye, face.right_eye], eyes, atol=240 * 0.06)
    assert face.roll == pytest.approx(roll, abs=8)
    assert face.box[2] == pytest.approx(240 / 2, rel=0.35)


def test_each_face_of_several_is_found_once_and_always_the_same(detector, drawings):
    picture = Image.new("RGBA", (600, 320), "#e8e4f0")
    centers = [(150, 160), (440, 170)]
    for seed, center in enumerate(centers):
        look = drawings.svg(drawings.random_look(np.random.default_rng(seed)))
        drawn = drawings.render(look, size=picture.size, side=240, center=center, roll=0)
        picture.alpha_composite(drawn)
    faces = find_faces(picture, detector, min_likelihood=0.9)
    found = sorted(face.center for face in faces)
    np.testing.assert_allclose(found, np.add(centers, (0, 15)), atol=20)
    assert [face.likelihood for face in faces] == sorted(
        (face.likelihood for face in faces), reverse=True
    )
    assert find_faces(picture, detector, min_likelihood=0.9) == faces
