from matplotlib.figure import Figure

from anime_style_tf.figures import theme
from anime_style_tf.figures.legible import number_unwritable


def test_runs_of_letters_without_a_glyph_become_numbers_and_equal_ones_the_same(monkeypatch):
    monkeypatch.setattr(theme, "families", lambda: ["DejaVu Sans"])
    figure = Figure()
    texts = [
        figure.text(0, 0, words) for words in ("Ann", "by 鳥山 明, .9", "新人 鳥山 明", "新人")
    ]
    assert number_unwritable(figure) == ["鳥山 明", "新人 鳥山 明", "新人"]
    assert [text.get_text() for text in texts] == ["Ann", "by [1], .9", "[2]", "[3]"]
    assert number_unwritable(figure) == []
