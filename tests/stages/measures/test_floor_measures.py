"""Floors of retrieval against scikit-learn's nearest neighbor."""

import json
import types

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from anime_style_tf.evaluation.arrays import Codes
from anime_style_tf.evaluation.floors import FLOORS
from anime_style_tf.stages.measures.floor_measures import measure_floors
from anime_style_tf.stages.measures.measured_run import SearchCodes, Works


def works(count, seed):
    """Noise of an artist's own grain and color, not all of it told apart by hand-made features."""
    generator = np.random.default_rng(seed)
    labels = np.arange(count) % 4
    images = generator.integers(0, 256, (count, 24, 24, 3))
    images[labels % 2 == 0] //= 2
    images = np.stack(
        [np.repeat(image[:, ::2], 2, axis=1) if own > 1 else image
         for image, own in zip(images, labels, strict=True)]
    )  # fmt: skip
    return Works(images.astype(np.uint8), labels), generator.normal(size=(count, 3))


@pytest.fixture(scope="module")
def compared():
    (queries, codes), (gallery, gallery_codes) = works(40, 0), works(80, 1)
    subjects = np.array([f"subject {number // 4}" for number in range(40)], object)
    run = types.SimpleNamespace(
        works=queries, gallery_works=gallery, identities=subjects,
        kept=SearchCodes(Codes(codes, queries.labels), Codes(gallery_codes, gallery.labels)),
        basis={"count": 99, "split": "test"},
    )  # fmt: skip
    found = measure_floors(run)
    return json.loads(json.dumps(found, allow_nan=False)), queries, gallery, codes, gallery_codes


def test_each_floor_finds_what_the_nearest_neighbor_in_its_features_does(compared):
    found, queries, gallery, codes, gallery_codes = compared
    features = {
        name: (floor(queries.images), floor(gallery.images)) for name, floor in FLOORS.items()
    }
    for name, (asks, answers) in (features | {"style_code": (codes, gallery_codes)}).items():
        nearest = KNeighborsClassifier(1).fit(answers, gallery.labels)
        entry = found[name]["precision_at_1"]
        assert entry["value"] == pytest.approx(nearest.score(asks, queries.labels))
        low, high = entry["interval"]
        assert 0 <= low <= entry["value"] <= high <= 1
        assert 0 < found[name]["map_at_r"]["value"] < 1


def test_what_was_searched_is_said(compared):
    found = compared[0]
    assert found["gallery"] == 80
    for name in ("style_code", *FLOORS):
        for entry in found[name].values():
            assert (entry["count"], entry["split"]) == (40, "test")
    assert "gradients_and_patterns" in found["gradients_and_patterns"]["map_at_r"]["definition"]
