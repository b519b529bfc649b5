import json

import numpy as np
import pytest

from anime_style_tf.stages.measures.style_measures import (
    DEFINITIONS,
    measure_retrieval,
    measure_robustness,
    measure_validity,
    prefix_lengths,
)

NAMES = ["ann", "bob", "eve"]
ABOUT = {"count": 30, "split": "test"}


@pytest.fixture(scope="module")
def codes():
    """Labels, subjects and codes: two dimensions tell three artists apart, four are noise."""
    random = np.random.default_rng(0)

    def draw(works):
        labels = np.repeat(np.arange(3), works)
        means = np.array([[0, 0], [4, 0], [0, 4]])[labels]
        noise = random.normal(size=(len(labels), 6))
        return labels, noise + np.pad(means, ((0, 0), (0, 4)))

    labels, queries = draw(10)
    gallery_labels, gallery = draw(20)
    noise = random.normal(size=(30, 6)), random.normal(size=(60, 6))
    return {
        "labels": labels,
        "gallery_labels": gallery_labels,
        "subjects": np.tile([f"subject {n}" for n in range(10)], 3),
        "codes": {"good": (queries, gallery), "noise": noise},
    }


@pytest.fixture(scope="module")
def retrieval(codes):
    return measure_retrieval(
        codes["codes"], codes["labels"], codes["gallery_labels"], codes["subjects"],
        chosen=2, about=ABOUT,
    )  # fmt: skip


def test_every_measure_has_a_value_and_an_interval_for_each_length(retrieval):
    for encoder in ("good", "noise"):
        found = retrieval[encoder]
        assert found["lengths"] == [1, 2, 3, 4, 5, 6]
        for measure, definition in DEFINITIONS.items():
            low, high = found[measure]["interval"]
            assert len(found[measure]["value"]) == len(low) == len(high) == 6
            assert np.all(np.array(low) <= found[measure]["value"])
            assert np.all(np.array(found[measure]["value"]) <= high)
            assert found[measure]["definition"].startswith(definition)


def test_precision_is_the_share_of_right_nearest_works(retrieval, codes):
    queries, gallery = codes["codes"]["good"]
    for place, length in enumerate(retrieval["good"]["lengths"]):
        distances = np.linalg.norm(queries[:, None, :length] - gallery[None, :, :length], axis=-1)
        right = codes["gallery_labels"][distances.argmin(1)] == codes["labels"]
        assert retrieval["good"]["precision_at_1"]["value"][place] == pytest.approx(right.mean())


def test_the_better_encoder_is_ahead_of_noise_beyond_doubt(retrieval):
    difference = retrieval["difference_at_k_S"]["good - noise"]
    assert difference["value"] > 0.4
    assert difference["interval"][0] > 0
    assert retrieval["good"]["cluster_agreement"]["adjusted"]["value"] > 0.6
    assert abs(retrieval["noise"]["cluster_agreement"]["adjusted"]["value"]) < 0.3


def test_validity_knows_chance_and_who_is_like_whom(codes):
    queries, gallery = (each[:, :2] for each in codes["codes"]["good"])
    found = measure_validity(
        queries, codes["labels"], gallery, codes["gallery_labels"], codes["subjects"],
        names=NAMES, about=ABOUT,
    )  # fmt: skip
    assert found["precision_by_chance"]["value"] == pytest.approx(1 / 3)
    assert set(found["discrimination_gaps"]) == set(NAMES)
    assert all(gap["value"] > 0 for gap in found["discrimination_gaps"].values())
    assert found["csls_precision_at_1"]["value"] > 0.8
    json.dumps(found, allow_nan=False)


def test_the_gap_of_an_artist_with_one_test_work_or_one_subject_is_not_measured(codes):
    queries, gallery = (each[:, :2] for each in codes["codes"]["good"])
    subjects = np.where(codes["labels"] == 1, "subject 1", codes["subjects"])
    found = measure_validity(
        queries[:21], codes["labels"][:21], gallery, codes["gallery_labels"],
        subjects[:21], names=NAMES, about=ABOUT,
    )["discrimination_gaps"]  # fmt: skip
    assert found["ann"]["value"] > 0
    assert "at least 2 clusters; received 1" in found["bob"]["not_measured"]
    assert "received 3 artists, 1 works of the rarest" in found["eve"]["not_measured"]


def test_a_change_that_does_nothing_keeps_all_and_moves_nothing(codes):
    queries, _ = codes["codes"]["good"]
    styles = np.array([[0, 0], [4, 0], [0, 4]])
    changed = {"none": queries[:, :2], "shuffled": queries[::-1, :2]}
    found = measure_robustness(queries[:, :2], changed, codes["labels"], styles, about=ABOUT)
    assert found["none"]["attribution_kept"]["value"] == 1
    assert found["none"]["median_move"]["value"] == 0
    assert found["shuffled"]["attribution_kept"]["value"] < 0.6


def test_lengths_are_all_of_a_short_code_and_spaced_in_a_long_one():
    assert prefix_lengths(5, 3) == [1, 2, 3, 4, 5]
    long = prefix_lengths(512, 37)
    assert {1, 2, 37, 512} <= set(long)
    assert len(long) <= 66
