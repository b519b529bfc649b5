import numpy as np
import pytest

from anime_style_tf.evaluation.retrieval.labeled_distances import visit_blocks
from anime_style_tf.evaluation.retrieval.queries import make_search
from anime_style_tf.search import distances


@pytest.mark.parametrize("limit", [2**20, 30])
def test_the_relevant_columns_of_each_query_are_the_works_with_its_label(limit, monkeypatch):
    monkeypatch.setattr(distances, "_BLOCK_ELEMENTS", limit)
    codes = np.array([[0.0], [10.0], [1.0], [12.0], [3.0]])
    search = make_search(codes, [7, 5, 7, 5, 7])
    rows = {}

    def collect(block):
        for number, squared, own in zip(
            range(5)[block.queries], block.squared, block.relevant(), strict=True
        ):
            rows[number] = sorted(squared[own])

    visit_blocks(search, 1, collect)
    assert rows == {
        0: [1, 9, np.inf],
        1: [4, np.inf],
        2: [1, 4, np.inf],
        3: [4, np.inf],
        4: [4, 9, np.inf],
    }


def test_a_label_that_the_gallery_lacks_has_no_column():
    search = make_search([[0.0]], [3], [[1.0], [2.0]], [2, 4])
    (lengths,) = visit_blocks(search, 1, lambda b: [own.stop - own.start for own in b.relevant()])
    assert lengths == [0]
