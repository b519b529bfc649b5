import sys

from anime_style_tf.terminal.typed import anime_style, typed


def put_beside(monkeypatch, folder, *, script):
    """Makes this Python one of a folder, with or without the command beside it."""
    (folder / "bin").mkdir()
    if script:
        (folder / "bin" / "anime-style").write_text("#!/bin/sh\n")
        (folder / "bin" / "anime-style").chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(folder / "bin" / "python"))


def test_the_command_is_named_alone_where_the_shell_finds_that_of_this_python(
    monkeypatch, tmp_path
):
    put_beside(monkeypatch, tmp_path, script=True)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert anime_style() == ["anime-style"]


def test_elsewhere_it_has_the_path_from_the_current_folder(monkeypatch, tmp_path):
    put_beside(monkeypatch, tmp_path, script=True)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    assert anime_style() == ["bin/anime-style"]
    monkeypatch.chdir("/")
    assert anime_style() == [str(tmp_path / "bin" / "anime-style")[1:]]
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert anime_style() == [str(tmp_path / "bin" / "anime-style")]


def test_where_nothing_is_installed_the_module_is_called(monkeypatch, tmp_path):
    put_beside(monkeypatch, tmp_path, script=False)
    monkeypatch.chdir(tmp_path)
    assert anime_style() == ["bin/python", "-m", "anime_style_tf"]


def test_values_are_quoted_and_what_the_user_adds_is_not(monkeypatch, tmp_path):
    put_beside(monkeypatch, tmp_path, script=True)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    line = typed("query", "--images=...", workdir="my run")
    assert line == "anime-style query '--workdir=my run' --images=..."
