"""The changes that are planted: each makes a copy that differs, and by no more than it says."""

import numpy as np
import pytest
from PIL import Image
from skimage.metrics import structural_similarity

from benchmarks.planted_changes import CHANGES, PLAIN

SIDE = 64


def drawing():
    rows, columns = np.mgrid[:SIDE, :SIDE] / SIDE
    waves = [np.sin(9 * rows + 4 * columns), np.cos(7 * columns), np.sin(12 * rows * columns)]
    return Image.fromarray(np.uint8(128 + 90 * np.stack(waves, -1)))


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_a_function_of_the_seed_that_changes_the_picture(name):
    first, second = (CHANGES[name](np.random.default_rng(3), drawing()) for _ in range(2))
    assert first.mode == "RGB"
    assert first.tobytes() == second.tobytes()
    assert first.tobytes() != drawing().tobytes()


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_left_is_still_the_same_drawing(name):
    changed = CHANGES[name](np.random.default_rng(5), drawing())
    assert min(changed.size) >= 0.75 * SIDE or "half" in name
    if "mirrored" in name:
        changed = changed.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    pair = [np.asarray(each.convert("L").resize((16, 16))) for each in (drawing(), changed)]
    assert structural_similarity(*pair) > 0.4


def test_crops_lose_what_they_say_and_frames_add_it():
    random = np.random.default_rng(0)
    for name, least, most in (("crop 2-5 %", 0.04, 0.10), ("crop 5-10 %", 0.10, 0.20)):
        for _ in range(20):
            width, height = CHANGES[name](random, Image.new("RGB", (1000, 1000))).size
            for side in (width, height):
                assert least <= 1 - side / 1000 <= most
    for _ in range(20):
        size = CHANGES["one side, 3-8 %"](random, Image.new("RGB", (1000, 1000))).size
        assert max(size) == 1000
        assert 920 <= min(size) <= 970
    assert CHANGES["frame"](random, Image.new("RGB", (100, 100))).size == (108, 108)


def test_the_plain_ones_are_among_them():
    assert PLAIN.items() <= CHANGES.items()
