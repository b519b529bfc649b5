"""The numbers of a run that can be reckoned by hand, whatever else it has."""

import json
import re

import numpy as np
import pytest
from ml_collections import ConfigDict

from anime_style_tf.evaluation.perturbations import PERTURBATIONS
from anime_style_tf.stages import evaluate
from tests.conventions.sources import ROOT
from tests.stages.made_up_run import (
    ARTISTS,
    labels_of,
    make_trained,
    patch_networks,
)

SETTINGS = {
    "recovery": {"images": 4000}, "reattribution": {"images_per_artist": 4},
    "fidelity": {"images": 500}, "edits": {"second_run": None, "images": 64},
}  # fmt: skip
SECTIONS = [
    "style", "retrieval", "validity", "robustness", "attribution", "content", "direction",
    "recovery", "reattribution", "fidelity", "leakage", "factors", "edits",
]  # fmt: skip


def evaluated(workdir, patch, **options):
    """What the stage leaves and says of the made-up run."""
    patch_networks(patch)
    patch.setattr(evaluate, "Trained", lambda folder: make_trained(folder, **options))
    (workdir / "evaluate").mkdir()
    said = evaluate.run(ConfigDict({"seed": 0, "evaluate": SETTINGS}).lock(), workdir)
    return json.loads((workdir / "evaluate" / "metrics.json").read_text("utf-8")), said


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        yield evaluated(tmp_path_factory.mktemp("whole"), patch)


def test_the_sections_are_those_of_the_table_in_its_order(whole):
    metrics, _ = whole
    assert list(metrics) == SECTIONS
    assert [name for name in evaluate.MEASURES if "." not in name] == SECTIONS


def test_retrieval_is_that_of_works_among_training_works(whole):
    """Each artist has R = 2. Ann's second work finds bob's two, cy's second ann's and then its own.

    MAP@R of the latter is (0 + 1/2) / 2.
    """
    retrieval = whole[0]["retrieval"]
    entries = retrieval["metric_learning"]
    at_k = {name: entries[name]["value"][entries["lengths"].index(2)]
            for name in ("precision_at_1", "r_precision", "map_at_r")}  # fmt: skip
    assert at_k == pytest.approx(
        {"precision_at_1": 4 / 6, "r_precision": 4.5 / 6, "map_at_r": 4.25 / 6}
    )
    assert retrieval["gallery"] == retrieval["floors"]["gallery"] == 6
    assert retrieval["floors"]["style_code"]["map_at_r"]["value"] == pytest.approx(4.25 / 6)
    difference = retrieval["difference_at_k_S"]["metric_learning - classifier"]
    assert difference["value"] == 0


def test_validity_names_the_right_artists(whole):
    """Ann's works: 9.5 nearer to her mean than cy's is, and 8 farther than bob's is."""
    validity = whole[0]["validity"]
    assert validity["precision_by_chance"]["value"] == pytest.approx(1 / 3)
    (pair,) = validity["look_alikes"]
    assert pair["artists"] == ["ann", "bob"]
    assert pair["rates"]["value"] == [0.5, 0]
    gaps = {name: gap["value"] for name, gap in validity["discrimination_gaps"].items()}
    assert list(gaps) == ARTISTS
    assert gaps["ann"] == pytest.approx(((9.5 - 0.5) + (1 - 9)) / 2)
    assert gaps["bob"] == pytest.approx(np.hypot(10, 0.5) - 0.5)
    assert "most often ann" in validity["discrimination_gaps"]["bob"]["definition"]


def test_a_flat_picture_keeps_its_artist_whatever_becomes_of_the_file(whole):
    robustness = whole[0]["robustness"]
    assert list(robustness) == list(PERTURBATIONS)
    for change in robustness.values():
        assert change["attribution_kept"]["value"] == 1
        assert change["attribution_kept"]["count"] == 6
        assert change["median_move"]["value"] < 0.05


def test_a_measure_is_given_the_settings_of_its_name(whole):
    recovery, judged = whole[0]["recovery"], whole[0]["reattribution"]
    assert recovery["style"]["count"] == SETTINGS["recovery"]["images"]
    shares = judged["by_classifier"]["share"]
    assert shares["count"] == 3 * SETTINGS["reattribution"]["images_per_artist"]


def test_generated_pictures_are_judged_by_whom_they_are_taken_for(whole):
    judged = whole[0]["reattribution"]
    assert judged["by_style_encoder_trained_through"]["share"]["value"] == 1
    assert judged["by_classifier"]["share"]["value"] == pytest.approx(2 / 3)
    assert judged["by_classifier"]["confusion"]["value"] == [[4, 0, 0], [0, 4, 0], [4, 0, 0]]
    assert judged["by_classifier"]["test_works"]["value"] == pytest.approx(3 / 6)
    assert judged["by_style_encoder_trained_through"]["test_works"]["value"] == pytest.approx(5 / 6)
    assert judged["artists"] == ARTISTS
    assert judged["chance"]["value"] == pytest.approx(1 / 3)


def test_the_chief_numbers_are_said_each_beside_what_it_must_be_read_against(whole):
    _, (file, style, floors, recovery, judged, against, *rest) = whole
    assert file.endswith("evaluate/metrics.json")
    # The classifier's first two dimensions are the same two in the other order.
    ratio = f"{whole[0]['style']['variance_ratio_at_k_S']['metric_learning']['value']:.3f}"
    assert style == f"style accuracy 0.833 at k_S = 2; variance ratio {ratio}, classifier {ratio}"
    assert floors.startswith("nearest training work by the same artist 0.667, MAP@R 0.708; the")
    said = r"style 0\.000 \(as drawn 0\.000\), content 0\.2\d\d \(as drawn 0\.2\d\d\)$"
    assert re.search(said, recovery)
    assert "by classifier 0.667 (test works 0.500); by hand-made features" in judged
    assert judged.endswith("chance 0.333")
    moved = whole[0]["fidelity"]["moved_by"]
    assert moved["free"]["value"] == 0  # the made-up generator does not hear it
    assert moved["style"]["value"] > 0
    assert against.startswith("generated images against works: kernel distance ")
    assert against.endswith("another free code moves a pixel by 0.000 levels of 255")
    assert rest[0].startswith("not measured: attribution: an attribution needs 2 artists and 7")


def test_without_content_and_generator_the_style_code_is_measured_all_the_same(
    whole, tmp_path, monkeypatch
):
    metrics, said = evaluated(tmp_path, monkeypatch, lacking=("content", "gan"))
    for section in ("style", "retrieval", "validity", "robustness", "attribution"):
        assert metrics[section] == whole[0][section]
    assert metrics["content"] == {"not_measured": "no content"}
    for section in SECTIONS[6:]:
        assert metrics[section] == {"not_measured": "no content"}
    assert said[-1] == "not measured: content and 7 more: no content"
    assert [line.split()[0] for line in said[1:3]] == ["style", "nearest"]


def test_without_a_generator_the_content_code_is_measured(tmp_path, monkeypatch):
    metrics, said = evaluated(tmp_path, monkeypatch, lacking=("gan",))
    assert metrics["content"]["k_C"]["value"] == 1
    assert said[-1] == "not measured: direction and 5 more: no gan"


def test_without_a_reference_classifier_everything_else_is_measured(whole, tmp_path, monkeypatch):
    metrics, said = evaluated(tmp_path, monkeypatch, lacking=("classifier",))
    reason = {"not_measured": "no classifier"}
    for name in ("accuracy_against_d", "variance_ratio_at_k_S", "variance_ratio_against_d"):
        assert metrics["style"][name].pop("classifier") == reason
        assert metrics["style"][name] == {
            "metric_learning": whole[0]["style"][name]["metric_learning"]
        }
    assert metrics["style"]["ratio_of_variance_ratios_at_k_S"] == reason
    retrieval = metrics["retrieval"]
    assert retrieval["classifier"] == reason
    assert retrieval["difference_at_k_S"] == {"metric_learning - classifier": reason}
    assert retrieval["metric_learning"] == whole[0]["retrieval"]["metric_learning"]
    judged = metrics["reattribution"]
    assert judged["by_classifier"] == reason
    for judge in ("by_hand_made_features", "by_style_encoder_trained_through"):
        assert judged[judge] == whole[0]["reattribution"][judge]
    assert said[1].endswith("classifier not measured")
    assert any("by classifier not measured (test works not measured)" in line for line in said)
    assert any(line.endswith(": no classifier") for line in said)


def test_a_swapped_label_of_two_works_is_seen(tmp_path, monkeypatch):
    def swapped(split):
        labels = labels_of(split)
        if split == "test":
            labels[[1, 5]] = labels[[5, 1]]  # the first works by ann and by bob that report
        return labels

    metrics, _ = evaluated(tmp_path, monkeypatch, labels=swapped)
    assert metrics["style"]["accuracy_at_k_S"]["value"] == pytest.approx(3 / 6)


def test_every_row_says_what_it_asks_and_only_parts_that_a_run_can_lack():
    for measure in evaluate.MEASURES.values():
        assert measure.asks.endswith("?")
        assert set(measure.needs) <= {"content", "gan", "classifier"}
    assert set(evaluate.CALLABLES) == set(SETTINGS)


def test_the_document_has_the_table_of_measures():
    rows = [
        f"| `{name}` | {measure.asks} | {', '.join(measure.needs)} |"
        for name, measure in evaluate.MEASURES.items()
    ]
    assert "\n".join(rows) in (ROOT / "docs" / "method.md").read_text("utf-8")
