import numpy as np
import pytest
import scipy.stats

from anime_style_tf.layers.nested_dropout import NestedDropout, prefix_law


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.9, 1.0, None])
@pytest.mark.parametrize("size", [1, 2, 5, 64, 512])
def test_the_prefix_law_is_geometric_with_its_tail_on_the_full_code(size, keep):
    law = prefix_law(size, keep=keep)
    q = max(0.0, 1 - 2 / size) if keep is None else keep
    assert law.sum() == pytest.approx(1.0, abs=1e-12)
    assert (law >= 0).all()
    assert law[-1] == pytest.approx(q ** (size - 1))
    expected = [q ** (d - 1) * (1 - q) for d in range(1, size)]
    np.testing.assert_allclose(law[:-1], expected, atol=1e-15)
    survival = law[::-1].cumsum()[::-1]
    np.testing.assert_allclose(survival, [q ** (d - 1) for d in range(1, size + 1)], atol=1e-12)


def test_three_dimensions_by_hand():
    np.testing.assert_allclose(prefix_law(3, keep=0.5), [0.5, 0.25, 0.25])


@pytest.mark.parametrize("keep", [-0.1, 1.1])
def test_a_keep_that_is_no_probability_is_refused(keep):
    with pytest.raises(ValueError, match=r"in \[0, 1\], received"):
        prefix_law(4, keep=keep)


@pytest.mark.parametrize("keep", [0.6, None])
def test_prefix_lengths_follow_the_law(keep):
    size, count = 6, 6000
    layer = NestedDropout(keep=keep, seed=11)
    masks = layer(np.ones((count, size), "float32"), training=True).numpy()
    lengths = masks.sum(axis=1).astype(int)
    np.testing.assert_array_equal(masks, np.arange(size) < lengths[:, None])
    counts = np.bincount(lengths, minlength=size + 1)[1:]
    expected = count * prefix_law(size, keep=keep)
    assert lengths.min() >= 1
    assert scipy.stats.chisquare(counts, expected).pvalue > 1e-3


def test_each_code_has_a_prefix_length_of_its_own_and_each_call_draws_anew():
    layer = NestedDropout(keep=0.7, seed=1)
    codes = np.ones((200, 8), "float32")
    first, second = (layer(codes, training=True).numpy().sum(axis=1) for _ in "ab")
    assert len(set(first)) > 3
    assert (first != second).any()


def test_what_is_kept_is_not_rescaled():
    codes = np.random.default_rng(3).normal(size=(50, 7)).astype("float32")
    masked = NestedDropout(keep=0.5)(codes, training=True).numpy()
    assert ((masked == codes) | (masked == 0)).all()


@pytest.mark.parametrize("arguments", [{}, {"training": False}])
def test_nothing_is_masked_outside_training(arguments):
    codes = np.ones((100, 5), "float32")
    np.testing.assert_array_equal(NestedDropout(keep=0.0)(codes, **arguments), codes)


def test_keeping_always_keeps_all_and_never_keeps_one():
    codes = np.ones((100, 5), "float32")
    np.testing.assert_array_equal(NestedDropout(keep=1.0)(codes, training=True), codes)
    only_first = NestedDropout(keep=0.0)(codes, training=True)
    np.testing.assert_array_equal(only_first, codes * [1, 0, 0, 0, 0])
