from anime_style_tf.figures import theme


def test_letters_that_no_family_has_are_named_once_and_sorted(monkeypatch):
    monkeypatch.setattr(theme, "families", lambda: ["DejaVu Sans"])
    assert theme.without_glyph("Renée Żuk, Ōtomo & Ψ 12-b\n") == ""
    assert theme.without_glyph("鳥山 明, 鳥 A") == "山明鳥"
