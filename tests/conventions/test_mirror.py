from tests.conventions.sources import ROOT, imported_modules, package_files, python_files

MODULES = [path for path in package_files() if path.name != "__init__.py"]
COMMANDS = python_files("export", "tfrecords")
ACROSS = ("conformance", "end_to_end")
APART = {*ACROSS, "benchmarks", "conventions", "peers"}

VERIFICATION = "tests/data/inspection/test_verification.py"
# Modules without a test file of their own that no test imports: what runs them instead.
TESTED_THROUGH = {
    "anime_style_tf/data/conversion/ledger_file.py": "tests/data/conversion/test_writer.py",
    "anime_style_tf/data/conversion/shard_files.py": "tests/data/conversion/test_writer.py",
    "anime_style_tf/data/conversion/sides.py": "tests/data/conversion/test_selection.py",
    "anime_style_tf/data/sources/pictures.py": "tests/library/test_portrait_sources.py",
    "anime_style_tf/data/conversion/earlier.py": "tests/data/conversion/test_resume.py",
    "anime_style_tf/data/faces/turning.py": "tests/data/faces/test_search.py",
    "anime_style_tf/data/shards.py": "tests/data/conversion/test_writer.py",
    "anime_style_tf/data/sources/dicebear_content.py": "tests/data/sources/test_dicebear.py",
    "anime_style_tf/data/inspection/verified_ledger.py": VERIFICATION,
    "anime_style_tf/data/inspection/verified_records.py": VERIFICATION,
    "anime_style_tf/terminal/stopping.py": "tests/test_main.py",
    **{
        f"anime_style_tf/commands/{name}.py": f"tests/{folder}/test_{name}.py"
        for folder, names in (
            ("export", ("draw", "embed", "enroll", "export_models", "query", "serve")),
            ("tfrecords", ("diff_records", "export_records", "inspect_records", "verify_records")),
        )
        for name in names
    },
    "anime_style_tf/commands/convert.py": "tests/tfrecords/test_tools.py",
    "anime_style_tf/commands/review.py": "tests/tfrecords/test_review_tool.py",
    "anime_style_tf/commands/train.py": "tests/test_main.py",
    "tfrecords/convert.py": "tests/tfrecords/test_tools.py",
    "tfrecords/inspect_records.py": "tests/tfrecords/test_tools.py",
}


def mirrored(path):
    """Where the tests of a module are: its path in the package below `tests`."""
    inside = path.relative_to("anime_style_tf") if path.parts[0] == "anime_style_tf" else path
    return ROOT / "tests" / inside.with_name(f"test_{inside.stem.strip('_')}.py")


def imports_it(test, path):
    module = ".".join(path.with_suffix("").parts)
    names = imported_modules(test.relative_to(ROOT))
    return any(name == module or name.startswith(f"{module}.") for name in names)


def is_tested(path):
    """By a file of its own there, a file there that imports it, or one that tests many alike."""
    own = mirrored(path)
    through = TESTED_THROUGH.get(str(path))
    if own.is_file() or (through and (ROOT / through).is_file()):
        return True
    folders = [own.parent, *(ROOT / "tests" / name for name in ACROSS)]
    beside = [test for folder in folders for test in folder.glob("test_*.py")]
    return any(imports_it(test, path) for test in beside)


def test_every_module_has_tests_in_the_mirrored_place():
    wanted = {
        str(path): str(mirrored(path).relative_to(ROOT))
        for path in [*MODULES, *COMMANDS]
        if not is_tested(path)
    }
    assert wanted == {}


def test_a_module_with_tests_of_its_own_is_not_excused():
    assert [
        path for path in MODULES if str(path) in TESTED_THROUGH and mirrored(path).is_file()
    ] == []


def test_the_folders_of_tests_are_those_of_what_they_test():
    mirrors = {mirrored(path).parent for path in [*package_files(), *COMMANDS]}
    strays = [
        str(path)
        for path in python_files("tests")
        if path.name.startswith("test_")
        and path.parts[1] not in APART
        and (ROOT / path).parent not in mirrors
    ]
    assert strays == []
