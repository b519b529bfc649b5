"""Each number in the tables of the model card is the one in its file that it stands for."""

import json
import re

import pytest

from tests.conventions.sources import ROOT

FOLDER = ROOT / "anime_style_tf" / "pretrained_portraits"
LINES = (FOLDER / "README.md").read_text("utf-8").splitlines()
METRICS = json.loads((FOLDER / "metrics.json").read_text("utf-8"))

JUDGED = ("share_as_drawn", "share", "test_works")
DRAWN = ("generated_as_drawn", "generated", "works")
PROBED = ("generated", None, "works")
LEAKED = "leakage.artist_from_content_code."
# How a row begins -> section of the file, and keys in it: as drawn, of N(0, I), of works.
ROWS = {
    "generated images taken for the artist": ("reattribution.by_classifier", *JUDGED),
    "by the nearest work in HOG": ("reattribution.by_hand_made_features", *JUDGED),
    "by the style encoder it": ("reattribution.by_style_encoder_trained_through", *JUDGED),
    "kernel distance": ("fidelity.kernel_distance", *DRAWN),
    "Frechet distance": ("fidelity.frechet_distance", *DRAWN),
    "precision": ("fidelity.precision", *DRAWN),
    "recall": ("fidelity.recall", *DRAWN),
    "energy at the Nyquist": ("fidelity.nyquist_ratio", *DRAWN),
    "edges": ("fidelity.edge_ratio", *DRAWN),
    "nearer to training works": ("fidelity.nearer_to_training_works", *DRAWN),
    "change of a pixel": ("fidelity.moved_by", "free", None, None),
    "error per dimension": ("recovery", "style_as_drawn", "style", None),
    "content": ("recovery", "content_as_drawn", "content", None),
    "background": ("factors.background", *PROBED),
    "skin": ("factors.skin", *PROBED),
    "hair color": ("factors.hair", *PROBED),
    "which way": ("factors.flip", *PROBED),
    "glasses": ("factors.worn", *PROBED),
    "artist read from": (f"{LEAKED}linear", "share", None, None),
    "by the nearest works": (f"{LEAKED}nearest_neighbors", "share", None, None),
}


def section_of(name):
    entry = METRICS
    for key in name.split("."):
        entry = entry[key]
    return entry


@pytest.mark.parametrize("begin", ROWS)
def test_a_row_says_what_was_measured(begin):
    (row,) = [line for line in LINES if line.startswith(f"| {begin}") and line.count("|") > 3]
    name, drawn, *others = ROWS[begin]
    entries = section_of(name)
    low, high = entries[drawn]["interval"]
    expected = [f"{entries[drawn]['value']:.3f}", f"{low:.3f} - {high:.3f}"]
    expected += [f"{entries[key]['value']:.3f}" for key in others if key]
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert [cell for cell in cells[1:] if cell] == expected


def test_every_row_of_numbers_is_asked_for():
    rows = [line for line in LINES if re.search(r"\| -?\d+\.\d{3} \|", line)]
    assert len(rows) == len(ROWS)
