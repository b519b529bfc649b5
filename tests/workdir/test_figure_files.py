import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from anime_style_tf.figures import theme
from anime_style_tf.workdir.figure_files import save_figure, unwritable


def test_a_figure_replaces_the_file_and_leaves_nothing_beside_it(tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"old")
    figure = Figure(figsize=(1, 1), dpi=40)
    figure.text(0, 0, "by ann")
    assert save_figure(figure, path) == [path]
    assert np.asarray(Image.open(path)).shape[:2] == (40, 40)
    assert list(tmp_path.iterdir()) == [path]


def test_what_no_font_can_write_is_in_a_legend_beside_the_figure(tmp_path, monkeypatch):
    monkeypatch.setattr(theme, "families", lambda: ["DejaVu Sans"])
    path, legend = tmp_path / "figure.png", tmp_path / "figure.names.txt"
    figure = Figure(figsize=(1, 1), dpi=40)
    figure.text(0, 0, "by 鳥山 明, seed 0")  # a warning would be an error here
    figure.text(0, 1, "by 新人")
    figure.text(1, 0, "鳥山 明")
    assert save_figure(figure, path) == [path, legend]
    assert legend.read_text("utf-8") == "[1] 鳥山 明\n[2] 新人\n"
    plain = Figure(figsize=(1, 1), dpi=40)
    assert save_figure(plain, path) == [path]
    assert not legend.exists()


def test_a_figure_that_cannot_be_drawn_leaves_the_old_file(tmp_path):
    path = tmp_path / "figure.png"
    path.write_bytes(b"old")
    figure = Figure(figsize=(1, 1))
    figure.text(0.5, 0.5, "$\\nonsense{$")
    with pytest.raises(ValueError, match="nonsense"):
        save_figure(figure, path)
    assert path.read_bytes() == b"old"


def test_names_that_no_font_can_write_are_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(theme, "families", lambda: ["DejaVu Sans"])
    assert unwritable(["ann", "Ōtomo"], "ask again") == []
    (line,) = unwritable(["ann", "鳥山 明"], "ask again")
    assert line.startswith("no installed font has 山明鳥: numbers stand for them")
    assert "fonts-noto-cjk" in line
    assert line.endswith("and ask again")
