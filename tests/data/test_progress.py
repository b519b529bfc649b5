from anime_style_tf.data.progress import bar


def test_a_bar_passes_things_on_and_says_how_many_are_left(capsys):
    assert list(bar("abc", "spelling", " letters", total=3)) == ["a", "b", "c"]
    shown = capsys.readouterr()
    assert "spelling: 100%" in shown.err
    assert "3/3" in shown.err
    assert shown.out == ""


def test_a_bar_that_is_not_shown_says_nothing(capsys):
    assert list(bar("abc", "spelling", " letters", total=3, shown=False)) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def test_a_bar_that_goes_on_starts_where_it_was(capsys):
    assert list(bar("cd", "spelling", " letters", total=4, done=2)) == ["c", "d"]
    shown = capsys.readouterr().err
    assert "spelling:  50%" in shown
    assert "4/4" in shown
