"""Complete rankings against scikit-learn, query by query, with and without ties."""

import numpy as np
import pytest
from scipy.spatial import distance
from sklearn import metrics

from anime_style_tf.evaluation.retrieval import complete_ranking
from anime_style_tf.search import distances

GENERATOR = np.random.default_rng(0)
LABELS = GENERATOR.integers(5, size=120)
CODES = {
    "all distances differ": GENERATOR.normal(size=(120, 6)) + LABELS[:, None] * 0.4,
    "many are equal": GENERATOR.integers(3, size=(120, 6)) + LABELS[:, None] // 3,
    "all are equal": np.ones((120, 6)),
}


def expected(queries, labels, gallery, gallery_labels, leave_one_out):
    away = -distance.cdist(queries, gallery, "sqeuclidean")
    for query, row in enumerate(away):
        kept = np.arange(len(row)) != query if leave_one_out else np.ones(len(row), bool)
        relevant = gallery_labels[kept] == labels[query]
        yield (
            metrics.average_precision_score(relevant, row[kept]),
            metrics.roc_auc_score(relevant, row[kept]),
        )


@pytest.mark.parametrize("name", CODES)
@pytest.mark.parametrize("d", [2, 6])
def test_leave_one_out_is_scikit_learns(name, d, monkeypatch):
    monkeypatch.setattr(distances, "_BLOCK_ELEMENTS", 1000)
    codes = CODES[name][:, :d]
    found = complete_ranking.rank_completely(CODES[name], LABELS, prefixes=(d,))
    precision, area = zip(*expected(codes, LABELS, codes, LABELS, True), strict=True)
    np.testing.assert_allclose(found.values["average_precision"][:, 0], precision, atol=1e-12)
    np.testing.assert_allclose(found.values["query_auc"][:, 0], area, atol=1e-12)


@pytest.mark.parametrize("name", CODES)
def test_a_disjoint_gallery_is_scikit_learns(name):
    codes = CODES[name]
    parts = codes[:40], LABELS[:40], codes[40:], LABELS[40:]
    found = complete_ranking.rank_completely(*parts)
    precision, area = zip(*expected(*parts, False), strict=True)
    np.testing.assert_allclose(found.values["average_precision"][:, 0], precision, atol=1e-12)
    np.testing.assert_allclose(found.values["query_auc"][:, 0], area, atol=1e-12)


def test_a_ranking_by_hand():
    # Right, wrong, right: precisions 1 and 2/3; the wrong one is behind one of the two.
    found = complete_ranking.rank_completely([[0.0]], [1], [[1.0], [2], [3]], [1, 0, 1])
    np.testing.assert_allclose(found.mean("average_precision"), [(1 + 2 / 3) / 2])
    np.testing.assert_allclose(found.mean("query_auc"), [0.5])


def test_lone_labels_do_not_count():
    found = complete_ranking.rank_completely([[0.0], [1.0], [5.0]], [0, 0, 4])
    np.testing.assert_array_equal(found.counted, [True, True, False])
    np.testing.assert_allclose(found.mean("average_precision"), [1])


def test_where_all_works_have_one_label_the_area_is_a_half():
    found = complete_ranking.rank_completely([[0.0], [1.0], [5.0]], [3, 3, 3])
    np.testing.assert_allclose(found.mean("average_precision"), [1])
    np.testing.assert_allclose(found.mean("query_auc"), [0.5])
