"""The project's own Python files, as paths and as syntax trees."""

import ast
import functools
import pathlib

ROOT = pathlib.Path(__file__).parents[2]
BINARIES = ("benchmarks", "configs", "export", "tfrecords")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def python_files(*folders):
    """Paths below the root's folders, relative to the root, sorted."""
    return sorted(
        path.relative_to(ROOT) for folder in folders for path in (ROOT / folder).rglob("*.py")
    )


def package_files():
    return python_files("anime_style_tf")


def own_files():
    return [*package_files(), *python_files(*BINARIES, "tests"), pathlib.Path("setup.py")]


@functools.cache
def tree(path):
    return ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))


def lines_of(function):
    """Lines from `def` to the end, without the docstring."""
    first = function.body[0]
    documented = ast.get_docstring(function, clean=False) is not None
    docstring = first.end_lineno - first.lineno + 1 if documented else 0
    return function.end_lineno - function.lineno + 1 - docstring


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, FUNCTIONS)]


def imported_modules(path):
    """Dotted names that a file imports, wherever in it."""
    names = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
