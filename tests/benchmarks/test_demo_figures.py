"""Figures of made-up runs: each row from its place, the range, and what a run lacks."""

import json

import pytest

from anime_style_tf.errors import InputError
from anime_style_tf.stages import STAGES
from benchmarks import demo_figures


def entry(value, spread=0.01):
    low, high = (
        ([each - spread for each in value], [each + spread for each in value])
        if isinstance(value, list)
        else (value - spread, value + spread)
    )
    return {"value": value, "interval": [low, high], "count": 1680, "definition": "made up"}


def make_run(folder, shift=0.0):
    floors = {
        "style_code": {"precision_at_1": entry(0.95), "map_at_r": entry(0.9)},
        "edge_histogram": {"precision_at_1": entry(0.4), "map_at_r": entry(0.3)},
        "histogram_and_edges": {"precision_at_1": entry(0.6), "map_at_r": entry(0.2)},
        "gallery": 1680,
    }
    # Curves over the lengths 1, 2, 4: k_S is 2.
    curves = {"precision_at_1": entry([0.1, 0.8 + shift, 0.9]), "map_at_r": entry([0.1, 0.7, 0.8])}
    curves["lengths"] = [1, 2, 4]
    metrics = {
        "style": {
            "k_S": {"value": 2, "definition": "made up"},
            "accuracy_at_k_S": entry(0.85),
            "accuracy_against_d": {"classifier": entry([0.2, 0.5, 0.6, 0.7])},
            "variance_ratio_at_k_S": {"metric_learning": entry(0.1), "classifier": entry(0.4)},
            "ratio_of_variance_ratios_at_k_S": entry(0.25),
        },
        "retrieval": {"metric_learning": curves, "classifier": curves, "floors": floors},
        "attribution": {"not_measured": "too few works"},
        "content": {"k_C": {"value": 11, "definition": "made up"}},
        "recovery": {"style": entry(0.2), "content": entry(0.3)},
        "reattribution": {
            judge: {"share": entry(0.75), "test_works": entry(0.9)}
            for judge in (
                "by_classifier", "by_hand_made_features", "by_style_encoder_trained_through",
            )
        },
    }  # fmt: skip
    for stage in STAGES:
        (folder / stage).mkdir(parents=True)
        done = {"duration_seconds": 60, "git_revision": "abc", "versions": {"tensorflow": "2.21"}}
        (folder / stage / "done.json").write_text(json.dumps(done))
    (folder / "style" / "config.json").write_text(json.dumps({"seed": 3}))
    (folder / "evaluate" / "metrics.json").write_text(json.dumps(metrics))
    return folder


def test_each_row_is_read_from_its_place_at_k_s_dimensions(tmp_path):
    run = demo_figures.read_run(make_run(tmp_path / "demo"))
    found = {row: each["value"] for row, each in run["figures"].items() if each}
    assert found["style dimensions kept, k_S"] == 2
    assert found["nearest training work by the same artist"] == 0.8
    assert found["the same network trained as a classifier"] == 0.5
    assert found["the same, features that nobody trained, the best"] == 0.6
    assert found["MAP@R, features that nobody trained, the best"] == 0.3
    assert found["variance ratio, metric learning / classifier"] == 0.25
    assert run["figures"]["calibration error of attribution"] is None
    assert run["minutes"] == len(STAGES)
    assert run["seed"] == 3


def test_the_table_has_the_first_runs_interval_and_the_range_over_runs(tmp_path):
    runs = [
        demo_figures.read_run(make_run(tmp_path / f"demo{number}", shift))
        for number, shift in enumerate((0.0, -0.05, 0.1))
    ]
    text = demo_figures.table(runs, demo_figures.over_runs(runs))
    row = "| nearest training work by the same artist | .800 | .790 - .810 | 1,680 | .750 - .900 |"
    assert row in text
    assert "| content dimensions kept, k_C | 11 |  |  | 11 - 11 |" in text
    assert "calibration" not in text


def test_a_run_that_is_not_finished_is_refused(tmp_path):
    run = make_run(tmp_path / "demo")
    (run / "explore" / "done.json").unlink()
    with pytest.raises(InputError, match="none of explore"):
        demo_figures.read_run(run)


def test_numbers_of_an_earlier_version_are_refused(tmp_path):
    run = make_run(tmp_path / "demo")
    path = run / "evaluate" / "metrics.json"
    metrics = json.loads(path.read_text())
    metrics["reattribution"] = {"share": entry(0.9)}
    path.write_text(json.dumps(metrics))
    with pytest.raises(InputError, match="--stage=evaluate --overwrite"):
        demo_figures.read_run(run)
