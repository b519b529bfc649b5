"""Which works and codes the measures are given, of a run whose pictures say what they are."""

import numpy as np
import pytest

from anime_style_tf.stages.measures import measured_run
from anime_style_tf.stages.measures.measured_run import MeasuredRun
from tests.stages.made_up_run import (
    CORNERS,
    REPORTING,
    TRAINING,
    make_trained,
    patch_networks,
    read,
)


@pytest.fixture
def run(monkeypatch, tmp_path):
    patch_networks(monkeypatch)
    return MeasuredRun(make_trained(tmp_path))


def codes_of(works):
    return [CORNERS[artist] + place for artist, place in works]


def test_queries_are_the_half_that_reports_and_the_gallery_the_training_works(run):
    queries, gallery = run.codes["metric_learning"]
    np.testing.assert_allclose(queries.values, codes_of(REPORTING), atol=1e-6)
    np.testing.assert_allclose(gallery.values, codes_of(TRAINING), atol=1e-6)
    assert queries.labels.tolist() == [artist for artist, _ in REPORTING]
    assert gallery.labels.tolist() == [artist for artist, _ in TRAINING]
    assert (run.basis["count"], run.kept.queries.code_size) == (6, 2)


def test_of_a_large_gallery_the_first_works_are_searched_and_all_are_kept(monkeypatch, tmp_path):
    patch_networks(monkeypatch)
    monkeypatch.setattr(measured_run, "GALLERY", 4)
    run = MeasuredRun(make_trained(tmp_path))
    for codes in run.codes.values():
        assert codes.gallery.labels.tolist() == [artist for artist, _ in TRAINING[:4]]
    np.testing.assert_allclose(run.kept.gallery.values, np.array(codes_of(TRAINING))[:, :2])


def test_the_half_that_chose_is_apart(run):
    assert run.selecting.labels.tolist() == [0, 1, 2, 0, 1, 2]
    np.testing.assert_allclose(run.selecting.values, CORNERS[[1, 2, 0] * 2, :2], atol=1e-6)


def test_identities_and_pictures_are_of_the_same_works_as_the_codes(run):
    assert run.identities.tolist() == [f"test {number}".encode() for number in (1, 3, 5, 7, 9, 11)]
    np.testing.assert_allclose(read(run.works.images), codes_of(REPORTING), atol=1e-6)
    np.testing.assert_allclose(read(run.gallery_works.images), codes_of(TRAINING), atol=1e-6)
    few = run.first_works(2)
    np.testing.assert_allclose(read(few.images), codes_of(REPORTING[:2]), atol=1e-6)
    assert few.labels.tolist() == [0, 0]


def test_what_the_run_lacks_is_absent_with_its_reason(monkeypatch, tmp_path):
    patch_networks(monkeypatch)
    run = MeasuredRun(make_trained(tmp_path, lacking=("classifier",)))
    assert list(run.codes) == ["metric_learning"]
    assert run.absent == {"classifier": {"not_measured": "no classifier"}}
