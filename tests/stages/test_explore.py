from matplotlib.figure import Figure

from anime_style_tf.figures import theme
from anime_style_tf.stages import explore


def test_names_that_no_font_can_write_are_said_with_what_to_do(monkeypatch):
    monkeypatch.setattr(theme, "families", lambda: ["DejaVu Sans"])
    assert explore._boxes(["ann", "Ōtomo"]) == []
    (line,) = explore._boxes(["ann", "鳥山 明"])
    assert line.startswith("no installed font has 山明鳥: boxes stand for them")
    assert "fonts-noto-cjk" in line


def test_a_figure_with_such_a_name_is_saved_without_a_warning(tmp_path):
    figure = Figure()
    figure.text(0, 0, "\U0010fffd")  # private: no font has it
    explore.save_figure(figure, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").stat().st_size > 0
