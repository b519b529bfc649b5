import numpy as np
import pytest

from anime_style_tf.search import distances


@pytest.mark.parametrize("limit", [2**20, 50])
def test_blocks_are_in_order_and_have_the_squares_of_direct_differences(limit, monkeypatch):
    monkeypatch.setattr(distances, "_BLOCK_ELEMENTS", limit)
    generator = np.random.default_rng(0)
    queries, gallery = generator.normal(size=(23, 5)), generator.normal(size=(17, 5))
    blocks = distances.visit_distances(queries, gallery, lambda rows, squared: (rows, squared))
    assert [row for rows, _ in blocks for row in range(23)[rows]] == list(range(23))
    expected = ((queries[:, None] - gallery[None]) ** 2).sum(axis=2)
    np.testing.assert_allclose(np.concatenate([squared for _, squared in blocks]), expected)
    assert len(blocks) == (1 if limit > 23 * 17 else 12)


def test_a_query_that_is_in_the_gallery_is_infinitely_far_from_itself_alone():
    codes = np.arange(4.0)[:, None]
    own = np.array([3, 2, 1, 0])  # a gallery in another order
    (squared,) = distances.visit_distances(codes, codes[own], lambda _, squared: squared, own=own)
    np.testing.assert_array_equal(np.argwhere(np.isinf(squared)), [[0, 3], [1, 2], [2, 1], [3, 0]])
    assert squared[0].tolist() == [9, 4, 1, np.inf]
