import ast

import pytest

from tests.conventions.sources import (
    FUNCTIONS,
    ROOT,
    functions,
    own_files,
    package_files,
    python_files,
    tree,
)

JUNK_DRAWERS = {"common", "core", "helper", "helpers", "lib", "misc", "tools", "util", "utils"}
PUBLIC_FILES = [*package_files(), *python_files("configs", "tfrecords", "export", "benchmarks")]


def test_no_file_or_folder_is_a_junk_drawer():
    words = {part for path in own_files() for part in path.with_suffix("").parts}
    assert words & JUNK_DRAWERS == set()


def public_definitions(path):
    """Public classes and functions of a module and public methods of its public classes."""
    for node in tree(path).body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and not node.name.startswith("_"):
            yield node
            for inner in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(inner, FUNCTIONS) and not inner.name.startswith("_"):
                    yield inner


@pytest.mark.parametrize("path", PUBLIC_FILES, ids=str)
def test_every_public_name_and_module_has_a_docstring(path):
    missing = [n.name for n in public_definitions(path) if not ast.get_docstring(n)]
    assert missing == []
    assert ast.get_docstring(tree(path))


@pytest.mark.parametrize("path", package_files(), ids=str)
def test_library_code_has_no_assert(path):
    assert [node.lineno for node in ast.walk(tree(path)) if isinstance(node, ast.Assert)] == []


@pytest.mark.parametrize("path", own_files(), ids=str)
def test_nothing_is_left_undone(path):
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "for" + " now", "NotImpl" + "ementedError"]
    text = (ROOT / path).read_text(encoding="utf-8")
    assert [word for word in words if word in text] == []


@pytest.mark.parametrize("path", python_files("tests"), ids=str)
def test_tests_are_plain_functions_whose_names_are_sentences(path):
    classes = [n.name for n in tree(path).body if isinstance(n, ast.ClassDef)]
    assert [name for name in classes if name.startswith("Test")] == []
    short = [
        node.name
        for node in functions(path)
        if node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]
    assert short == []
