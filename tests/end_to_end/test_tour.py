"""The code of the tour runs, and prints and draws what the document shows."""

import json
import re

import numpy as np
import pytest
from PIL import Image

from tests.conventions.sources import ROOT
from tests.end_to_end import tour
from tests.library.drawable import make_drawable
from tests.stages.searchable import make_index

TEXT = tour.DOCUMENT.read_text("utf-8")
NUMBER = re.compile(r"-?\d*\.?\d+")


def numbers_of(text):
    return np.array(NUMBER.findall(text), float)


def small_values(picture):
    return np.asarray(picture.convert("RGB").resize((64, 32)), int)


@pytest.mark.slow
def test_the_code_prints_and_draws_what_the_document_shows(tmp_path):
    workdir = make_index_of_a_drawable_run(tmp_path / "run")
    codes, shown = zip(*tour.blocks(TEXT), strict=True)
    assert tour.A_RUN in codes[-1]
    folder = tmp_path / "fresh"
    folder.mkdir()
    printed = tour.run([code.replace(tour.A_RUN, str(workdir)) for code in codes], folder)
    assert "own: enrolled from 6 portraits" in printed[-1]
    for is_printed, is_shown in zip(printed[:-1], shown[:-1], strict=True):
        assert NUMBER.sub("#", is_printed) == NUMBER.sub("#", is_shown)
        # One step of the last digit: processors round differently.
        np.testing.assert_allclose(
            numbers_of(is_printed), numbers_of(is_shown), rtol=0.02, atol=0.11
        )
    made = {path.name: path for path in folder.glob("tour_*.png")}
    assert sorted(made) == sorted(tour.pictures(TEXT))
    for name, path in made.items():
        # Fonts may differ by a pixel; what was drawn must not.
        with Image.open(path) as drawn, Image.open(tour.FIGURES / name) as committed:
            apart = small_values(drawn) - small_values(committed)
        assert np.abs(apart).mean() < 4, name


def make_index_of_a_drawable_run(workdir):
    make_drawable(workdir)
    make_index(workdir)
    return workdir


def test_the_notebook_has_the_code_of_the_document():
    assert tour.NOTEBOOK.read_text("utf-8") == tour.notebook(TEXT)
    cells = json.loads(tour.NOTEBOOK.read_text("utf-8"))["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert codes == [code.rstrip() for code, _ in tour.blocks(TEXT)]


def test_words_of_the_notebook_show_no_picture_and_no_output():
    block = "```python\nprint(1)\n```\n\n```text\n1\n```\n"
    text = f"Words.\n\n{block}\n![A picture](figures/tour_a.png)\n\nMore.\n"
    cells = json.loads(tour.notebook(text))["cells"]
    assert [cell["source"] for cell in cells] == [["Words."], ["print(1)"], ["More."]]


def test_the_pictures_of_the_tour_are_small_together():
    files = list(tour.FIGURES.glob("tour_*.png"))
    assert sorted(path.name for path in files) == sorted(tour.pictures(TEXT))
    assert sum(path.stat().st_size for path in files) < 1_000_000


def test_every_link_of_the_tour_leads_to_a_file():
    links = re.findall(r"\]\(([^)#]+)\)", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).is_file()] == []
