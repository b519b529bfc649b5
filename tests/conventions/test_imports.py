import pathlib
import subprocess
import sys

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


def importers(package):
    """Files of the package that import a module whose dotted name begins so."""
    return [
        str(path)
        for path in package_files()
        if any(name.startswith(package) for name in imported_modules(path))
    ]


def test_no_test_imports_from_a_module_of_tests():
    """What several need is in a module beside them that holds no test."""
    found = {
        (str(path), name)
        for path in python_files("tests")
        for name in imported_modules(path)
        if name.startswith("tests.") and ".test_" in name
    }
    assert found == set()


def test_nothing_that_is_used_without_benchmarks_imports_them():
    found = [
        (str(path), name)
        for path in python_files("anime_style_tf", "configs", "export", "tfrecords")
        for name in imported_modules(path)
        if name.split(".")[0] == "benchmarks"
    ]
    assert found == []


def test_a_preset_imports_only_ml_collections_and_what_reads_the_preset_beside_it():
    roots = {
        (str(path), name.split(".")[0])
        for path in python_files("configs")
        for name in imported_modules(path)
    }
    assert {
        found for found in roots if found[1] not in ("ml_collections", "pathlib", "runpy")
    } == set()


def test_only_the_command_and_the_tools_touch_flags():
    others = [path for path in importers("absl.flags") if "/commands/" not in path]
    assert others == ["anime_style_tf/terminal/tool.py"]


def test_only_stages_and_the_command_line_see_a_configuration():
    outside = [
        path
        for path in importers("ml_collections")
        if not path.startswith(("anime_style_tf/stages/", "anime_style_tf/commands/"))
    ]
    assert outside == ["anime_style_tf/terminal/command_line.py"]


def test_there_is_one_gradient_tape():
    files = [path for path in package_files() if "GradientTape(" in (ROOT / path).read_text()]
    assert files == [pathlib.Path("anime_style_tf/training/terms.py")]


def test_the_training_loop_is_called_from_one_place():
    """Every stage trains through `fit_in`; what else is imported from there is not the loop."""
    loop = "anime_style_tf.training.fit.fit"
    assert [path for path in package_files() if loop in imported_modules(path)] == [
        pathlib.Path("anime_style_tf/stages/fitting.py")
    ]
