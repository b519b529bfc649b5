import io
import sys
import time

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


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_each_slow_thing_after_many_quick_ones_is_shown(monkeypatch):
    def things():
        for _ in range(500):
            yield time.sleep(0.001)
        for _ in range(3):
            yield time.sleep(0.15)

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    for _ in bar(things(), "rendering", " works", total=50_000):
        pass
    assert all(f"{number}/50000" in terminal.getvalue() for number in (501, 502))
