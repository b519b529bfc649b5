import subprocess
import sys

import pytest

from tests.conventions.sources import ROOT, imported_modules, package_files, python_files


def test_imports_only_go_down():
    """In a process of its own: the tool replaces standard output for good."""
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    ended = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize("path", python_files("configs"), ids=str)
def test_a_preset_imports_only_ml_collections(path):
    roots = {name.split(".")[0] for name in imported_modules(path)}
    assert roots <= {"ml_collections", "configs"}


@pytest.mark.parametrize("path", package_files(), ids=str)
def test_only_the_command_touches_flags_and_only_stages_see_a_configuration(path):
    names = imported_modules(path)
    if str(path) not in ("anime_style_tf/__main__.py", "anime_style_tf/stages/tool.py"):
        assert [name for name in names if name.startswith("absl.flags")] == []
    if "stages" not in path.parts and path.name != "__main__.py":
        assert [name for name in names if name.startswith("ml_collections")] == []


@pytest.mark.parametrize("path", package_files(), ids=str)
def test_there_is_one_gradient_tape_and_one_call_of_the_training_loop(path):
    text = (ROOT / path).read_text(encoding="utf-8")
    if str(path) != "anime_style_tf/training/terms.py":
        assert "GradientTape(" not in text
