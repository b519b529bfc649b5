import types

import numpy as np
import pytest

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.stages.measures.measured_run import SearchCodes
from anime_style_tf.stages.measures.retrieval_measures import (
    DEFINITIONS,
    measure_retrieval,
    prefix_lengths,
)


@pytest.fixture(scope="module")
def run():
    """Two dimensions tell three artists apart, four are noise; the classifier has only noise."""
    random = np.random.default_rng(0)

    def draw(works):
        labels = np.repeat(np.arange(3), works)
        means = np.array([[0, 0], [4, 0], [0, 4]])[labels]
        noise = random.normal(size=(len(labels), 6))
        return labels, noise + np.pad(means, ((0, 0), (0, 4)))

    labels, queries = draw(10)
    gallery_labels, gallery = draw(20)
    noise = random.normal(size=(30, 6)), random.normal(size=(60, 6))
    codes = {"metric_learning": (queries, gallery), "classifier": noise}
    return types.SimpleNamespace(
        codes={
            method: SearchCodes(Codes(test, labels), Codes(train, gallery_labels))
            for method, (test, train) in codes.items()
        },
        identities=np.tile([f"subject {n}" for n in range(10)], 3),
        chosen=2,
        absent={},
        basis={"count": 30, "split": "test"},
    )


@pytest.fixture(scope="module")
def retrieval(run):
    return measure_retrieval(run)


def test_every_measure_has_a_value_and_an_interval_for_each_length(retrieval, run):
    for encoder in run.codes:
        found = retrieval[encoder]
        assert found["lengths"] == [1, 2, 3, 4, 5, 6]
        for measure, definition in DEFINITIONS.items():
            low, high = found[measure]["interval"]
            assert len(found[measure]["value"]) == len(low) == len(high) == 6
            assert np.all(np.array(low) <= found[measure]["value"])
            assert np.all(np.array(found[measure]["value"]) <= high)
            assert found[measure]["definition"].startswith(definition)


def test_precision_is_the_share_of_right_nearest_works(retrieval, run):
    queries, gallery = run.codes["metric_learning"]
    found = retrieval["metric_learning"]
    for place, length in enumerate(found["lengths"]):
        distances = np.linalg.norm(
            queries.values[:, None, :length] - gallery.values[None, :, :length], axis=-1
        )
        right = gallery.labels[distances.argmin(1)] == queries.labels
        assert found["precision_at_1"]["value"][place] == pytest.approx(right.mean())


def test_the_better_encoder_is_ahead_of_noise_beyond_doubt(retrieval):
    difference = retrieval["difference_at_k_S"]["metric_learning - classifier"]
    assert difference["value"] > 0.4
    assert difference["interval"][0] > 0
    adjusted = {
        method: retrieval[method]["cluster_agreement"]["adjusted"]["value"]
        for method in ("metric_learning", "classifier")
    }
    assert adjusted["metric_learning"] > 0.6
    assert abs(adjusted["classifier"]) < 0.3


def test_lengths_are_all_of_a_short_code_and_spaced_in_a_long_one():
    assert prefix_lengths(5, 3) == [1, 2, 3, 4, 5]
    long = prefix_lengths(512, 37)
    assert {1, 2, 37, 512} <= set(long)
    assert len(long) <= 66
