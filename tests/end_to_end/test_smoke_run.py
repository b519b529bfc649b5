import csv
import json
import re

import numpy as np
import pytest
from PIL import Image

from anime_style_tf.data.reader import Records
from anime_style_tf.stages import STAGES
from tests.conventions.sources import ROOT
from tests.end_to_end.commands import run

pytestmark = pytest.mark.slow

ALWAYS = {"config.json", "inputs.json", "done.json"}
TRAINING = {"metrics.csv", "checkpoints", "tensorboard"}
CONTRACT = {
    "records": {
        *("train-00000-of-00001.tfrecord", "test-00000-of-00001.tfrecord"),
        *("info.json", "index.npy", "ledger.parquet", "quarantine.csv", "ATTRIBUTION.md"),
        *("dataset_info.json", "features.json", "artist.labels.txt"),
    },
    "style": TRAINING
    | {
        *("style_encoder.keras", "pruned_style_encoder.keras", "classifier_encoder.keras"),
        *("artists.npz", "pruning.json", "classifier"),
    },
    "content": TRAINING
    | {
        *("content_encoder.keras", "pruned_content_encoder.keras", "decoder.keras"),
        *("pruning.json", "density.json"),
    },
    "gan": TRAINING | {"generator.keras", "discriminator.keras"},
    "evaluate": {"metrics.json"},
    "explore": {"content_curve.png", "retrieval.png", "calibration.png"}
    | {*(f"figure_{number}.png" for number in range(1, 8))}
    | {f"{name}.{kind}" for name in ("style_map", "dimensions") for kind in ("png", "json")},
    "index": {"attribution.npz", "embeddings.parquet", "index.json", "projector"},
    "export": {"style_encoder", "content_encoder", "generator", "portraits"}
    | {"models.config", "batching.config", "monitoring.config", "compose.yaml"},
}


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_leaves_exactly_the_files_of_the_contract(smoke_run, stage):
    left = {path.name for path in (smoke_run[0] / stage).iterdir()}
    assert left == ALWAYS | CONTRACT[stage]


def test_a_run_leaves_a_folder_for_each_stage_and_nothing_else(smoke_run):
    assert {path.name for path in smoke_run[0].iterdir()} == {*STAGES, ".lock"}


@pytest.mark.parametrize("folder", ["style", "style/classifier", "content", "gan"])
def test_training_leaves_a_row_an_epoch_and_events(smoke_run, folder):
    with (smoke_run[0] / folder / "metrics.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["step"] for row in rows] == ["5", "10", "15", "20"]
    assert np.isfinite([[float(value) for value in row.values()] for row in rows]).all()
    events = (smoke_run[0] / folder / "tensorboard").rglob("events.out.tfevents.*")
    assert all(path.stat().st_size for path in events)


def test_the_numbers_are_those_that_are_promised(smoke_run):
    metrics = json.loads((smoke_run[0] / "evaluate" / "metrics.json").read_text("utf-8"))
    assert set(metrics) == {
        "style", "retrieval", "validity", "robustness", "attribution",
        "content", "direction", "recovery", "reattribution", "fidelity", "leakage",
        "factors", "edits",
    }  # fmt: skip
    assert metrics["attribution"]["accuracy"]["count"] == 24
    methods = {"metric_learning", "classifier"}
    assert set(metrics["style"]["accuracy_against_d"]) == methods
    assert set(metrics["style"]["variance_ratio_against_d"]) == methods
    ratio = metrics["style"]["variance_ratio_at_k_S"]
    quotient = metrics["style"]["ratio_of_variance_ratios_at_k_S"]
    expected = ratio["metric_learning"]["value"] / ratio["classifier"]["value"]
    assert quotient["value"] == pytest.approx(expected)
    assert quotient["interval"][0] < expected < quotient["interval"][1]
    assert 1 <= metrics["style"]["k_S"]["value"] <= 8
    assert metrics["reattribution"]["chance"]["value"] == 0.25
    assert metrics["recovery"]["style"]["value"] > 0
    for judge in ("by_classifier", "by_hand_made_features", "by_style_encoder_trained_through"):
        judged = metrics["reattribution"][judge]
        assert judged["share"]["count"] == judged["share_with_works_content"]["count"] == 32
        assert judged["test_works"]["count"] == 24
    floors = metrics["retrieval"]["floors"]
    assert floors["gallery"] == metrics["retrieval"]["gallery"] == 192
    at_k, chosen = metrics["retrieval"]["metric_learning"], metrics["style"]["k_S"]["value"]
    assert floors["style_code"]["map_at_r"]["value"] == pytest.approx(
        at_k["map_at_r"]["value"][at_k["lengths"].index(chosen)]
    )


def test_the_summary_of_the_numbers_names_judges_and_floor(smoke_run):
    done = json.loads((smoke_run[0] / "evaluate" / "done.json").read_text("utf-8"))
    said = "\n".join(done["left"])
    assert re.search(r"the floor, features that nobody trained \(\w+\), [\d.]+ and [\d.]+", said)
    assert re.search(r"by classifier [\d.]+ \(test works [\d.]+\); by hand-made features", said)
    assert said.count("trained through") == 2


@pytest.mark.parametrize("number", range(1, 8))
def test_each_figure_is_a_picture_with_something_on_it(smoke_run, number):
    with Image.open(smoke_run[0] / "explore" / f"figure_{number}.png") as picture:
        pixels = np.asarray(picture.convert("L"))
    assert min(pixels.shape) > 100
    assert pixels.std() > 1


def test_records_are_of_four_designers_and_sound(smoke_run):
    records = Records(smoke_run[0] / "records")
    assert len(records.artists) == 4
    assert records.count() == 240
    assert records.verify() == []


def test_only_lines_of_our_own_are_said(smoke_run):
    """Titles, progress, results: nothing of the libraries below."""
    ours = (
        r"\[\d/8\] (records|style|content|gan|evaluate|explore|index|export): ",
        r"(style|classifier|content|gan): step \d+ of 20, [\d.]+ steps/s, [\d:]+ left \| ",
        r"(style|classifier|content|gan): served: weights averaged over about \d+ steps",
        r" *(mind|numbers|pictures|index|SavedModel|next)  ",
        r"    \S",
        r"(\r?(rendering|writing|embedding): .*)+$",
        r"\s*$",
    )
    strange = [
        line for line in smoke_run[1].split("\n") if not any(re.match(form, line) for form in ours)
    ]
    assert strange == []


def test_progress_is_not_a_flood_where_it_cannot_overwrite_itself(smoke_run):
    assert smoke_run[1].count("rendering:") < 10


def test_a_finished_run_says_where_its_results_are_and_changes_nothing(smoke_run):
    workdir, _ = smoke_run
    before = {path: path.stat().st_mtime_ns for path in workdir.rglob("*") if path.is_file()}
    ended = run(workdir, "all")
    assert ended.returncode == 0
    assert ended.said.count("finished already") == len(STAGES)
    assert f"SavedModel  {workdir}/export/portraits/1\n" in ended.said
    after = {path: path.stat().st_mtime_ns for path in workdir.rglob("*") if path.is_file()}
    assert {p for p in after if p.name != ".lock"} == {p for p in before if p.name != ".lock"}
    assert [p.name for p in before if before[p] != after[p]] in ([], [".lock"])


def test_the_program_that_the_readme_begins_with_draws(smoke_run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for number, name in enumerate(("a.png", "b.png")):
        Image.new("RGB", (40, 30), (200 * number, 90, 60)).save(name)
    readme = (ROOT / "README.md").read_text("utf-8")
    program = re.search(r"^```python\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)[1]
    assert "runs/demo" in program
    program = program.replace("runs/demo", str(smoke_run[0]))
    exec(program, {})
    with Image.open("grid.png") as grid, Image.open("a_as_b.png") as drawn:
        assert grid.size == (5 * 32, 3 * 32)
        assert drawn.size == (32, 32)
