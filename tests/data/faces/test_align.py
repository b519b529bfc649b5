"""Portraits cut out around a face, against the functions that were drawn."""

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.faces.align import align
from anime_style_tf.data.faces.face import Face
from anime_style_tf.data.pictures import fit_square
from anime_style_tf.errors import InputError
from tests.data.faces import reference

ROLLS = [0, 10, -17, 40, -40, 90, 150]


def face_at(center, side, roll):
    """A face whose eyes are a third of the side apart."""
    half = side / 6 * np.array([np.cos(np.radians(roll)), np.sin(np.radians(roll))])
    box = (center[0] - side / 2, center[1] - side / 2, side, side)
    return Face(box, tuple(center - half), tuple(center + half), 1.0)


def smooth(x, y):
    """Three channels of slow waves."""
    return np.stack(
        [
            128 + 100 * np.sin(x / 21 + 1) * np.cos(y / 34),
            128 + 100 * np.cos(x / 29 - y / 25),
            90 + 0.2 * x + 0.1 * y,
        ],
        axis=-1,
    )


def drawn(function, width, height):
    y, x = np.mgrid[:height, :width] + 0.5
    return Image.fromarray(np.round(function(x, y)).astype(np.uint8)).convert("RGBA")


@pytest.mark.parametrize("image_size", [32, 64, 200])
@pytest.mark.parametrize("roll", ROLLS)
def test_portraits_are_the_picture_at_the_turned_and_scaled_places(roll, image_size):
    center, side = np.array([210.3, 190.8]), 100
    picture = drawn(smooth, 420, 400)
    image, coverage = align(
        picture, face_at(center, side, roll), crop_scale=1.75, image_size=image_size
    )
    down, across = ((np.mgrid[:image_size, :image_size] + 0.5) / image_size - 0.5) * 1.75 * side
    cosine, sine = np.cos(np.radians(roll)), np.sin(np.radians(roll))
    expected = smooth(
        center[0] + cosine * across - sine * down, center[1] + sine * across + cosine * down
    )
    assert np.all(coverage == 255)
    assert np.abs(image - expected).max() < 3.5


@pytest.mark.parametrize("roll", [40, -40, 25, -10])
def test_a_turned_drawing_becomes_the_upright_one(roll):
    pytest.importorskip("resvg_py")
    from benchmarks import face_drawings as drawings

    portraits = []
    for each in (0, roll):
        place = {"side": 300, "center": (250, 240), "roll": each}
        picture = drawings.render(drawings.svg(drawings.DEFAULT), size=(500, 480), **place)
        left, right = drawings.eyes(drawings.DEFAULT, **place)
        middle = (left + right) / 2
        face = Face((*(middle - 60), 120, 120), tuple(left), tuple(right), 1.0)
        portraits.append(align(picture, face, image_size=96))
    (upright, covered), (aligned, also_covered) = portraits
    assert np.abs(upright.astype(int) - aligned).mean() < 1.5
    assert np.abs(covered.astype(int) - also_covered).mean() < 1.5


@pytest.mark.parametrize("roll", [0, 33])
def test_strong_reduction_does_not_alias(roll):
    cells = np.indices((512, 512)).sum(axis=0) % 2 * 255
    picture = Image.fromarray(np.stack([cells] * 3, axis=-1).astype(np.uint8)).convert("RGBA")
    image, _ = align(picture, face_at(np.array([256, 256]), 180, roll), image_size=40)
    assert np.abs(image.astype(int) - 127.5).max() < 4


def test_what_lies_beyond_the_picture_is_black_and_not_covered():
    picture = Image.new("RGBA", (100, 100), (200, 180, 160, 255))
    # A crop of 80 pixels around (10, 90): 30 columns and 30 rows of it lie outside.
    image, coverage = align(
        picture, face_at(np.array([10, 90]), 40, 0), crop_scale=2, image_size=80
    )
    expected = np.zeros((80, 80), np.uint8)
    expected[:50, 30:] = 255
    np.testing.assert_array_equal(coverage, expected)
    np.testing.assert_array_equal(image, np.where(expected[..., None] > 0, [200, 180, 160], 0))


@pytest.mark.parametrize("roll", ROLLS)
@pytest.mark.parametrize("side", [30, 120])
def test_around_a_corner_of_the_picture_a_quarter_is_covered(roll, side):
    picture = Image.new("RGBA", (300, 300), "white")
    _, coverage = align(picture, face_at(np.zeros(2), side, roll), image_size=64)
    assert coverage.mean() / 255 == pytest.approx(0.25, abs=0.01)


def test_a_face_outside_the_picture_gives_nothing_but_black():
    picture = Image.new("RGBA", (50, 50), "white")
    image, coverage = align(picture, face_at(np.array([500, 20]), 40, 10), image_size=16)
    assert not image.any()
    assert not coverage.any()


@pytest.mark.parametrize("roll", [0, 20])
def test_transparency_counts_as_black_and_goes_to_coverage(roll):
    picture = Image.new("RGBA", (200, 200), (200, 100, 50, 128))
    image, coverage = align(picture, face_at(np.array([100, 100]), 50, roll), image_size=32)
    assert np.abs(image - np.array([200, 100, 50]) * 128 / 255).max() <= 1
    assert np.all(coverage == 128)


def test_a_crop_that_is_the_whole_picture_is_close_to_what_fit_square_makes_of_it():
    with Image.open(reference.SELF_TEST) as drawing:
        picture = drawing.convert("RGBA")
    face = face_at(np.array([96, 96]), 96, 0)
    image, _ = align(picture, face, crop_scale=2, image_size=64)
    expected, _ = fit_square(picture, 64)
    assert np.abs(image.astype(int) - expected).mean() < 2  # another filter, lines a pixel wide


@pytest.mark.parametrize("wrong", [{"crop_scale": 0}, {"image_size": 0}, {"crop_scale": -1}])
def test_sizes_that_are_not_positive_are_refused(wrong):
    picture = Image.new("RGBA", (50, 50))
    with pytest.raises(InputError, match="above 0"):
        align(picture, face_at(np.array([20, 20]), 9, 0), **{"image_size": 8} | wrong)
