"""Copies find their original; other pictures keep apart, in any order."""

import io
import itertools

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.near_duplicates.leaders import (
    FINGERPRINT_LENGTH,
    find_leaders,
    fingerprint,
)
from anime_style_tf.data.pictures import fit_square

SIDE = 96


def picture(seed):
    """Thirty overlapping boxes of random colors."""
    random = np.random.default_rng(seed)
    pixels = np.full((SIDE, SIDE, 3), random.integers(256, size=3), np.uint8)
    for _ in range(30):
        top, left, height, width = random.integers(0, (80, 80, 40, 40))
        pixels[top : top + height, left : left + width] = random.integers(256, size=3)
    return Image.fromarray(pixels)


def sketch(image, size=64):
    return np.frombuffer(fingerprint(*fit_square(image.convert("RGBA"), size)), np.uint8)


def encoded(image, **options):
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return Image.open(buffer)


def boxed(image):
    larger = Image.new("RGB", (SIDE + 6, SIDE + 6), (200, 30, 30))
    larger.paste(image, (3, 3))
    return larger


COPIES = {
    "itself": lambda image: image,
    "jpeg": lambda image: encoded(image, format="JPEG", quality=60),
    "webp": lambda image: encoded(image, format="WEBP", quality=70),
    "half": lambda image: image.resize((SIDE // 2, SIDE // 2), Image.Resampling.BICUBIC),
    "double": lambda image: image.resize((2 * SIDE, 2 * SIDE), Image.Resampling.BICUBIC),
    "uneven crop": lambda image: image.crop((6, 2, SIDE - 4, SIDE - 8)),
    "crop of one side": lambda image: image.crop((5, 0, SIDE, SIDE)),
    "mirror": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "cropped mirror": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT).crop(
        (2, 5, SIDE - 5, SIDE - 3)
    ),
    "darker": lambda image: image.point([level * 9 // 10 for level in range(256)] * 3),
    "frame": boxed,
}


@pytest.mark.parametrize("copy", COPIES)
@pytest.mark.parametrize("copy_first", [False, True])
def test_a_copy_follows_its_original_wherever_it_comes(copy, copy_first):
    pictures = [picture(seed) for seed in range(6)]
    pair = [sketch(pictures[3]), sketch(COPIES[copy](pictures[3]))]
    pair = pair[::-1] if copy_first else pair
    others = [sketch(each) for each in (*pictures[:3], *pictures[4:])]
    leaders = find_leaders(np.stack([*others[:2], pair[0], *others[2:], pair[1]]))
    assert leaders.tolist() == [0, 1, 2, 3, 4, 5, 2]


@pytest.mark.parametrize("size", [32, 128])
def test_other_sizes_of_portraits_find_their_copies_too(size):
    image = picture(0)
    copies = [sketch(COPIES[name](image), size) for name in ("itself", "jpeg", "uneven crop")]
    assert find_leaders(np.stack(copies)).tolist() == [0, 0, 0]


def test_a_small_clear_difference_keeps_pictures_apart():
    pixels = np.asarray(picture(1)).copy()
    pixels[40:48, 40:48] ^= 128
    assert find_leaders(np.stack([sketch(picture(1)), sketch(Image.fromarray(pixels))]))[1] == 1


def test_another_background_keeps_pictures_apart():
    drawing = np.asarray(picture(2).resize((40, 40)))
    pair = []
    for color in [(250, 250, 250), (90, 140, 200)]:
        pixels = np.full((SIDE, SIDE, 3), color, np.uint8)
        pixels[28:68, 28:68] = drawing
        pair.append(sketch(Image.fromarray(pixels)))
    assert find_leaders(np.stack(pair)).tolist() == [0, 1]


def test_blank_portraits_of_one_color_are_one():
    gray, white, same = (Image.new("RGB", (64, 64), (level,) * 3) for level in (90, 255, 91))
    assert find_leaders(np.stack([sketch(each) for each in (gray, white, same)])).tolist() == [
        0,
        1,
        0,
    ]


def test_portraits_of_one_group_are_not_compared():
    same, other = sketch(picture(0)), sketch(picture(1))
    fingerprints = np.stack([same, same, same, other])
    assert find_leaders(fingerprints, groups=[7, 7, 8, 7]).tolist() == [0, 1, 0, 3]


def test_a_chain_is_not_one_family():
    """Each is a crop of the one before: the last is too far from the first to be its copy."""
    image = picture(5).resize((192, 192), Image.Resampling.BICUBIC)
    crops = [image.crop((5 * k, 5 * k, 192 - 5 * k, 192 - 5 * k)) for k in range(9)]
    fingerprints = np.stack([sketch(crop) for crop in crops])
    leaders = find_leaders(fingerprints)
    assert leaders[1] == 0
    assert leaders[8] > 0


def test_the_leaders_have_no_duplicates_in_any_order():
    image = picture(5).resize((192, 192), Image.Resampling.BICUBIC)
    crops = [image.crop((4 * k, 3 * k, 192 - 3 * k, 192 - 5 * k)) for k in range(12)]
    fingerprints = np.stack([sketch(crop) for crop in crops])
    leaders = np.unique(find_leaders(fingerprints))
    assert 1 < len(leaders) < 6
    for order in itertools.permutations(leaders):
        assert find_leaders(fingerprints[list(order)]).tolist() == list(range(len(order)))


def test_more_portraits_than_a_block_and_many_copies_of_one():
    originals = np.stack([sketch(picture(seed)) for seed in range(700)])
    copies = np.stack(
        [sketch(encoded(picture(9), format="JPEG", quality=q)) for q in range(40, 99)]
    )
    leaders = find_leaders(np.concatenate([originals, originals[::-1], copies]))
    assert leaders.tolist() == [*range(700), *range(699, -1, -1), *[9] * len(copies)]


def test_padding_is_no_part_of_a_portrait():
    wide = picture(3).crop((0, 10, SIDE, SIDE - 10))
    image, coverage = fit_square(wide.convert("RGBA"), 64)
    rows = np.flatnonzero(coverage.any(1))
    assert len(rows) < 64
    inside = np.ascontiguousarray(image[rows[0] : rows[-1] + 1])
    covered = np.full(inside.shape[:2], 255, np.uint8)
    assert fingerprint(image, coverage) == fingerprint(inside, covered)


def test_a_fingerprint_has_one_length_even_without_anything_covered():
    nothing = np.zeros((64, 64), np.uint8)
    assert len(fingerprint(np.zeros((64, 64, 3), np.uint8), nothing)) == FINGERPRINT_LENGTH
    assert len(sketch(picture(0), 512)) == FINGERPRINT_LENGTH


def test_no_portraits_have_no_leaders():
    assert find_leaders(np.empty((0, FINGERPRINT_LENGTH), np.uint8)).tolist() == []


def test_a_copy_that_was_compressed_when_it_was_small_is_found_by_its_size():
    large = [picture(seed).resize((480, 480), Image.Resampling.NEAREST) for seed in range(20)]
    small = [each.resize((40, 40), Image.Resampling.LANCZOS) for each in large]
    copies = [encoded(each, format="JPEG", quality=75) for each in small]
    sketches = np.stack([sketch(each) for each in (*large, *copies)])
    sides = np.repeat([480.0, 40.0], 20)
    expected = np.tile(np.arange(20), 2)
    np.testing.assert_array_equal(find_leaders(sketches, sides=sides), expected)
    turned = find_leaders(sketches[::-1], sides=sides[::-1])
    np.testing.assert_array_equal(turned, np.tile(np.arange(20), 2))
    # Without the sizes, or if both are small, it is not: others may differ by as little.
    for same in (None, np.full(40, 40.0)):
        assert (find_leaders(sketches, sides=same)[20:] >= 20).any()
