"""The objective's benchmark: what fits, what counts, and a tiny run."""

import json

import pytest

from benchmarks import objective_figures
from tests.benchmarks.commands import run


def seconds(*values):
    return {"seconds": {"wall": [10 * each for each in values], "processor": list(values)}}


def test_the_exact_form_needs_six_arrays_of_all_pairs_and_dimensions():
    assert objective_figures.exact_gib(1024, 64, 512) == pytest.approx(6 * 4 / 32)


def test_the_best_repeat_counts_and_memory_is_what_the_step_added():
    step = seconds(3, 2, 4) | {"before_mib": 500, "peak_mib": 800}
    assert objective_figures.figures(step) == {
        "wall": 20, "processor": 2, "added_mib": 300, "peak_mib": 800,
    }  # fmt: skip


def test_the_share_is_that_of_an_encoder_step_on_the_whole_batch():
    # 8 seconds for 4 images are 128 for 64.
    of = objective_figures.share(seconds(32, 64), seconds(9, 8), images=4, batch_size=64)
    assert of == {"wall": 0.25, "processor": 0.25}


def test_the_table_says_what_does_not_fit():
    row = {"wall": 1.5, "processor": 2.5, "added_mib": 1000.4, "peak_mib": 1700}
    lines = objective_figures.table({2500: {"exact": None, "chunked": row}})
    assert lines[2:] == [
        "| 2,500 | exact | does not fit | - | - | - |",
        "| 2,500 | chunked | 2.500 | 1.500 | 1,000 | 1,700 |",
    ]


@pytest.mark.slow
def test_the_command_measures_forms_agreement_and_sampling(tmp_path):
    flags = [
        "--artists=200", "--batch_size=8", "--code_size=16", "--repeats=1", "--compared=100",
        "--draws=200", "--exact_gib=0.0002", "--encoder_images=0",
        f"--output={tmp_path / 'objective.json'}",
    ]  # fmt: skip
    done = run("objective", *flags)
    content = json.loads((tmp_path / "objective.json").read_text())
    assert content["figures"]["200"]["exact"] is None
    assert content["figures"]["200"]["chunked"]["processor"] > 0
    assert set(content["figures"]["200"]) == set(objective_figures.FORMS)
    assert max(content["agreement"].values()) < 1e-5
    assert max(map(abs, content["sampling"]["standard_errors"].values())) < 4
    assert "| 200 | exact | does not fit" in done.stdout
