"""The number of style dimensions, chosen for codes that are known."""

import json
import types

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from anime_style_tf.evaluation.prefixes import presumed_style_accuracy
from anime_style_tf.stages.style import choose_code_size
from anime_style_tf.workdir import networks

MEANS = np.array([[0, 0], [0, 8], [8, 0], [8, 8]])


def works(each, seed):
    """Works by four artists: two dimensions tell them apart, two are a thousandth of noise."""
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.repeat(np.arange(4), each))
    codes = np.pad(MEANS[labels], ((0, 0), (0, 2))) + generator.normal(size=(4 * each, 4))
    return codes * [1, 1, 1e-3, 1e-3], labels


def map_at_r(queries, labels, gallery, gallery_labels):
    order = np.argsort(pairwise_distances(queries, gallery), axis=1)
    found = []
    for own, ranks in zip(labels, order, strict=True):
        relevant = gallery_labels[ranks] == own
        count = relevant.sum()
        precision = np.cumsum(relevant) / np.arange(1, len(relevant) + 1)
        found.append(np.sum((precision * relevant)[:count]) / count)
    return np.mean(found)


@pytest.fixture
def chosen(monkeypatch):
    splits = {"train": works(30, 1), "test": works(40, 2)}
    records = types.SimpleNamespace(labels=lambda split: splits[split][1])
    monkeypatch.setattr(networks, "over_records", lambda encoder, _, split: encoder[split][0])
    found = choose_code_size(splits, np.pad(MEANS, ((0, 0), (0, 2))), records, splits["train"][0])
    return json.loads(json.dumps(found, allow_nan=False)), splits


def test_dimensions_that_add_nothing_are_not_kept(chosen):
    assert chosen[0]["code_size"] == 2


def test_more_dimensions_are_kept_where_the_generator_needs_them(chosen):
    _, splits = chosen
    records = types.SimpleNamespace(labels=lambda split: splits[split][1])
    styles, gallery = np.pad(MEANS, ((0, 0), (0, 2))), splits["train"][0]
    for at_least, kept in ((1, 2), (3, 3), (9, 4)):
        found = choose_code_size(splits, styles, records, gallery, at_least=at_least)
        assert (found["code_size"], found["fewest_by_the_curve"]) == (kept, 2)


def test_the_curves_that_chose_are_written_and_are_of_one_half_of_the_test_works(chosen):
    found, splits = chosen
    (codes, labels), (gallery, gallery_labels) = splits["test"], splits["train"]
    codes, labels = codes[::2], labels[::2]
    assert found["count"] == len(labels) == 80
    assert found["lengths"] == [1, 2, 3, 4]
    expected = [
        map_at_r(codes[:, :d], labels, gallery[:, :d], gallery_labels) for d in found["lengths"]
    ]
    np.testing.assert_allclose(found["map_at_r"], expected, atol=1e-12)
    np.testing.assert_allclose(found["shortfall"], max(expected) - np.array(expected), atol=1e-12)
    assert min(found["shortfall_standard_error"]) == 0
    assert max(found["shortfall_standard_error"]) > 0
    curve = presumed_style_accuracy(codes, labels, np.pad(MEANS, ((0, 0), (0, 2))))
    np.testing.assert_allclose(found["accuracy"], curve.accuracy)
    np.testing.assert_allclose(found["standard_error"], curve.standard_error())
