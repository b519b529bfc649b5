import numpy as np
import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.layers.code_mixture import UNKNOWN, CodeMixture, whole_code

RNG = np.random.default_rng(33)
BATCH, STYLE, CONTENT, FREE = 16, 3, 4, 2


def drawn(**options):
    style = RNG.normal(size=(BATCH, STYLE)).astype("float32")
    content = RNG.normal(size=(BATCH, CONTENT)).astype("float32")
    artists = np.arange(BATCH, dtype="int32")
    layer = CodeMixture(FREE, **options)
    codes, owners = layer(style, content, artists)
    parts = np.split(np.asarray(codes), [STYLE, STYLE + CONTENT], axis=1)
    return style, content, parts, np.asarray(owners)


def test_the_first_part_is_the_works_themselves_without_a_free_code():
    style, content, (s, c, free), owners = drawn(same=0.25)
    np.testing.assert_array_equal(s[:4], style[:4])
    np.testing.assert_array_equal(c[:4], content[:4])
    np.testing.assert_array_equal(owners[:4], np.arange(4))
    assert not free[:4].any()
    assert free[4:].all()


def test_the_second_part_crosses_the_style_of_one_work_with_the_content_of_another():
    style, content, (s, c, _), owners = drawn(same=0.25, random=0.25, jitter=0.0)
    crossed = slice(4, 12)
    np.testing.assert_array_equal(c[crossed], content[crossed])
    np.testing.assert_array_equal(s[crossed], style[owners[crossed]])
    assert (owners[crossed] != np.arange(4, 12)).all()


def test_the_third_part_is_pairs_that_differ_in_their_free_code_alone():
    style, content, (s, c, free), owners = drawn(same=0.25, random=0.5, jitter=0.0)
    first, second = slice(8, 12), slice(12, 16)
    for each in (s, c, owners):
        np.testing.assert_array_equal(each[first], each[second])
    assert (free[first] != free[second]).all()
    assert not (c[first, None] == content[None]).any()
    # Half of the pairs in the style of works, half in a style that is nobody's.
    np.testing.assert_array_equal(s[8:10], style[owners[8:10]])
    assert (owners[10:12] == UNKNOWN).all()
    assert not (s[10:12, None] == style[None]).any()


def test_random_parts_are_standard_normal_and_jitter_has_its_deviation():
    differences, random = [], []
    style = np.zeros((200, 50), "float32")
    layer = CodeMixture(FREE, same=0.0, random=0.5, jitter=0.3)
    codes, _ = layer(style, np.zeros((200, 50), "float32"), np.zeros(200, "int32"))
    differences = np.asarray(codes)[:100, :50]
    random = np.asarray(codes)[100:150, 50:100]
    assert differences.std() == pytest.approx(0.3, rel=0.05)
    assert random.std() == pytest.approx(1.0, rel=0.08)


@pytest.mark.parametrize("shares", [(-0.1, 0.5), (0.5, -0.1), (0.6, 0.5)])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(InputError, match="at most 1 together"):
        CodeMixture(FREE, same=shares[0], random=shares[1])


def test_every_call_draws_anew():
    layer = CodeMixture(FREE)
    style, content = np.zeros((BATCH, STYLE), "float32"), np.zeros((BATCH, CONTENT), "float32")
    first, second = (np.asarray(layer(style, content, np.arange(BATCH))[0]) for _ in range(2))
    assert (first[4:, -1] != second[4:, -1]).all()


@pytest.mark.parametrize(
    ("batch", "options", "counts"),
    [
        (16, {}, (4, 3)),
        (3, {"same": 0.1, "random": 0.1}, (1, 1)),
        (7, {"same": 0.5, "random": 0.5}, (3, 2)),
        (8, {"same": 0.0, "random": 0.0}, (0, 0)),
        (2, {}, (0, 1)),
        (1, {}, (1, 0)),
    ],
)
def test_each_share_has_an_image_of_a_small_batch_and_no_image_is_in_two(batch, options, counts):
    assert tuple(map(int, CodeMixture(FREE, **options).counts(batch))) == counts


def test_the_free_code_is_what_style_and_content_leave_of_the_whole():
    assert whole_code(160, code_size=512) == 512
    assert whole_code(160, free_size=64) == 224
    assert whole_code(160) == 176


@pytest.mark.parametrize(
    ("sizes", "complaint"),
    [
        ({"code_size": 5}, "leaves none free beside the 5 of style and content"),
        ({"code_size": 4}, "expected code_size above 5"),
        ({"code_size": 8, "free_size": 3}, "received 3 and 8; give gan.model one of them"),
        ({"free_size": -1}, "must be 0 or more, received -1"),
    ],
)
def test_a_code_without_room_is_refused(sizes, complaint):
    with pytest.raises(InputError, match=complaint):
        whole_code(5, **sizes)
