import pytest

from tests.conventions.sources import ROOT, functions, lines_of, own_files, package_files

OWN_FILES = own_files()


@pytest.mark.parametrize("path", OWN_FILES, ids=str)
def test_a_file_has_at_most_300_lines(path):
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("path", OWN_FILES, ids=str)
def test_a_function_has_at_most_60_lines(path):
    long = {node.name: lines_of(node) for node in functions(path) if lines_of(node) > 60}
    assert long == {}


@pytest.mark.parametrize("path", package_files(), ids=str)
def test_a_train_step_has_at_most_20_lines(path):
    steps = [node for node in functions(path) if node.name == "train_step"]
    assert all(lines_of(step) <= 20 for step in steps)


def test_some_train_step_was_measured():
    names = {node.name for path in package_files() for node in functions(path)}
    assert "train_step" in names


def test_the_command_file_has_at_most_50_lines():
    command = (ROOT / "anime_style_tf/__main__.py").read_text(encoding="utf-8")
    assert len(command.splitlines()) <= 50
