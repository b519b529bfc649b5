import json
import types

import numpy as np
import pytest

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.stages.measures.measured_run import SearchCodes
from anime_style_tf.stages.measures.validity_measures import measure_validity

NAMES = ["ann", "bob", "eve"]
MEANS = np.array([[0, 0], [4, 0], [0, 4]])
IDENTITIES = np.tile([f"subject {n}" for n in range(10)], 3)


def measured(identities=IDENTITIES):
    """Of three artists with normal codes of deviation 1; as many queries as identities."""
    random = np.random.default_rng(0)

    def draw(works):
        labels = np.repeat(np.arange(3), works)
        return Codes(MEANS[labels] + random.normal(size=(3 * works, 2)), labels)

    queries = draw(10).of(slice(len(identities)))
    run = types.SimpleNamespace(
        kept=SearchCodes(queries, draw(20)),
        identities=identities,
        trained=types.SimpleNamespace(records=types.SimpleNamespace(artists=NAMES)),
        basis={"count": len(queries), "split": "test"},
    )
    return json.loads(json.dumps(measure_validity(run), allow_nan=False))


def test_validity_knows_chance_and_who_is_like_whom():
    found = measured()
    assert found["precision_by_chance"]["value"] == pytest.approx(1 / 3)
    assert list(found["discrimination_gaps"]) == NAMES
    assert all(gap["value"] > 0 for gap in found["discrimination_gaps"].values())
    assert found["csls_precision_at_1"]["value"] > 0.8
    assert "over 10 neighbors" in found["csls_precision_at_1"]["definition"]


def test_the_gap_of_an_artist_with_one_test_work_or_one_subject_is_not_measured():
    identities = IDENTITIES.copy()
    identities[10:20] = "subject 1"  # bob's
    found = measured(identities[:21])["discrimination_gaps"]
    assert found["ann"]["value"] > 0
    assert "at least 2 clusters; received 1" in found["bob"]["not_measured"]
    assert "received 3 artists, 1 works of the rarest" in found["eve"]["not_measured"]


def test_an_artist_without_works_in_the_half_that_reports_is_said_to_have_none():
    found = measured(IDENTITIES[:20])["discrimination_gaps"]
    assert found["eve"]["not_measured"].startswith("the artist has no works in this half")
