import ast

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


def test_every_public_name_and_module_has_a_docstring():
    missing = [
        (str(path), getattr(node, "name", "the module"))
        for path in PUBLIC_FILES
        for node in (tree(path), *public_definitions(path))
        if not ast.get_docstring(node)
    ]
    assert missing == []


def test_library_code_has_no_assert():
    asserts = [
        (str(path), node.lineno)
        for path in package_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Assert)
    ]
    assert asserts == []


def test_nothing_is_left_undone():
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X", "for" + " now", "NotImpl" + "ementedError"]
    found = [
        (str(path), word)
        for path in own_files()
        for word in words
        if word in (ROOT / path).read_text(encoding="utf-8")
    ]
    assert found == []


def test_tests_are_plain_functions_whose_names_are_sentences():
    classes, short = [], []
    for path in python_files("tests"):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
                classes.append((str(path), node.name))
        for node in functions(path):
            if node.name.startswith("test_") and len(node.name.split("_")) < 4:
                short.append((str(path), node.name))
    assert classes == []
    assert short == []
